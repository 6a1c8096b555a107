// Messages as somebody makes them who obeys no rules: any type byte, any fields, any values. The codecs of
// memberlist and serf would refuse to write most of it.

import { concatBytes, gossipDialect, MsgpackWriter } from '@reeve/bytes';

/** What a field of a forged message may hold. `Uint64`: eight bytes, for numbers that JavaScript has not. */
export type Forged =
  | string
  | number
  | boolean
  | Uint8Array
  | Uint64
  | readonly Forged[]
  | { readonly [field: string]: Forged };

/** The highest numbers of 64 bits. */
export interface Uint64 {
  /** How far below 2^64. */
  readonly below2To64: number;
}

/** A message of memberlist's: suspect, alive, dead. */
export function forge(type: keyof typeof gossipTypes, fields: Readonly<Record<string, Forged>>): Uint8Array {
  return encode(Uint8Array.of(gossipTypes[type]), fields);
}

/** A message of serf's, as memberlist carries it. */
export function forgeUser(
  type: keyof typeof userTypes,
  fields: Readonly<Record<string, Forged>>,
): Uint8Array {
  return encode(Uint8Array.of(userMessage, userTypes[type]), fields);
}

/** Several messages in one packet, 255 at most. */
export function bundle(messages: readonly Uint8Array[]): Uint8Array {
  const lengths = messages.flatMap(({ length }) => [length >> 8, length & 255]);
  return concatBytes([Uint8Array.of(compound, messages.length, ...lengths), ...messages]);
}

/** A push/pull of nodes, and of a serf state if there is one, as it is written to a stream. */
export function forgeState(
  nodes: readonly Readonly<Record<string, Forged>>[],
  state?: Readonly<Record<string, Forged>>,
): Uint8Array {
  const user = state ? encode(Uint8Array.of(userTypes.pushPull), state) : new Uint8Array();
  const counts = { Join: false, Nodes: nodes.length, UserStateLen: user.length };
  const listed = nodes.map((node) => encode(new Uint8Array(), node));
  return concatBytes([encode(Uint8Array.of(pushPull), counts), ...listed, user]);
}

function encode(prefix: Uint8Array, fields: Readonly<Record<string, Forged>>): Uint8Array {
  const writer = new MsgpackWriter(gossipDialect);
  writeFields(writer, fields);
  return concatBytes([prefix, writer.finish()]);
}

function writeFields(writer: MsgpackWriter, fields: Readonly<Record<string, Forged>>): void {
  const entries = Object.entries(fields);
  writer.mapHeader(entries.length);
  for (const [key, value] of entries) {
    writer.text(key);
    write(writer, value);
  }
}

function write(writer: MsgpackWriter, value: Forged): void {
  if (typeof value === 'string') return writer.text(value);
  if (typeof value === 'number') return writer.integer(value);
  if (typeof value === 'boolean') return writer.boolean(value);
  if (value instanceof Uint8Array) return writer.bytes(value);
  if (isUint64(value)) return writeUint64(writer, value);
  if (isList(value)) {
    writer.arrayHeader(value.length);
    for (const item of value) write(writer, item);
    return;
  }
  writeFields(writer, value);
}

function isUint64(value: object): value is Uint64 {
  return 'below2To64' in value;
}

function isList(value: Forged): value is readonly Forged[] {
  return Array.isArray(value);
}

function writeUint64(writer: MsgpackWriter, { below2To64 }: Uint64): void {
  writer.byte(0xcf);
  for (let byte = 7; byte >= 0; byte--)
    writer.byte(byte > 3 ? 0xff : ((2 ** 32 - below2To64) / 256 ** byte) & 0xff);
}

const gossipTypes = { suspect: 3, alive: 4, dead: 5 } as const;
const pushPull = 6;
const compound = 7;
const userMessage = 8;
const userTypes = { leave: 0, join: 1, pushPull: 2, event: 3, query: 4 } as const;
