// Lists in answers. A server vouches for their lengths, and the bytes that are there bound them.

import { type Codec, list, nilableList } from '@reeve/bytes';

/** More than anybody keeps: against nonsense. */
export const answerElementsMax = 16_000_000;

/** A list that Go may write as nil. */
export function answerList<T>(codec: Codec<T>): Codec<readonly T[] | null> {
  const { zero, encode, decode } = nilableList(codec, answerElementsMax);
  return {
    zero,
    encode,
    decode: (reader) => {
      const from = reader.offset;
      const found = decode(reader);
      if (found !== null && reader.offset - from >= notedBytesMin) received.set(found, reader.offset - from);
      return found;
    },
  };
}

/**
 * The bytes in which a long list has come from another server. Undefined: its records are those of our own
 * state, and there whether somebody has the list or not.
 */
export function receivedBytes(list: object): number | undefined {
  return received.get(list);
}

/** The same of records picked from a list. */
export function pickedFrom<T>(list: readonly T[], picked: readonly T[]): readonly T[] {
  const bytes = received.get(list);
  if (bytes !== undefined) received.set(picked, bytes);
  return picked;
}

/** A list that is never nil. */
export function fullList<T>(codec: Codec<T>): Codec<readonly T[]> {
  return list(codec, answerElementsMax);
}

const received = new WeakMap<object, number>();
/** Shorter ones do not matter. */
const notedBytesMin = 65_536;
