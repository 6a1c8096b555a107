// Messages of both layers and of the RPC, as far as an attacker needs them: every field can be overridden.
// Next: ../classes, which fill them with lies.

import { lzwEncode } from '@reeve/bytes';
import type { Victim } from '../hostile-class.ts';
import { type Fields, pack, type Value, withUint } from './pack.ts';

/** A type byte and fields. */
export function message(type: number, fields: Value): Buffer {
  return Buffer.concat([Buffer.of(type), pack(fields)]);
}

/** A ping of nobody in particular, which everybody answers. */
export function ping(fields: Fields = {}): Buffer {
  return message(0, { Node: '', SeqNo: 1, ...fields });
}

/** A node is alive: one that does not exist, unless told otherwise. */
export function alive(fields: Fields = {}): Buffer {
  return message(4, {
    Addr: loopback,
    Incarnation: 1,
    Meta: Buffer.of(0xff, 0x80),
    Node: 'nobody',
    Port: 9,
    Vsn: versionVector,
    ...fields,
  });
}

/** A victim is suspected. */
export function suspect(node: string, incarnation: number, from = 'nobody'): Buffer {
  return message(3, { From: from, Incarnation: incarnation, Node: node });
}

/** A victim is dead, or, in its own name, has left. */
export function dead(node: string, incarnation: number, from = 'nobody'): Buffer {
  return message(5, { From: from, Incarnation: incarnation, Node: node });
}

/** Many messages in one packet. */
export function compound(parts: readonly Uint8Array[]): Buffer {
  const lengths = parts.map(({ length }) => withUint(0, length, 2).subarray(1));
  return Buffer.concat([Buffer.of(7, parts.length), ...lengths, ...parts]);
}

/** A message compressed, and that again, this often. */
export function compressed(plain: Uint8Array, times = 1): Buffer {
  const once = message(9, { Algo: 0, Buf: lzwEncode(plain) });
  return times === 1 ? once : compressed(once, times - 1);
}

/** A message of serf in a packet. */
export function userMessage(type: number, fields: Value): Buffer {
  return Buffer.concat([Buffer.of(8, type), pack(fields)]);
}

/** A user event. */
export function userEvent(lTime: number | bigint, name: string, payload: Value = null): Buffer {
  return userMessage(3, { CC: false, LTime: lTime, Name: name, Payload: payload });
}

/** A query whose answers go to a port where nobody listens. */
export function query(lTime: number | bigint, name: string, fields: Fields = {}): Buffer {
  const asked = { Filters: null, Flags: 0, ID: 7, LTime: lTime, Name: name, Payload: null };
  return userMessage(4, { Addr: loopback, Port: 9, ...asked, RelayFactor: 0, Timeout: 1e9, ...fields });
}

/** A state exchange. */
export function pushPull(header: Fields, ...rest: Uint8Array[]): Buffer {
  return Buffer.concat([message(6, { Join: false, Nodes: 0, UserStateLen: 0, ...header }), ...rest]);
}

/** A state exchange that brings serf's part only. */
export function serfState(fields: Fields): Buffer {
  const clocks = { EventLTime: 1, LTime: 1, QueryLTime: 1 };
  const state = message(2, { ...clocks, Events: [], LeftMembers: [], StatusLTimes: {}, ...fields });
  return pushPull({ UserStateLen: state.length }, state);
}

/** A node in the list of a state exchange. */
export function nodeState({ name, address, port }: Victim, fields: Fields = {}): Buffer {
  const place = { Addr: address, Name: name, Port: port };
  return pack({ ...place, Incarnation: 1, Meta: null, State: 0, Vsn: versionVector, ...fields });
}

/** The beginning of every conversation with an agent's RPC. */
export function handshake(): Buffer {
  return request('handshake', 0, { Version: 1 });
}

/** A request of the RPC. */
export function request(command: string, seq: number | bigint, body?: Value): Buffer {
  const header = pack({ Command: command, Seq: seq });
  return body === undefined ? header : Buffer.concat([header, pack(body)]);
}

/** Every beginning of a message but the whole; the empty one too. */
export function prefixes(whole: Uint8Array): Uint8Array[] {
  return Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length));
}

/** Bytes that look random and are the same in every run. */
export function noise(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Math.imul(seed * 7919 + i, 2_654_435_761) >>> 24);
}

/** What an agent of today understands and speaks. */
const versionVector = Buffer.of(1, 5, 2, 2, 5, 5);
/** Where nobody is: the last loopback address. */
export const elsewhere = Buffer.of(127, 255, 255, 254);
/** From the lowest to the highest that fits. */
export const incarnations = [0, 1, 2, 1_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];
/** From the lowest to the highest that fits, and around the last that a double can count on from. */
export const lamportTimes = [
  ...[0, 1, 1_000, 2 ** 32, 2 ** 53 - 3, 2 ** 53 - 2, 2 ** 53 - 1],
  ...[2n ** 63n - 1n, 2n ** 64n - 2n, 2n ** 64n - 1n],
];
/** Msgpack arrays in each other, 3,000 deep. */
export const deep = Buffer.concat([Buffer.alloc(3_000, 0x91), Buffer.of(0xc0)]);

const loopback = Buffer.of(127, 0, 0, 1);
