// How DNS answers, as a configuration says it.

import type { Endpoint, Runtime } from '@reeve/runtime';
import type { RuntimeConfig } from '../../config/runtime-config.ts';
import { type DnsSettings, resolveRecursor } from '../../dns/index.ts';
import type { ConsulAgentOptions } from '../consul-agent-options.ts';

/** Where DNS listens, and how it answers; rejects if a recursor has no address. */
export async function dnsOptions(
  config: RuntimeConfig,
  runtime: Runtime,
): Promise<ConsulAgentOptions['dns']> {
  const { dns: listened } = config.addresses;
  return {
    at: listened.flatMap((at) => (at.network === 'udp' ? [{ host: at.host, port: at.port }] : [])),
    settings: await dnsSettings(config, runtime),
  };
}

/** How it answers. */
export async function dnsSettings(
  { dns, identity, addresses }: RuntimeConfig,
  { network }: Runtime,
): Promise<DnsSettings> {
  return {
    domain: wholeDomain(dns.domain),
    altDomain: dns.altDomain === '' ? '' : wholeDomain(dns.altDomain),
    datacenter: identity.datacenter,
    token: '',
    allowStale: dns.allowStale,
    maxStaleMs: dns.maxStaleMs,
    nodeTtl: dns.nodeTtlMs / msPerSecond,
    serviceTtls: new Map([...dns.serviceTtlMs].map(([name, ms]) => [name, ms / msPerSecond])),
    zone: dns.soa,
    onlyPassing: dns.onlyPassing,
    udpAnswersMax: dns.udpAnswerLimit,
    addressesMax: dns.aRecordLimit,
    marksTruncated: dns.enableTruncate,
    compressesNames: !dns.disableCompression,
    addsNodeMeta: dns.nodeMetaTxt,
    translatesAddresses: addresses.translateWan,
    recursors: await Promise.all(dns.recursors.map((recursor) => recursorAt(recursor, network))),
    recursorTimeoutMs: dns.recursorTimeoutMs,
  };
}

function recursorAt(recursor: string, network: Runtime['network']): Promise<Endpoint> {
  return resolveRecursor(recursor, network).catch((error: Error) => {
    throw new Error(`Invalid recursor address: ${error.message}`, { cause: error });
  });
}

/** In any case and without its last dot a domain is the same. */
function wholeDomain(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower : `${lower}.`;
}

const msPerSecond = 1_000;
