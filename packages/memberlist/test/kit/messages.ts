// Messages for tests to send, and a look into what was sent back.

import { encodeText } from '@reeve/bytes';
import { decodeCompound } from '../../dist/core/wire/compound.js';
import { messageTypes } from '../../dist/core/wire/message-types.js';
import {
  type Ack,
  type Alive,
  ackCodec,
  aliveCodec,
  type Dead,
  decodeBody,
  encodeMessage,
  type Ping,
  type PushPullNode,
  pingCodec,
  type Suspect,
  suspectCodec,
} from '../../dist/core/wire/messages.js';

/** The version vector of a current serf agent. */
export const versions = Uint8Array.of(1, 5, 2, 0, 0, 0);

/** A ping for `node`, to be answered to where it comes from. */
export function ping(node: string, more: Partial<Ping> = {}): Uint8Array {
  const value = { sequence: 1, node, sourceAddress: none, sourcePort: 0, sourceNode: '', ...more };
  return encodeMessage('ping', pingCodec, value);
}

/** An alive message; the address is 10.9.9.9:7946 unless given. */
export function alive(node: string, incarnation: number, more: Partial<Alive> = {}): Uint8Array {
  return encodeMessage('alive', aliveCodec, { ...aliveValue(node, incarnation), ...more });
}

/** The same, not encoded. */
export function aliveValue(node: string, incarnation: number): Alive {
  const address = Uint8Array.of(10, 9, 9, 9);
  return { node, incarnation, address, port: 7946, meta: none, versions };
}

/** A suspect message. */
export function suspect(node: string, incarnation: number, from: string): Uint8Array {
  return encodeMessage('suspect', suspectCodec, { node, incarnation, from } satisfies Suspect);
}

/** A dead message; from the node itself it is a goodbye. */
export function dead(node: string, incarnation: number, from: string): Uint8Array {
  return encodeMessage('dead', suspectCodec, { node, incarnation, from } satisfies Dead);
}

/** An entry of a push/pull; alive at 10.9.9.9:7946 unless told otherwise. */
export function pushPullNode(name: string, more: Partial<PushPullNode> = {}): PushPullNode {
  const address = Uint8Array.of(10, 9, 9, 9);
  return { name, address, port: 7946, meta: none, incarnation: 1, state: 0, versions, ...more };
}

/** A compound of any parts, as many as 255. */
export function compound(parts: readonly Uint8Array[]): Uint8Array {
  const lengths = parts.flatMap(({ length }) => [length >> 8, length & 255]);
  return Uint8Array.from([
    messageTypes.compound,
    parts.length,
    ...lengths,
    ...parts.flatMap((part) => [...part]),
  ]);
}

/** A message of the layer above. */
export function user(text: string): Uint8Array {
  return Uint8Array.of(messageTypes.user, ...encodeText(text));
}

/** The messages in a packet without compression, checksum or encryption: of a compound its parts. */
export function messagesIn(packet: Uint8Array): readonly Uint8Array[] {
  return packet[0] === messageTypes.compound ? decodeCompound(packet.subarray(1)).parts : [packet];
}

/** The ack that a packet is or holds; undefined if none. */
export function ackIn(packet: Uint8Array): Ack | undefined {
  const message = messagesIn(packet).find(([type]) => type === messageTypes.ack);
  return message && decodeBody(ackCodec, message.subarray(1));
}

const none = new Uint8Array(0);
