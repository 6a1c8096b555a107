// What operators can set: `dns_config` and its neighbours. Upstream: agent/dns.go (dnsConfig).

import type { Endpoint } from '@reeve/runtime';

/** How questions are answered. Times to live are in seconds. */
export interface DnsSettings {
  /** The zone: `consul.`; lower case, with the dot at the end. */
  readonly domain: string;
  /** Answered, too; empty: none. Targets of records keep `domain`. */
  readonly altDomain: string;
  /** This agent's. */
  readonly datacenter: string;
  /** The ACL token; empty: the anonymous one. */
  readonly token: string;
  /** Any server may answer, unless it has not heard of the leader for longer than `maxStaleMs`. */
  readonly allowStale: boolean;
  readonly maxStaleMs: number;
  readonly nodeTtl: number;
  /** By name of service, `prefix*`, or `*`. */
  readonly serviceTtls: ReadonlyMap<string, number>;
  readonly zone: ZoneSettings;
  /** Instances with a warning are left out, too. */
  readonly onlyPassing: boolean;
  /** Of answers over UDP without EDNS, at most 8 whatever it says. */
  readonly udpAnswersMax: number;
  /** Of addresses of a service; 0: no limit. */
  readonly addressesMax: number;
  /** Answers that had to be shortened say so. */
  readonly marksTruncated: boolean;
  readonly compressesNames: boolean;
  /** Metadata of nodes comes along as TXT records where nobody has asked for it. */
  readonly addsNodeMeta: boolean;
  /** Addresses of other datacenters are those of the `wan`. */
  readonly translatesAddresses: boolean;
  /** Who is asked about everything else, in this order. */
  readonly recursors: readonly Endpoint[];
  readonly recursorTimeoutMs: number;
}

/** `dns_config.soa`, in seconds. */
export interface ZoneSettings {
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minTtl: number;
}

/** What upstream has when nothing is configured. */
export const defaultDnsSettings: DnsSettings = {
  domain: 'consul.',
  altDomain: '',
  datacenter: 'dc1',
  token: '',
  allowStale: true,
  maxStaleMs: 87_600 * 3_600_000,
  nodeTtl: 0,
  serviceTtls: new Map(),
  zone: { refresh: 3_600, retry: 600, expire: 86_400, minTtl: 0 },
  onlyPassing: false,
  udpAnswersMax: 3,
  addressesMax: 0,
  marksTruncated: false,
  compressesNames: true,
  addsNodeMeta: true,
  translatesAddresses: false,
  recursors: [],
  recursorTimeoutMs: 2_000,
};

/** The time to live of answers about a service: by its name, else the longest prefix, else 0. */
export function serviceTtl({ serviceTtls }: DnsSettings, service: string): number {
  const exact = serviceTtls.get(service);
  if (exact !== undefined && !service.endsWith('*')) return exact;
  let longest = -1;
  let found = 0;
  for (const [pattern, ttl] of serviceTtls) {
    const prefixLength = pattern.length - 1;
    if (!pattern.endsWith('*') || prefixLength <= longest) continue;
    if (!service.startsWith(pattern.slice(0, -1))) continue;
    longest = prefixLength;
    found = ttl;
  }
  return found;
}
