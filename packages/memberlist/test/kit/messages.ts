// Messages for tests to send, and a look into what was sent back.

import assert from 'node:assert/strict';
import { encodeText } from '@reeve/bytes';
import { removeChecksum } from '../../dist/core/wire/checksum.js';
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

/** The messages in a packet without compression and encryption: of a compound its parts. */
export function messagesIn(packet: Uint8Array): readonly Uint8Array[] {
  const payload = removeChecksum(packet);
  assert.ok(payload instanceof Uint8Array, 'the checksum holds');
  return payload[0] === messageTypes.compound ? decodeCompound(payload.subarray(1)).parts : [payload];
}

/** The bodies of all messages of one type in some packets. */
export function bodiesOf(type: keyof typeof messageTypes, packets: readonly Uint8Array[]): Uint8Array[] {
  const messages = packets.flatMap(messagesIn).filter((message) => message[0] === messageTypes[type]);
  return messages.map((message) => message.subarray(1));
}

/** All alive messages in some packets. */
export function alivesIn(packets: readonly Uint8Array[]): Alive[] {
  return bodiesOf('alive', packets).map((body) => decodeBody(aliveCodec, body));
}

/** All suspect messages in some packets. */
export function suspectsIn(packets: readonly Uint8Array[]): Suspect[] {
  return bodiesOf('suspect', packets).map((body) => decodeBody(suspectCodec, body));
}

/** All dead messages in some packets. */
export function deadsIn(packets: readonly Uint8Array[]): Dead[] {
  return bodiesOf('dead', packets).map((body) => decodeBody(suspectCodec, body));
}

/** All pings in some packets. */
export function pingsIn(packets: readonly Uint8Array[]): Ping[] {
  return bodiesOf('ping', packets).map((body) => decodeBody(pingCodec, body));
}

/** The ack that a packet is or holds; undefined if none. */
export function ackIn(packet: Uint8Array): Ack | undefined {
  const message = messagesIn(packet).find(([type]) => type === messageTypes.ack);
  return message && decodeBody(ackCodec, message.subarray(1));
}

const none = new Uint8Array(0);
