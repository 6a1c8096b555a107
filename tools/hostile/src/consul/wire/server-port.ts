// What is said on a server's port, as an attacker would write it: the first byte, yamux, net/rpc, raft.

import { type Fields, pack, type Value, withUint } from '../../wire/pack.ts';

/** What the first byte of a connection chooses. */
export const connectionBytes = { raft: 1, multiplexed: 4, snapshot: 5, single: 0 } as const;

/** The types of yamux frames. */
export const frameTypes = { data: 0, window: 1, ping: 2, goAway: 3 } as const;

/** A frame; its length is what it says, whatever the payload is. */
export function frame(
  type: number,
  flags: number,
  streamId: number,
  length: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(type, 1);
  header.writeUInt16BE(flags, 2);
  header.writeUInt32BE(streamId, 4);
  header.writeUInt32BE(length, 8);
  return Buffer.concat([header, payload]);
}

/** A new stream on which these bytes are said. */
export function said(streamId: number, payload: Uint8Array): Buffer {
  return frame(frameTypes.data, syn, streamId, payload.length, payload);
}

/** Many streams, one behind the other, on a multiplexed connection. */
export function multiplexed(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.of(connectionBytes.multiplexed), ...parts]);
}

/** One call. */
export function call(method: string, body: Value | Buffer, seq = 1): Buffer {
  const header = pack({ ServiceMethod: method, Seq: seq });
  return Buffer.concat([header, Buffer.isBuffer(body) ? body : pack(body)]);
}

/** One of raft's questions. */
export function raftQuestion(type: number, fields: Fields): Buffer {
  const header = { RPCHeader: { ProtocolVersion: 3 } };
  return Buffer.concat([Buffer.of(type), pack({ ...header, ...fields })]);
}

/** The types of raft's questions. */
export const raftTypes = { append: 0, vote: 1, snapshot: 2, timeoutNow: 3 } as const;

/** A leader's fields, of somebody who is none. */
export function appendFields(fields: Fields = {}): Fields {
  const leader = Buffer.from('127.255.255.254:8300');
  const place = { PrevLogEntry: 0, PrevLogTerm: 0, LeaderCommitIndex: 0 };
  return { Term: 1, Leader: leader, ...place, Entries: null, ...fields };
}

/** An entry of the log. */
export function entry(index: number, term: number, data: Uint8Array, type = 0): Fields {
  return { Index: index, Term: term, Type: type, Data: data, Extensions: null };
}

/** A leader announces a snapshot. */
export function installFields(sizeBytes: number | bigint, fields: Fields = {}): Fields {
  const leader = Buffer.from('127.255.255.254:8300');
  const place = { LastLogIndex: 1, LastLogTerm: 1, ConfigurationIndex: 1 };
  const servers = { Configuration: pack({ Servers: [] }), Peers: pack([]) };
  return { SnapshotVersion: 1, Term: 1, Leader: leader, ...place, ...servers, Size: sizeBytes, ...fields };
}

/** A byte and as large a number as goes there. */
export function promised(head: number): Buffer {
  return Buffer.concat([Buffer.of(head), Buffer.alloc(4, 0xff)]);
}

/** The heads of strings, bytes, arrays and maps whose length follows. */
export const heads = [0xd9, 0xda, 0xdb, 0xc4, 0xc5, 0xc6, 0xdc, 0xdd, 0xde, 0xdf];

/** An array of so many elements of one byte. */
export function wide(elements: number, element = 0xa0): Buffer {
  return Buffer.concat([withUint(0xdd, elements, 4), Buffer.alloc(elements, element)]);
}

/** Begins a stream. */
export const syn = 1;
