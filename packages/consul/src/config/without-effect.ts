// Every key whose area we do not have, and what becomes of it. What would only be missed is ignored, with a
// line for the operator. What somebody relies on for safety (access control, TLS) is refused: an agent that
// is open although its file says otherwise must not start.

import { ConfigError } from './config-error.ts';
import type { ConfigSettings } from './settings/settings.ts';

/** A line for each key that is ignored. @throws ConfigError for the first one that is refused */
export function withoutEffect(given: ConfigSettings): readonly string[] {
  for (const { key, isSet, reason } of refused) {
    if (isSet(given)) throw new ConfigError(`${key} cannot be used: ${reason}`);
  }
  return ignored
    .filter(({ isSet }) => isSet(given))
    .map(({ key, reason }) => `config key "${key}" has no effect: ${reason}`);
}

interface Area {
  readonly key: string;
  readonly isSet: (given: ConfigSettings) => boolean;
  readonly reason: string;
}

const noAccessControl = 'this agent has no access control. Remove it, and protect the ports by other means.';
const noTls = 'this agent has no TLS. Remove it, and protect the network by other means.';
const anyNetwork = 'gossip takes members from any network. Remove it, and protect the port by other means.';
const noMesh = 'there is no service mesh.';
const noSink = 'metrics are sent nowhere, and shown at /v1/agent/metrics.';

const refused: readonly Area[] = [
  { key: 'acl.enabled', isSet: ({ acl }) => acl?.enabled === true, reason: noAccessControl },
  {
    key: 'acl_datacenter',
    isSet: ({ aclDatacenter, acl }) => aclDatacenter !== undefined && acl?.enabled !== false,
    reason: noAccessControl,
  },
  { key: 'verify_incoming', isSet: ({ verifyIncoming }) => verifyIncoming === true, reason: noTls },
  { key: 'verify_incoming_rpc', isSet: ({ verifyIncomingRpc }) => verifyIncomingRpc === true, reason: noTls },
  {
    key: 'verify_incoming_https',
    isSet: ({ verifyIncomingHttps }) => verifyIncomingHttps === true,
    reason: noTls,
  },
  { key: 'verify_outgoing', isSet: ({ verifyOutgoing }) => verifyOutgoing === true, reason: noTls },
  {
    key: 'verify_server_hostname',
    isSet: ({ verifyServerHostname }) => verifyServerHostname === true,
    reason: noTls,
  },
  { key: 'ports.https', isSet: ({ ports }) => (ports?.https ?? 0) > 0, reason: noTls },
  { key: 'auto_encrypt.tls', isSet: ({ autoEncrypt }) => autoEncrypt?.tls === true, reason: noTls },
  {
    key: 'auto_encrypt.allow_tls',
    isSet: ({ autoEncrypt }) => autoEncrypt?.allowTls === true,
    reason: noTls,
  },
  {
    key: 'serf_lan_allowed_cidrs',
    isSet: ({ serfLanAllowedCidrs = [] }) => serfLanAllowedCidrs.length > 0,
    reason: anyNetwork,
  },
  { key: 'auto_config.enabled', isSet: ({ autoConfig }) => autoConfig?.enabled === true, reason: noTls },
];

const ignored: readonly Area[] = [
  { key: 'acl.tokens', isSet: ({ acl }) => acl?.tokens !== undefined, reason: noAccessControl },
  ...(['ca_file', 'ca_path', 'cert_file', 'key_file'] as const).map((key) => ({
    key,
    isSet: (given: ConfigSettings) => given[tlsFiles[key]] !== undefined,
    reason: noTls,
  })),
  ...(['acl_agent_master_token', 'acl_agent_token', 'acl_master_token', 'acl_token'] as const).map((key) => ({
    key,
    isSet: (given: ConfigSettings) => given[oldTokens[key]] !== undefined,
    reason: noAccessControl,
  })),
  {
    key: 'retry_join',
    isSet: ({ retryJoin = [], retryJoinWan = [] }) =>
      [...retryJoin, ...retryJoinWan].some((address) => address.includes('provider=')),
    reason: 'no cloud is asked for addresses. Write them down, or a name that DNS knows them by.',
  },
  { key: 'connect', isSet: ({ connect }) => connect !== undefined, reason: noMesh },
  { key: 'config_entries', isSet: ({ configEntries }) => configEntries !== undefined, reason: noMesh },
  {
    key: 'services.connect',
    isSet: ({ services }) =>
      services?.some(({ connect, proxy }) => (connect ?? proxy) !== undefined) === true,
    reason: noMesh,
  },
  { key: 'primary_gateways', isSet: ({ primaryGateways }) => primaryGateways !== undefined, reason: noMesh },
  { key: 'ports.grpc', isSet: ({ ports }) => (ports?.grpc ?? 0) > 0, reason: noMesh },
  {
    key: 'telemetry.statsd_address',
    isSet: ({ telemetry }) => telemetry?.statsdAddress !== undefined,
    reason: noSink,
  },
  {
    key: 'telemetry.statsite_address',
    isSet: ({ telemetry }) => telemetry?.statsiteAddress !== undefined,
    reason: noSink,
  },
  {
    key: 'telemetry.dogstatsd_addr',
    isSet: ({ telemetry }) => telemetry?.dogstatsdAddr !== undefined,
    reason: noSink,
  },
  {
    key: 'telemetry.circonus_api_token',
    isSet: ({ telemetry }) => telemetry?.circonusApiToken !== undefined,
    reason: noSink,
  },
  {
    key: 'telemetry.prometheus_retention_time',
    isSet: ({ telemetry }) => telemetry?.prometheusRetentionTime !== undefined,
    reason: 'metrics are shown as JSON alone.',
  },
  {
    key: 'telemetry.prefix_filter',
    isSet: ({ telemetry }) => telemetry?.prefixFilter !== undefined,
    reason: 'all metrics are shown.',
  },
  { key: 'cache', isSet: ({ cache }) => cache !== undefined, reason: 'there is no cache to limit.' },
];
const tlsFiles = {
  ca_file: 'caFile',
  ca_path: 'caPath',
  cert_file: 'certFile',
  key_file: 'keyFile',
} as const;
const oldTokens = {
  acl_agent_master_token: 'aclAgentMasterToken',
  acl_agent_token: 'aclAgentToken',
  acl_master_token: 'aclMasterToken',
  acl_token: 'aclToken',
} as const;
