// The messages of the membership protocol, as values and as bytes. Upstream: memberlist net.go.
// A struct's properties stand in the order of the original's declaration, which the array form of old senders
// follows; on the wire keys are sorted. Field names of the wire never leave this file.
// Decoders throw DecodeError and nothing else. Next: compound.ts.

import {
  boolean,
  bytes,
  type Codec,
  encodeWith,
  field,
  gossipDialect,
  MsgpackReader,
  nilableBytes,
  optionalField,
  type StructCodec,
  struct,
  text,
  uint8,
  uint16,
  uint32,
} from '@reeve/bytes';
import { messageTypes } from './message-types.ts';

/** Are you there? Answered by an ack with the same number. */
export interface Ping {
  readonly sequence: number;
  /** Whom it is meant for; the wrong node stays silent. Empty: whoever gets it. */
  readonly node: string;
  /** Where to answer; empty or port 0: to where the packet came from. */
  readonly sourceAddress: Uint8Array;
  readonly sourcePort: number;
  readonly sourceNode: string;
}

/** Please ping `target` for me. */
export interface IndirectPing {
  readonly sequence: number;
  readonly target: Uint8Array;
  readonly port: number;
  readonly node: string;
  /** Tell me, too, when no answer came. */
  readonly nack: boolean;
  readonly sourceAddress: Uint8Array;
  readonly sourcePort: number;
  readonly sourceNode: string;
}

/** I am here. */
export interface Ack {
  readonly sequence: number;
  /** From the layer above; nil on streams and on forwarded acks. */
  readonly payload: Uint8Array | null;
}

/** I asked for you; no answer yet. */
export interface Nack {
  readonly sequence: number;
}

/** `from` believes that `node` is gone, unless it knows a higher incarnation. Also the shape of Dead. */
export interface Suspect {
  readonly incarnation: number;
  readonly node: string;
  readonly from: string;
}

/** `node` is dead, or, when `from` is the node itself, has left. */
export type Dead = Suspect;

/** `node` is alive, at this address, with this meta. */
export interface Alive {
  readonly incarnation: number;
  readonly node: string;
  readonly address: Uint8Array;
  /** 0: the receiver's own bind port. */
  readonly port: number;
  readonly meta: Uint8Array;
  /** Six versions in the order of `Versions`; may be shorter or empty. */
  readonly versions: Uint8Array;
}

/** What precedes the node list of a push/pull. */
export interface PushPullHeader {
  readonly nodeCount: number;
  readonly userStateBytes: number;
  readonly join: boolean;
}

/** One node of a push/pull. */
export interface PushPullNode {
  readonly name: string;
  readonly address: Uint8Array;
  readonly port: number;
  readonly meta: Uint8Array;
  readonly incarnation: number;
  /** One of `nodeStates`; other values are ignored. */
  readonly state: number;
  readonly versions: Uint8Array;
}

/** A compressed message. */
export interface Compressed {
  /** 0 is LZW, the only one. */
  readonly algorithm: number;
  readonly buffer: Uint8Array;
}

/** What precedes a user message on a stream. */
export interface UserStreamHeader {
  readonly messageBytes: number;
}

/** Why a stream was refused. */
export interface StreamError {
  readonly error: string;
}

/** Codec of Ping. */
export const pingCodec: StructCodec<Ping> = struct<Ping>({
  sequence: field('SeqNo', uint32),
  node: field('Node', text),
  sourceAddress: optionalField('SourceAddr', bytes),
  sourcePort: optionalField('SourcePort', uint16),
  sourceNode: optionalField('SourceNode', text),
});

/** Codec of IndirectPing. */
export const indirectPingCodec: StructCodec<IndirectPing> = struct<IndirectPing>({
  sequence: field('SeqNo', uint32),
  target: field('Target', bytes),
  port: field('Port', uint16),
  node: field('Node', text),
  nack: field('Nack', boolean),
  sourceAddress: optionalField('SourceAddr', bytes),
  sourcePort: optionalField('SourcePort', uint16),
  sourceNode: optionalField('SourceNode', text),
});

/** Codec of Ack. */
export const ackCodec: StructCodec<Ack> = struct<Ack>({
  sequence: field('SeqNo', uint32),
  payload: field('Payload', nilableBytes),
});

/** Codec of Nack. */
export const nackCodec: StructCodec<Nack> = struct<Nack>({ sequence: field('SeqNo', uint32) });

/** Codec of Suspect and Dead. */
export const suspectCodec: StructCodec<Suspect> = struct<Suspect>({
  incarnation: field('Incarnation', uint32),
  node: field('Node', text),
  from: field('From', text),
});

/** Bytes that are mostly none: these are shared, as thousands of nodes may be held. */
const mostlyNone: Codec<Uint8Array> = {
  ...bytes,
  decode(reader) {
    const value = bytes.decode(reader);
    return value.length === 0 ? noBytes : value;
  },
};
const noBytes = new Uint8Array(0);

/** Codec of Alive. */
export const aliveCodec: StructCodec<Alive> = struct<Alive>({
  incarnation: field('Incarnation', uint32),
  node: field('Node', text),
  address: field('Addr', bytes),
  port: field('Port', uint16),
  meta: field('Meta', mostlyNone),
  versions: field('Vsn', bytes),
});

/** Codec of PushPullHeader. */
export const pushPullHeaderCodec: StructCodec<PushPullHeader> = struct<PushPullHeader>({
  nodeCount: field('Nodes', uint32),
  userStateBytes: field('UserStateLen', uint32),
  join: field('Join', boolean),
});

/** Codec of PushPullNode. */
export const pushPullNodeCodec: StructCodec<PushPullNode> = struct<PushPullNode>({
  name: field('Name', text),
  address: field('Addr', bytes),
  port: field('Port', uint16),
  meta: field('Meta', mostlyNone),
  incarnation: field('Incarnation', uint32),
  state: field('State', uint8),
  versions: field('Vsn', bytes),
});

/** Codec of Compressed. */
export const compressedCodec: StructCodec<Compressed> = struct<Compressed>({
  algorithm: field('Algo', uint8),
  buffer: field('Buf', bytes),
});

/** Codec of UserStreamHeader. */
export const userStreamHeaderCodec: StructCodec<UserStreamHeader> = struct<UserStreamHeader>({
  messageBytes: field('UserMsgLen', uint32),
});

/** Codec of StreamError. */
export const streamErrorCodec: StructCodec<StreamError> = struct<StreamError>({
  error: field('Error', text),
});

/** A whole message: its type byte and its body. */
export function encodeMessage<T>(
  type: keyof typeof messageTypes,
  codec: StructCodec<T>,
  value: T,
): Uint8Array {
  return encodeWith(codec, gossipDialect, value, messageTypes[type]);
}

/** The body of a message; bytes after it are ignored, as upstream. */
export function decodeBody<T>(codec: StructCodec<T>, body: Uint8Array): T {
  return codec.decode(new MsgpackReader(body));
}

/** An Ack with sequence and payload, ready to send. */
export function encodeAck(sequence: number, payload: Uint8Array | null): Uint8Array {
  return encodeMessage('ack', ackCodec, { sequence, payload });
}
