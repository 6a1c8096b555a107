// The records that streams, monitors and queries send after their reply, each behind a header of its own.
// Upstream: cmd/serf/command/agent/ipc.go and ipc_event_stream.go.

import {
  boolean,
  type Codec,
  encodeWith,
  field,
  nilableBytes,
  rpcDialect,
  struct,
  text,
  uint64,
} from '@reeve/bytes';
import type { SerfEvent } from '@reeve/serf/core';
import { seqCodec } from './headers.ts';
import { type RpcMember, rpcMembers, toRpcMember } from './member.ts';

/** A line of the agent's log. */
export interface LogRecord {
  readonly log: string;
}

/** What became of a query: an `ack` or a `response` from a node, and at last `done`. */
export interface QueryRecord {
  readonly type: string;
  readonly from: string;
  readonly payload: Uint8Array | null;
}

/** See {@link LogRecord}. */
export const logRecord: Codec<LogRecord> = struct<LogRecord>({ log: field('Log', text) });

/** See {@link QueryRecord}. */
export const queryRecord: Codec<QueryRecord> = struct<QueryRecord>({
  type: field('Type', text),
  from: field('From', text),
  payload: field('Payload', nilableBytes),
});

/** Encodes an event. `queryId` is the number under which the client may answer it, if it is a query. */
export function encodeEventRecord(event: SerfEvent, queryId: bigint): Uint8Array {
  switch (event.kind) {
    case 'user':
      return encodeWith(userEventRecord, rpcDialect, {
        event: event.kind,
        lTime: event.lTime,
        name: event.name,
        payload: payloadOrNil(event.payload),
        coalesce: event.coalesce,
      });
    case 'query':
      return encodeWith(queryEventRecord, rpcDialect, {
        event: event.kind,
        id: queryId,
        lTime: event.lTime,
        name: event.name,
        payload: payloadOrNil(event.payload),
      });
    default:
      return encodeWith(memberEventRecord, rpcDialect, {
        event: event.kind,
        members: event.members.map(toRpcMember),
      });
  }
}

/** No payload and an empty one are the same to go-msgpack's decoder, and so come out as nil everywhere. */
export function payloadOrNil(payload: Uint8Array): Uint8Array | null {
  return payload.length === 0 ? null : payload;
}

const userEventRecord = struct<{
  event: string;
  lTime: number;
  name: string;
  payload: Uint8Array | null;
  coalesce: boolean;
}>({
  event: field('Event', text),
  lTime: field('LTime', uint64),
  name: field('Name', text),
  payload: field('Payload', nilableBytes),
  coalesce: field('Coalesce', boolean),
});

const queryEventRecord = struct<{
  event: string;
  id: bigint;
  lTime: number;
  name: string;
  payload: Uint8Array | null;
}>({
  event: field('Event', text),
  id: field('ID', seqCodec),
  lTime: field('LTime', uint64),
  name: field('Name', text),
  payload: field('Payload', nilableBytes),
});

const memberEventRecord = struct<{ event: string; members: readonly RpcMember[] }>({
  event: field('Event', text),
  members: field('Members', rpcMembers),
});
