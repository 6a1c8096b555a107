// Records about a node. Upstream: agent/dns.go (makeRecordFromNode, generateMeta, encodeKVasRFC1464).

import { encodeText } from '@reeve/bytes';
import { type Node, parseAddress } from '../../core/index.ts';
import type { DnsSettings } from '../settings.ts';
import { type DomainName, domainName } from '../wire/domain-name.ts';
import type { ResourceRecord, TextRecord } from '../wire/record.ts';
import { addressOfNode, addressRecord } from './addresses.ts';
import type { Followed } from './followed.ts';

/** A node's address: a record, or an alias with what it leads to, or nothing of the type that was asked. */
export function nodeRecords(
  node: Node,
  name: DomainName,
  type: number,
  settings: DnsSettings,
  followed: Followed,
): readonly ResourceRecord[] {
  const ttl = settings.nodeTtl;
  const address = parseAddress(addressOfNode(node, type, settings));
  if (address === undefined) {
    const target = domainName(node.address);
    return [{ kind: 'cname', name, ttl, target }, ...(followed.get(target.text) ?? [])];
  }
  const record = addressRecord(name, ttl, address, type);
  return record === undefined ? [] : [record];
}

/** The host name that a node has instead of an address; undefined if it has an address. */
export function hostNameOfNode(node: Node, type: number, settings: DnsSettings): string | undefined {
  const hasAddress = parseAddress(addressOfNode(node, type, settings)) !== undefined;
  return hasAddress ? undefined : domainName(node.address).text;
}

/** A node's metadata, one record an entry. */
export function metaRecords(node: Node, name: DomainName, ttl: number): TextRecord[] {
  return [...(node.meta ?? [])].map(([key, value]) => {
    const text = key.toLowerCase().startsWith('rfc1035-') ? value : attribute(key, value);
    return { kind: 'txt', name, ttl, text: encodeText(text) };
  });
}

/** `key=value` as RFC 1464 has it: a backquote takes what follows it out of the grammar. */
function attribute(key: string, value: string): string {
  const quoted = key
    .replaceAll(/[`=]/g, '`$&')
    .replaceAll(/^ +| +$/g, (spaces) => '` '.repeat(spaces.length));
  return `${quoted}=${value.replaceAll('`', '``')}`;
}
