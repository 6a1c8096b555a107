// Where the agent listens and what it advertises, from addresses, templates and ports.
// Upstream: agent/config/builder.go (Build, "addresses"), ipaddr/detect.go.

import { formatIp, parseIp } from '@reeve/bytes';
import { quote } from '@reeve/cli';
import type { Endpoint } from '@reeve/runtime';
import { expandTemplate } from '../address-template.ts';
import { ConfigError } from '../config-error.ts';
import type { AddressConfig, ListenAddress, PortConfig } from '../runtime-config.ts';
import type { ConfigSettings } from '../settings/settings.ts';
import type { BuildContext } from './build-context.ts';
import { detectAddress } from './detect-address.ts';

/** Builds the addresses. @throws ConfigError for what nothing else can be built on. */
export function buildAddresses(
  given: ConfigSettings,
  ports: PortConfig,
  context: BuildContext,
): AddressConfig {
  const first = (name: string, text: string | undefined) => firstIp(name, text, context);
  const bind = bindAddress(given.bindAddr, context);
  const advertised = buildAdvertised(given, bind, context);
  const { advertiseLan, advertiseWan } = advertised;
  const serfLan = first('serf_lan', given.serfLan) ?? bind;
  const serfWan = ports.serfWan < 0 ? bind : (first('serf_wan', given.serfWan) ?? bind);
  const client = clientAddresses(given.clientAddr, context);
  const listen = (name: 'dns' | 'http' | 'https' | 'grpc') =>
    listenAddresses(
      expandAddresses(`addresses.${name}`, given.addresses?.[name], context),
      client,
      ports[name],
    );
  const dns = listen('dns');
  return {
    bind,
    client,
    ...advertised,
    translateWan: given.translateWanAddrs ?? false,
    dns: [...dns, ...dns.flatMap(overUdp)],
    http: listen('http'),
    https: listen('https'),
    grpc: listen('grpc'),
    rpcBind: endpoint(bind, ports.server),
    rpcAdvertise: { host: advertiseLan, port: ports.server },
    serfLanBind: endpoint(serfLan, ports.serfLan),
    serfLanAdvertise: { host: advertiseLan, port: ports.serfLan },
    serfWanBind: endpoint(serfWan, ports.serfWan),
    serfWanAdvertise: endpoint(advertiseWan, ports.serfWan),
    unixSocket: {
      user: given.unixSockets?.user ?? '',
      group: given.unixSockets?.group ?? '',
      mode: given.unixSockets?.mode ?? '',
    },
  };
}

/** What others are told: an address for each network, and those of each family. */
function buildAdvertised(
  given: ConfigSettings,
  bind: string,
  context: BuildContext,
): Pick<AddressConfig, 'advertiseLan' | 'advertiseWan' | 'tagged'> {
  const first = (name: string, text: string | undefined) => firstIp(name, text, context);
  refuseAny('Advertise', given.advertiseAddr);
  refuseAny('Advertise WAN', given.advertiseAddrWan);
  const advertised = first('advertise_addr', given.advertiseAddr) ?? bind;
  const advertiseLan = isAny(advertised) ? detectAddress(advertised, context.host.addresses) : advertised;
  const families = (name: string, main: string, ipv4: string | undefined, ipv6: string | undefined) => ({
    ipv4: ofFamily(`${name}_ipv4`, 'ipv4', first(`${name}_ipv4`, ipv4), main),
    ipv6: ofFamily(`${name}_ipv6`, 'ipv6', first(`${name}_ipv6`, ipv6), main),
  });
  const lan = families('advertise_addr', advertiseLan, given.advertiseAddrIpv4, given.advertiseAddrIpv6);
  const advertiseWan = first('advertise_addr_wan', given.advertiseAddrWan) ?? advertiseLan;
  const wan = families(
    'advertise_addr_wan',
    advertiseWan,
    given.advertiseAddrWanIpv4,
    given.advertiseAddrWanIpv6 ?? given.advertiseAddrIpv6,
  );
  const tagged = new Map([
    ...(given.taggedAddresses ?? []),
    ...taggedAddresses('lan', advertiseLan, lan),
    ...taggedAddresses('wan', advertiseWan, wan),
  ]);
  return { advertiseLan, advertiseWan, tagged };
}

/** Whether an address stands for all of the machine's. */
export function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::' || address === '[::]';
}

/** The texts of a list of addresses, with templates expanded into as many as they find. */
export function expandNames(name: string, texts: readonly string[] | undefined, context: BuildContext) {
  return (texts ?? []).flatMap((text) => {
    const expanded = expand(name, text, context);
    if (expanded === undefined || expanded === '') return [];
    return expanded === text ? [text] : fields(expanded);
  });
}

/** The addresses of name servers, each once. */
export function expandRecursors(
  texts: readonly string[] | undefined,
  context: BuildContext,
): readonly string[] {
  const recursors = (texts ?? []).flatMap((text) => {
    try {
      return fields(expandTemplate(text, context.host.addresses));
    } catch (error) {
      throw new ConfigError(`Invalid DNS recursor template ${quote(text)}: ${(error as Error).message}`);
    }
  });
  const socket = recursors.find((recursor) => recursor.startsWith('unix://'));
  if (socket !== undefined) throw new ConfigError(`DNS Recursors cannot be unix sockets: ${socket}`);
  return [...new Set(recursors)];
}

interface Families {
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

/** The address of one family: the one given for it, or the main one if that fits. */
function ofFamily(
  name: string,
  family: 'ipv4' | 'ipv6',
  own: string | undefined,
  main: string,
): string | undefined {
  const fits = (address: string): boolean => address.includes(':') === (family === 'ipv6');
  if (own === undefined) return fits(main) ? main : undefined;
  if (fits(own)) return own;
  throw new ConfigError(`${name} must be an ${family} address`);
}

function taggedAddresses(
  network: string,
  main: string,
  { ipv4, ipv6 }: Families,
): readonly [string, string][] {
  const tags: [string, string][] = [[network, main]];
  if (ipv4 !== undefined) tags.push([`${network}_ipv4`, ipv4]);
  if (ipv6 !== undefined) tags.push([`${network}_ipv6`, ipv6]);
  return tags;
}

function bindAddress(text: string | undefined, context: BuildContext): string {
  const [bind, ...others] = expandAddresses('bind_addr', text, context);
  if (bind === undefined) {
    context.problems.settle(); // the reason why there is none, if one was given
    throw new ConfigError('bind_addr cannot be empty');
  }
  if (others.length > 0) {
    throw new ConfigError(
      "bind_addr cannot contain multiple addresses. Use 'addresses.{dns,http,https}' instead.",
    );
  }
  if (isSocket(bind)) throw new ConfigError('bind_addr cannot be a unix socket');
  return bind;
}

function refuseAny(what: string, text: string | undefined): void {
  if (isAny(text ?? '')) throw new ConfigError(`${what} address cannot be 0.0.0.0, :: or [::]`);
}

function clientAddresses(text: string | undefined, context: BuildContext): readonly string[] {
  const addresses = expandAddresses('client_addr', text, context);
  if (!addresses.some(isSocket)) return addresses;
  context.problems.add('client_addr cannot be a unix socket');
  return [];
}

function listenAddresses(
  own: readonly string[],
  client: readonly string[],
  port: number,
): readonly ListenAddress[] {
  if (port <= 0) return [];
  return (own.length === 0 ? client : own).map((address) =>
    isSocket(address)
      ? { network: 'unix', path: address.slice(socketPrefix.length) }
      : { network: 'tcp', host: address, port },
  );
}

function overUdp(address: ListenAddress): readonly ListenAddress[] {
  return address.network === 'unix' ? [] : [{ ...address, network: 'udp' }];
}

function endpoint(host: string, port: number): Endpoint | undefined {
  return port <= 0 ? undefined : { host, port };
}

/** One address, or undefined. */
function firstIp(name: string, text: string | undefined, context: BuildContext): string | undefined {
  const addresses = expandAddresses(name, text, context);
  const [first, ...others] = addresses;
  if (others.length > 0) context.problems.add(`${name}: multiple addresses found: ${addresses.join(' ')}`);
  else if (first !== undefined && isSocket(first)) context.problems.add(`${name} cannot be a unix socket`);
  else return first;
  return undefined;
}

/** Canonical addresses and `unix://` paths. */
function expandAddresses(name: string, text: string | undefined, context: BuildContext): readonly string[] {
  const found = fields(expand(name, text ?? '', context) ?? '').map((written) => {
    if (isSocket(written)) return written;
    const address = parseIp(written === '[::]' ? '::' : written);
    return (address === undefined ? undefined : formatIp(address)) ?? { written };
  });
  const wrong = found.find((address) => typeof address === 'object');
  if (wrong === undefined) return found.filter((address) => typeof address === 'string');
  context.problems.add(`${name}: invalid ip address: ${wrong.written}`);
  return [];
}

function expand(name: string, text: string, { problems, host }: BuildContext): string | undefined {
  try {
    return expandTemplate(text, host.addresses);
  } catch (error) {
    problems.add(`${name}: error parsing ${quote(text)}: ${(error as Error).message}`);
    return undefined;
  }
}

function fields(text: string): readonly string[] {
  return text.split(/\s+/).filter((field) => field !== '');
}

function isSocket(address: string): boolean {
  return address.startsWith(socketPrefix);
}

const socketPrefix = 'unix://';
