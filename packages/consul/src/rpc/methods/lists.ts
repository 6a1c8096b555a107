// Lists in answers. A server vouches for their lengths, and the bytes that are there bound them.

import { type Codec, list, nilableList } from '@reeve/bytes';

/** More than anybody keeps: against nonsense. */
export const answerElementsMax = 16_000_000;

/** A list that Go may write as nil. */
export function answerList<T>(codec: Codec<T>): Codec<readonly T[] | null> {
  return nilableList(codec, answerElementsMax);
}

/** A list that is never nil. */
export function fullList<T>(codec: Codec<T>): Codec<readonly T[]> {
  return list(codec, answerElementsMax);
}
