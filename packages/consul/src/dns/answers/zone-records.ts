// Records about the zone itself. Upstream: agent/dns.go (soa, nameservers).

import type { InstanceHealth } from '../../core/index.ts';
import type { DnsSettings } from '../settings.ts';
import { domainName } from '../wire/domain-name.ts';
import { type NameRecord, type ResourceRecord, recordType, type ZoneRecord } from '../wire/record.ts';
import type { Followed } from './followed.ts';
import { nodeRecords } from './node-records.ts';

/** The start of authority; also says how long it holds that there is no such name. */
export function zoneRecord({ domain, zone }: DnsSettings, nowSeconds: number): ZoneRecord {
  const name = domainName(domain);
  return {
    kind: 'soa',
    name,
    ttl: zone.minTtl, // a longer one would outlive what it says
    server: domainName(`ns.${domain}`),
    mailbox: domainName(`hostmaster.${domain}`),
    serial: Math.floor(nowSeconds) >>> 0,
    ...zone,
  };
}

/** Up to three servers of the zone, with their addresses. */
export interface NameServers {
  readonly servers: readonly NameRecord[];
  readonly addresses: readonly ResourceRecord[];
}

/** Those that instances of Consul's own service are, in this order. */
export function nameServers(
  instances: readonly InstanceHealth[],
  settings: DnsSettings,
  followed: Followed,
): NameServers {
  const zone = domainName(settings.domain);
  const servers: NameRecord[] = [];
  const addresses: ResourceRecord[] = [];
  for (const { node } of instances.filter(isNameServer).slice(0, nameServersMax)) {
    const target = domainName(`${node.name}.node.${node.datacenter}.${settings.domain}`.toLowerCase());
    servers.push({ kind: 'ns', name: zone, ttl: settings.nodeTtl, target });
    addresses.push(...nodeRecords(node, target, recordType.any, settings, followed));
  }
  return { servers, addresses };
}

/** Names of servers must be host names, which those of nodes need not be. */
export function isNameServer({ node }: InstanceHealth): boolean {
  return !/[^A-Za-z0-9\\-]/.test(node.name);
}

const nameServersMax = 3;
