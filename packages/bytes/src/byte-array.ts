// What Uint8Array lacks: joining, copying, equality and order.

import { Buffer } from 'node:buffer';

/** Joins the parts into one array of its own. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * The bytes from `start` to `end`, both inside the source, in a plain array of their own. Not `slice`: of one
 * of Node's Buffers, and sockets give those, it is a view that keeps the whole packet and changes with it.
 */
export function copyBytes(source: Uint8Array, start = 0, end = source.length): Uint8Array {
  const copy = new Uint8Array(end - start);
  if (copy.length > shortBytesMax) copy.set(source.subarray(start, end));
  else for (let i = 0; i < copy.length; i++) copy[i] = source[start + i] as number;
  return copy;
}

/** Whether both hold the same bytes. Not constant in time: never compare secrets with it. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Orders by unsigned bytes, a prefix before what it is a prefix of, as Go compares strings: -1, 0 or 1. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

/** Up to here a loop beats the calls of `subarray` and `set`. */
const shortBytesMax = 24;
