// Long lists in pieces: the same bytes, and no element before somebody wants it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Codec,
  concatBytes,
  encodeInPieces,
  encodeWith,
  field,
  gossipDialect,
  list,
  nilableList,
  type Pieces,
  struct,
  text,
  uint64,
} from '@reeve/bytes';

interface Answer {
  readonly first: readonly string[];
  readonly last: readonly string[] | null;
  readonly middle: number;
}

let encoded = 0;
const counted: Codec<string> = {
  ...text,
  encode: (writer, value) => {
    encoded++;
    text.encode(writer, value);
  },
};
const answer = struct<Answer>({
  first: field('A', list(counted, 10_000)),
  middle: field('B', uint64),
  last: field('C', nilableList(counted, 10_000)),
});

function piecesOf(pieces: Uint8Array | Pieces): Uint8Array[] {
  if (pieces instanceof Uint8Array) return [pieces];
  const all: Uint8Array[] = [];
  for (;;) {
    const { done, value } = pieces.next();
    all.push(value);
    if (done === true) return all;
  }
}

test('in pieces a value has the bytes that it has at once, whatever is long in it', () => {
  for (const [a, c] of [
    [0, 0],
    [15, 16],
    [16, 15],
    [5_000, 0],
    [0, 5_000],
    [5_000, 5_000],
  ] as const) {
    const first = Array.from({ length: a }, (_, i) => `${i}`.repeat(20));
    const last = c === 0 ? null : Array.from({ length: c }, (_, i) => 'x'.repeat(i % 300));
    const value: Answer = { first, last, middle: 300 };
    const pieces = piecesOf(encodeInPieces(answer, gossipDialect, value));
    assert.deepEqual(concatBytes(pieces), encodeWith(answer, gossipDialect, value));
    for (const { length } of pieces) assert.ok(length < 70_000, `a piece of ${length} bytes`);
    assert.ok(pieces.length > 1 || a + c < 5_000);
  }
});

test('of a long list no element is encoded before the piece that it is in', () => {
  const value: Answer = { first: Array.from({ length: 10_000 }, () => 'x'.repeat(100)), last: [], middle: 1 };
  encoded = 0;
  const pieces = encodeInPieces(answer, gossipDialect, value);
  assert.ok(!(pieces instanceof Uint8Array));
  assert.equal(encoded, 0);
  pieces.next();
  assert.ok(encoded > 600 && encoded < 700, `${encoded} of them`);
});
