// Which address and which port an answer has. Upstream: agent/translate_addr.go, agent/dns.go (makeARecord).

import type { Node, NodeService } from '../../core/index.ts';
import type { DnsSettings } from '../settings.ts';
import type { DomainName } from '../wire/domain-name.ts';
import { type AddressRecord, recordType } from '../wire/record.ts';

/** What decides whose addresses are translated. */
export type Translation = Pick<DnsSettings, 'translatesAddresses' | 'datacenter'>;

/** The address of a node: an IP address, a host name, or empty. */
export function addressOfNode(node: Node, type: number, translation: Translation): string {
  const tagged = (tag: string) => node.taggedAddresses?.get(tag);
  return chosen(node.address, tagged, type, isForeign(translation, node.datacenter));
}

/** The address of a service's own; empty: it has none. `datacenter` is where it is. */
export function addressOfService(
  service: NodeService,
  type: number,
  translation: Translation,
  datacenter: string,
): string {
  const tagged = (tag: string) => service.taggedAddresses?.get(tag)?.address;
  return chosen(service.address, tagged, type, isForeign(translation, datacenter));
}

/** The port of a service. */
export function portOfService(service: NodeService, translation: Translation, datacenter: string): number {
  const wan = service.taggedAddresses?.get('wan')?.port ?? 0;
  return isForeign(translation, datacenter) && wan !== 0 ? wan : service.port;
}

/** The record of an address, unless a question of this type is not answered with such addresses. */
export function addressRecord(
  name: DomainName,
  ttl: number,
  address: Uint8Array,
  type: number,
): AddressRecord | undefined {
  const isV4 = address.length === 4;
  if (type !== (isV4 ? recordType.a : recordType.aaaa) && !bothFamilies.has(type)) return undefined;
  return { kind: isV4 ? 'a' : 'aaaa', name, ttl, address };
}

/** Tagged addresses of the right family go first; a question about both families prefers IPv6. */
function chosen(
  address: string,
  tagged: (tag: string) => string | undefined,
  type: number,
  isForeignOne: boolean,
): string {
  const wan = (tag: string) => (isForeignOne ? tagged(tag) : undefined);
  const v6 = wan('wan_ipv6') ?? tagged('lan_ipv6') ?? '';
  const v4 = wan('wan_ipv4') ?? tagged('lan_ipv4') ?? '';
  if (type !== recordType.a && v6 !== '') return v6;
  if (type !== recordType.aaaa && v4 !== '') return v4;
  return wan('wan') ?? address;
}

function isForeign({ translatesAddresses, datacenter }: Translation, other: string): boolean {
  return translatesAddresses && datacenter !== other;
}

/** Types that addresses of both families answer. */
const bothFamilies = new Set<number>([recordType.srv, recordType.any, recordType.ns, recordType.txt]);
