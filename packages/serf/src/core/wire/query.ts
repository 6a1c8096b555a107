// Queries (type 4) and the filters inside them.

import {
  bytes,
  type Codec,
  encodeWith,
  field,
  gossipDialect,
  int64,
  list,
  MsgpackReader,
  struct,
  text,
  uint8,
  uint16,
  uint32,
} from '@reeve/bytes';
import { messageTypes, type QueryMessage } from '../messages.ts';
import { ipAddress, requireHost } from './address.ts';
import { lamportTime } from './lamport-time.ts';
import { payload } from './payload.ts';

/** The whole message, type byte included. */
export function encodeQuery({ replyTo, timeoutMs, ...query }: QueryMessage): Uint8Array {
  const wire = { ...query, host: replyTo.host, port: replyTo.port, timeoutNs: Math.round(timeoutMs * 1e6) };
  return encodeWith(wireQuery, gossipDialect, wire, messageTypes.query);
}

/** @throws DecodeError also for a query whose reply address is none: nobody could be answered. */
export function decodeQuery(message: Uint8Array): QueryMessage {
  const { host, port, timeoutNs, ...query } = wireQuery.decode(new MsgpackReader(message, 1));
  return { ...query, replyTo: { host: requireHost(host), port }, timeoutMs: timeoutNs / 1e6 };
}

/** A filter of a query: who is asked. */
export type QueryFilter =
  | { readonly kind: 'nodes'; readonly nodes: readonly string[] }
  | { readonly kind: 'tag'; readonly tag: string; readonly expression: string }
  /** One that is too new for us. */
  | { readonly kind: 'unknown'; readonly type: number };

/** Only these members. */
export function encodeNodeFilter(nodes: readonly string[]): Uint8Array {
  return encodeWith(nodeNames, gossipDialect, nodes, filterTypes.nodes);
}

/** Only members whose tag matches the expression. */
export function encodeTagFilter(tag: string, expression: string): Uint8Array {
  return encodeWith(tagFilter, gossipDialect, { tag, expression }, filterTypes.tag);
}

/** @throws DecodeError */
export function decodeFilter(filter: Uint8Array): QueryFilter {
  const reader = new MsgpackReader(filter, 1);
  const [type = -1] = filter;
  if (type === filterTypes.nodes) return { kind: 'nodes', nodes: nodeNames.decode(reader) };
  if (type === filterTypes.tag) return { kind: 'tag', ...tagFilter.decode(reader) };
  return { kind: 'unknown', type };
}

interface WireQuery extends Omit<QueryMessage, 'replyTo' | 'timeoutMs'> {
  readonly host: string;
  readonly port: number;
  readonly timeoutNs: number;
}

interface TagFilter {
  readonly tag: string;
  readonly expression: string;
}

const filterTypes = { nodes: 0, tag: 1 } as const;
/** Ours; a query of the usual 1024 bytes has room for about 100 small ones. */
const filtersMax = 128;
/** Bounded by the message; a name takes at least a byte. */
const namesMax = 65_536;

const nodeNames = list(text, namesMax);
const tagFilter = struct<TagFilter>({ tag: field('Tag', text), expression: field('Expr', text) });

const filterList = list(bytes, filtersMax);
/** No filters are nil, as in Go. */
const filters: Codec<readonly Uint8Array[]> = {
  ...filterList,
  encode: (writer, value) => (value.length === 0 ? writer.nil() : filterList.encode(writer, value)),
};

const wireQuery = struct<WireQuery>({
  lTime: field('LTime', lamportTime),
  id: field('ID', uint32),
  host: field('Addr', ipAddress),
  port: field('Port', uint16),
  sourceNode: field('SourceNode', text),
  filters: field('Filters', filters),
  flags: field('Flags', uint32),
  relayFactor: field('RelayFactor', uint8),
  timeoutNs: field('Timeout', int64),
  name: field('Name', text),
  payload: field('Payload', payload),
});
