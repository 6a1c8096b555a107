// Several messages in one packet: `count u8 | count × length u16 | bodies`. Upstream: memberlist util.go.
// Quirk: memberlist before 0.3.2 misreads more than 127 parts, so no more are ever sent in one.
// Next: compress.ts.

import { DecodeError } from '@reeve/bytes';
import { messageTypes } from './message-types.ts';

/** What one compound costs besides its parts, and what each part costs besides its bytes. */
export const compoundHeaderBytes = 2;
/** See `compoundHeaderBytes`. */
export const compoundPartBytes = 2;

/** Packs messages, each at most 65,535 bytes, into as few compounds as 127 parts apiece allow. */
export function encodeCompounds(messages: readonly Uint8Array[]): Uint8Array[] {
  const compounds: Uint8Array[] = [];
  for (let start = 0; start < messages.length; start += compoundPartsMax) {
    compounds.push(encodeCompound(messages.slice(start, start + compoundPartsMax)));
  }
  return compounds;
}

/** The parts of a compound, and how many were cut off at the end of the packet. */
export interface CompoundParts {
  readonly parts: readonly Uint8Array[];
  readonly truncated: number;
}

/**
 * Takes a compound apart; `body` is what follows the type byte. Parts are views into it.
 * @throws DecodeError when not even the lengths are there.
 */
export function decodeCompound(body: Uint8Array): CompoundParts {
  const count = body[0];
  if (count === undefined) throw new DecodeError('truncated', 'missing compound length byte');
  let start = 1 + count * compoundPartBytes;
  if (body.length < start) throw new DecodeError('truncated', 'truncated len slice');
  const lengths = new DataView(body.buffer, body.byteOffset + 1, count * compoundPartBytes);
  const parts: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const end = start + lengths.getUint16(index * compoundPartBytes);
    if (end > body.length) return { parts, truncated: count - index };
    parts.push(body.subarray(start, end));
    start = end;
  }
  return { parts, truncated: 0 };
}

function encodeCompound(messages: readonly Uint8Array[]): Uint8Array {
  const bodyBytes = messages.reduce((sum, message) => sum + compoundPartBytes + message.length, 0);
  const compound = new Uint8Array(compoundHeaderBytes + bodyBytes);
  const view = new DataView(compound.buffer);
  compound[0] = messageTypes.compound;
  compound[1] = messages.length;
  let offset = compoundHeaderBytes + messages.length * compoundPartBytes;
  for (const [index, message] of messages.entries()) {
    view.setUint16(compoundHeaderBytes + index * compoundPartBytes, message.length);
    compound.set(message, offset);
    offset += message.length;
  }
  return compound;
}

const compoundPartsMax = 127;
