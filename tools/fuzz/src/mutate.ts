// Damage that decoders of lengths and nested values are known to fall for.
//
// Mutations start from valid messages, as random bytes rarely get past the first check. Some can be listed:
// every seed whole, cut at every offset, with every bit flipped. The random ones are endless: lengths and
// counts grown, tags replaced, parts repeated a thousand times, moved, removed, taken from another seed, and
// some plain noise.
// Next: brief.ts, which takes both as they come; explore.ts, which mutates what it has found as well.

import type { SeededRandom } from './random.ts';

/** All seeds whole; then each cut at every offset and with every bit flipped. */
export function* listed(seeds: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const seed of seeds) yield Uint8Array.from(seed);
  for (const seed of seeds) {
    for (let end = 0; end < seed.length; end++) yield Uint8Array.from(seed.subarray(0, end));
    for (let bit = 0; bit < seed.length * 8; bit++) yield withFlippedBit(Uint8Array.from(seed), bit);
  }
}

/** A random mutation of one of the sources, which must not be Buffers: their slices are views. */
export function mutate(random: SeededRandom, sources: readonly Uint8Array[]): Uint8Array {
  let input: Uint8Array = random.pick(sources);
  for (let left = 1 + random.below(4); left > 0; left--) {
    input = random.pick(mutators)(input, random, sources);
  }
  return input.slice(0, inputBytesMax);
}

type Mutation = (input: Uint8Array, random: SeededRandom, sources: readonly Uint8Array[]) => Uint8Array;

const cut: Mutation = (input, random) => input.subarray(0, random.below(input.length + 1));

const flipBit: Mutation = (input, random) =>
  input.length === 0 ? input : withFlippedBit(input, random.below(input.length * 8));

/** Values at the edges of formats: msgpack's tags, zero, all ones, the edges of signed bytes. */
const setByte: Mutation = (input, random) => overwrite(input, random, [random.pick(edgeBytes)]);

/** A big-endian integer of 2 or 4 bytes somewhere: now and then it is a length. */
const setLength: Mutation = (input, random) => {
  const value = random.pick(edgeLengths) + random.below(3) - 1;
  const wide = [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
  return overwrite(input, random, random.below(2) === 0 ? wide : wide.slice(2));
};

const insertNoise: Mutation = (input, random) => insert(input, random, noise(random, 1 + random.below(16)));

/** The same few bytes again and again: nesting, huge lists, long runs. */
const insertRepeated: Mutation = (input, random) => {
  const part =
    input.length === 0 || random.below(2) === 0 ? [random.pick(edgeBytes)] : anyPart(input, random, 8);
  const times = 1 + random.below(random.pick([4, 64, 4096]));
  const repeated = new Uint8Array(part.length * times);
  for (let i = 0; i < repeated.length; i += part.length) repeated.set(part, i);
  return insert(input, random, repeated);
};

const insertOwnPart: Mutation = (input, random) =>
  insert(input, random, anyPart(input, random, input.length));

const removePart: Mutation = (input, random) => {
  const start = random.below(input.length + 1);
  const end = start + random.below(input.length - start + 1);
  return join(input.subarray(0, start), input.subarray(end));
};

const splice: Mutation = (input, random, sources) => {
  const other = random.pick(sources);
  const front = input.subarray(0, random.below(input.length + 1));
  return join(front, other.subarray(random.below(other.length + 1)));
};

const replaceByNoise: Mutation = (_, random) => noise(random, random.below(64));

function withFlippedBit(input: Uint8Array, bit: number): Uint8Array {
  const flipped = input.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

function overwrite(input: Uint8Array, random: SeededRandom, bytes: readonly number[]): Uint8Array {
  if (input.length < bytes.length) return Uint8Array.from(bytes);
  const changed = input.slice();
  changed.set(bytes, random.below(input.length - bytes.length + 1));
  return changed;
}

function insert(input: Uint8Array, random: SeededRandom, part: Uint8Array): Uint8Array {
  const at = random.below(input.length + 1);
  return join(input.subarray(0, at), part, input.subarray(at));
}

function anyPart(input: Uint8Array, random: SeededRandom, bytesMax: number): Uint8Array {
  const start = random.below(input.length);
  return input.subarray(start, start + 1 + random.below(bytesMax));
}

function noise(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(0x100));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const mutators: readonly Mutation[] = [
  cut,
  flipBit,
  setByte,
  setLength,
  insertNoise,
  insertRepeated,
  insertOwnPart,
  removePart,
  splice,
  replaceByNoise,
];

/** Inputs stay within what one datagram can carry. */
const inputBytesMax = 0x10000;

const edgeBytes: readonly number[] = [
  ...[0x00, 0x01, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x91, 0x9f, 0xa0, 0xbf, 0xe0, 0xfe, 0xff],
  ...Array.from({ length: 0x20 }, (_, i) => 0xc0 + i),
];

const edgeLengths: readonly number[] = [
  ...[0x00, 0x20, 0x80, 0x100, 0x200, 0x578, 0x8000, 0x10000],
  ...[0x100000, 0x7fffffff, 0x80000000, 0xffffffff],
];
