// What must be true of a whole configuration. The first thing that is wrong is the one that is told.
// Upstream: agent/config/builder.go (Validate), whose order is kept.

import { DecodeError, decodeBase64, textByteLength } from '@reeve/bytes';
import { quote } from '@reeve/cli';
import { endpointText } from '@reeve/runtime';
import { metadataProblem } from '../core/index.ts';
import { meshProblem } from '../definitions/service-mesh.ts';
import { isAny } from './build/addresses.ts';
import type { BuildContext } from './build/build-context.ts';
import { ConfigError } from './config-error.ts';
import type { DataDirectory } from './data-directory.ts';
import type { ListenAddress, RuntimeConfig } from './runtime-config.ts';

/** Checks a configuration, and notes what is doubtful. @throws ConfigError */
export function validateConfig(config: RuntimeConfig, data: DataDirectory, context: BuildContext): void {
  const problem =
    identityProblem(config) ??
    dataProblem(config, data) ??
    nodeProblem(config, context) ??
    valueProblem(config);
  if (problem !== undefined) throw new ConfigError(problem);
  const store = oldStoreProblem(config, data) ?? sharedAddressProblem(config);
  if (store !== undefined) throw new ConfigError(store);
  context.problems.settle();
  for (const { name, ...service } of config.definitions.services) {
    const unfit = meshProblem(service);
    if (unfit !== undefined) throw new ConfigError(`service ${quote(name)}: ${unfit}`);
  }
  warnOfBootstrap(config, context.warnings);
  const files = openFilesProblem(config, context);
  if (files !== undefined) throw new ConfigError(files);
  if (isOpenToScripts(config)) context.warnings.push(scriptsWarning);
}

function identityProblem({
  identity: { datacenter, dataDir },
  devMode,
  http,
}: RuntimeConfig): string | undefined {
  if (datacenter === '') return 'datacenter cannot be empty';
  if (!/^[a-z0-9_-]+$/.test(datacenter)) {
    return `datacenter cannot be ${quote(datacenter)}. Please use only [a-z0-9-_]`;
  }
  if (dataDir === '' && !devMode) return 'data_dir cannot be empty';
  const path = http.uiContentPath;
  if (!/^[A-Za-z0-9/_-]+$/.test(path)) {
    return `ui-content-path can only contain alphanumeric, -, _, or /. received: ${path}`;
  }
  return /^\/v\d+\/$/.test(path) ? `ui-content-path cannot have 'v[0-9]'. received: ${path}` : undefined;
}

function dataProblem(
  { devMode, identity: { dataDir } }: RuntimeConfig,
  data: DataDirectory,
): string | undefined {
  if (devMode) return undefined;
  if (data.kind === 'unknown') return `Error getting info on data_dir: ${data.reason}`;
  return data.kind === 'other' ? `data_dir ${quote(dataDir)} is not a directory` : undefined;
}

function nodeProblem(
  { identity: { nodeName } }: RuntimeConfig,
  { warnings }: BuildContext,
): string | undefined {
  if (nodeName === '') return 'node_name cannot be empty';
  const hidden = `Node name ${quote(nodeName)} will not be discoverable via DNS due to`;
  if (/[^A-Za-z0-9\\-]/.test(nodeName)) {
    const valid = 'Valid characters include all alpha-numerics and dashes.';
    warnings.push(`${hidden} invalid characters. ${valid}`);
  } else if (textByteLength(nodeName) > labelBytesMax) {
    warnings.push(`${hidden} it being too long. Valid lengths are between 1 and 63 bytes.`);
  }
  return undefined;
}

function valueProblem(config: RuntimeConfig): string | undefined {
  const { addresses, dns, unused } = config;
  if (isAny(addresses.advertiseLan)) return 'Advertise address cannot be 0.0.0.0, :: or [::]';
  if (isAny(addresses.advertiseWan)) return 'Advertise WAN address cannot be 0.0.0.0, :: or [::]';
  const hasSegments = unused.get('SegmentName') !== '' || JSON.stringify(unused.get('Segments')) !== '[]';
  if (hasSegments) return 'Network segments are not supported in this version of Consul';
  if (addresses.dns.some(({ network }) => network === 'unix')) return 'DNS address cannot be a unix socket';
  if (dns.recursors.some(isAny)) return 'DNS recursor address cannot be 0.0.0.0, :: or [::]';
  return (
    domainProblem(config) ?? bootstrapProblem(config) ?? limitProblem(config) ?? describedProblem(config)
  );
}

/** No question may begin like a name of the other domain. */
function domainProblem({ dns: { altDomain }, identity: { datacenter } }: RuntimeConfig): string | undefined {
  const [first = '', ...rest] = altDomain.split('.');
  const isTaken = rest.length > 0 && [...dnsWords, datacenter].includes(first);
  return isTaken ? `alt_domain cannot start with {${dnsWords.join(',')},${datacenter}}` : undefined;
}

function bootstrapProblem(config: RuntimeConfig): string | undefined {
  const { bootstrap, bootstrapExpect, serverMode, devMode } = config;
  if (bootstrap && !serverMode) return "'bootstrap = true' requires 'server = true'";
  if (bootstrapExpect < 0) {
    return `bootstrap_expect cannot be ${bootstrapExpect}. Must be greater than or equal to zero`;
  }
  if (bootstrapExpect === 0) return undefined;
  if (!serverMode) return "'bootstrap_expect > 0' requires 'server = true'";
  if (devMode) return "'bootstrap_expect > 0' not allowed in dev mode";
  return bootstrap ? "'bootstrap_expect > 0' and 'bootstrap = true' are mutually exclusive" : undefined;
}

function limitProblem({
  definitions,
  autopilot,
  identity,
  devMode,
  http,
  dns,
}: RuntimeConfig): string | undefined {
  if (definitions.checkOutputBytesMax < 1) {
    const remedy = 'to discard check output use the discard_check_output flag';
    return `check_output_max_size must be positive, ${remedy}`;
  }
  const negative = (name: string, value: number): string | undefined =>
    value < 0 ? `${name} cannot be ${value}. Must be greater than or equal to zero` : undefined;
  const autopilotProblem = negative('autopilot.max_trailing_logs', autopilot.maxTrailingLogs);
  if (autopilotProblem !== undefined) return autopilotProblem;
  if (!/^[a-z0-9_-]*$/.test(identity.primaryDatacenter)) {
    return `acl_datacenter cannot be ${quote(identity.primaryDatacenter)}. Please use only [a-z0-9-_]`;
  }
  if (!devMode && http.ui && http.uiDir !== '') return bothPagesProblem;
  return (
    negative('dns_config.udp_answer_limit', dns.udpAnswerLimit) ??
    negative('dns_config.a_record_limit', dns.aRecordLimit)
  );
}

function describedProblem({ identity, gossip }: RuntimeConfig): string | undefined {
  const meta = metadataProblem(identity.nodeMeta);
  if (meta !== undefined) return `node_meta invalid: ${meta}`;
  try {
    decodeBase64(gossip.encryptKey);
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return `encrypt has invalid key: ${error.message}`;
    throw error;
  }
}

function oldStoreProblem(
  { serverMode, identity }: RuntimeConfig,
  { oldStore }: DataDirectory,
): string | undefined {
  if (!serverMode || oldStore === 'missing') return undefined;
  const path = quote(identity.dataDir === '' ? 'mdb' : `${identity.dataDir.replace(/\/+$/, '')}/mdb`);
  if (oldStore === 'unreadable') {
    return `CRITICAL: Permission denied for data folder at ${path}!
Consul will refuse to boot without access to this directory.
Please correct permissions and try starting again.`;
  }
  return `CRITICAL: Deprecated data folder found at ${path}!
Consul will refuse to boot with this directory present.
See https://www.consul.io/docs/upgrade-specific.html for more information.`;
}

/** Every listener has its own place. */
function sharedAddressProblem({ addresses }: RuntimeConfig): string | undefined {
  const users = new Map<string, string>();
  const tcp = (at: { readonly host: string; readonly port: number } | undefined): readonly ListenAddress[] =>
    at === undefined ? [] : [{ network: 'tcp', ...at }];
  for (const [user, places] of [
    ['DNS', addresses.dns],
    ['HTTP', addresses.http],
    ['HTTPS', addresses.https],
    ['RPC Advertise', tcp(addresses.rpcAdvertise)],
    ['Serf Advertise LAN', tcp(addresses.serfLanAdvertise)],
    ['Serf Advertise WAN', tcp(addresses.serfWanAdvertise)],
  ] as const) {
    for (const place of places) {
      const text = placeText(place);
      const other = users.get(`${place.network}:${text}`);
      if (other !== undefined) return `${user} address ${text} already configured for ${other}`;
      users.set(`${place.network}:${text}`, user);
    }
  }
  return undefined;
}

/** `127.0.0.1:8500`, `[::1]:8500`, or a path. */
export function placeText(place: ListenAddress): string {
  return place.network === 'unix' ? place.path : endpointText(place);
}

function warnOfBootstrap(config: RuntimeConfig, warnings: string[]): void {
  const { bootstrap, bootstrapExpect, serverMode, devMode } = config;
  if (!serverMode) return;
  const table = 'See https://www.consul.io/docs/internals/consensus.html#deployment-table';
  if (bootstrap) {
    warnings.push('bootstrap = true: do not enable unless necessary');
    return;
  }
  if (bootstrapExpect === 2 && !devMode) {
    const loss = 'A cluster with 2 servers will provide no failure tolerance.';
    warnings.push(`bootstrap_expect = 2: ${loss} ${table}`);
  }
  if (bootstrapExpect > 2 && bootstrapExpect % 2 === 0) {
    const loss = 'A cluster with an even number of servers does not achieve optimum fault tolerance.';
    warnings.push(`bootstrap_expect is even number: ${loss} ${table}`);
  }
  if (bootstrapExpect > 1 && !devMode) {
    warnings.push(`bootstrap_expect > 0: expecting ${bootstrapExpect} servers`);
  }
}

function openFilesProblem({ http }: RuntimeConfig, { host }: BuildContext): string | undefined {
  const [max, needed] = [host.openFilesMax, http.connsPerClientMax + otherFiles];
  if (max === undefined || http.connsPerClientMax <= 0 || max >= needed) return undefined;
  return (
    `system allows a max of ${max} file descriptors, ` +
    `but limits.http_max_conns_per_client: ${http.connsPerClientMax} needs at least ${needed}`
  );
}

function isOpenToScripts({ definitions, http, unused }: RuntimeConfig): boolean {
  const isClosed = unused.get('ACLsEnabled') === true || http.allowWriteFrom.length > 0;
  return definitions.enableRemoteScriptChecks && !isClosed;
}

const labelBytesMax = 63;
/** Ports and files that an agent has open without any client. */
const otherFiles = 20;
const dnsWords = ['service', 'connect', 'node', 'query', 'addr'];
const bothPagesProblem = `Both the ui and ui-dir flags were specified, please provide only one.
If trying to use your own web UI resources, use the ui-dir flag.
The web UI is included in the binary so use ui to enable it`;
const scriptsWarning = [
  'using enable-script-checks without ACLs and without allow_write_http_from is DANGEROUS,',
  'use enable-local-script-checks instead, see',
  'https://www.hashicorp.com/blog/protecting-consul-from-rce-risk-in-specific-configurations/',
].join(' ');
