// Reads LZW as Go's compress/lzw: LSB first, literal width 8. The codes: see lzw-encode.ts.
// A table entry is the string decoded before plus one byte, and these lie side by side in the output. So an
// entry is a place in the output and a length, and no chain is walked backwards. The output starts with the
// 256 literals, which makes them entries like all others. Few bytes can claim to be very many (one code is up
// to 3,838 bytes), so the caller sets the bound of the output.

import { DecodeError, TruncatedError } from './decode-error.ts';

/**
 * Decompresses up to the end code; what follows it is ignored. More than `bytesMax` is a 'limit' error, and
 * never allocated; a code that is not in the table is 'malformed'; a missing end code is 'truncated'.
 */
export function lzwDecode(packed: Uint8Array, bytesMax: number): Uint8Array {
  const tableSize = Math.min(codeMax, endCode + packed.length) + 1; // no code takes less than a byte
  const starts = new Uint32Array(tableSize);
  const lengths = new Uint16Array(tableSize).fill(1, 0, clearCode);
  starts.set(literalStarts);
  let out = new Uint8Array(clearCode + Math.min(bytesMax, packed.length * 4) + slackBytes);
  out.set(literalStarts);
  let at = clearCode;
  let last = endCode; // the highest code in the table
  let previous = 0; // length of the string decoded last, which ends at `at`; 0 if it makes no entry
  let width = widthMin;
  let pending = 0; // bits read ahead, the next one lowest
  let pendingBits = 0;
  let offset = 0;
  for (;;) {
    while (pendingBits < width) {
      if (offset === packed.length) throw new TruncatedError(packed.length + 1);
      pending |= (packed[offset++] as number) << pendingBits;
      pendingBits += 8;
    }
    const code = pending & ((1 << width) - 1);
    pending >>= width;
    pendingBits -= width;

    if (code === endCode) return out.slice(clearCode, at);
    if (code === clearCode) {
      width = widthMin;
      last = endCode;
      previous = 0;
      continue;
    }
    if (previous > 0) {
      last++;
      starts[last] = at - previous;
      lengths[last] = previous + 1; // one more byte, which this code is about to write
    }
    if (code > last) throw new DecodeError('malformed', `code ${code} is not in the table`);
    const length = lengths[code] as number;
    if (at + length + slackBytes > out.length) out = grow(out, at + length, bytesMax);
    copyForward(out, starts[code] as number, at, length);
    at += length;
    previous = last === codeMax ? 0 : length; // a full table stays as it is until it is cleared
    if (last + 1 === 1 << width && width < widthMax) width++;
  }
}

/** Copies to a higher offset. The target may start on the source's last byte: a code used as it is made. */
function copyForward(out: Uint8Array, from: number, to: number, length: number): void {
  out[to] = out[from] as number; // Most strings are this short. What is too much, the next one overwrites.
  out[to + 1] = out[from + 1] as number;
  out[to + 2] = out[from + 2] as number;
  out[to + 3] = out[from + 3] as number;
  if (length <= slackBytes) return;
  if (length <= shortBytesMax) {
    for (let i = slackBytes; i < length; i++) out[to + i] = out[from + i] as number;
  } else {
    out.copyWithin(to, from, from + length - 1);
    out[to + length - 1] = out[from + length - 1] as number;
  }
}

/** A larger output with room up to `end`, at least twice as large unless that exceeds the bound. */
function grow(out: Uint8Array, end: number, bytesMax: number): Uint8Array<ArrayBuffer> {
  if (end > clearCode + bytesMax)
    throw new DecodeError('limit', `more than ${bytesMax} bytes when decompressed`);
  const size = Math.min(clearCode + bytesMax, Math.max(end, out.length * 2)) + slackBytes;
  const larger = new Uint8Array(size);
  larger.set(out);
  return larger;
}

const clearCode = 256;
const endCode = 257;
const codeMax = 4095;
const widthMin = 9;
const widthMax = 12;
/** Bytes that are copied at once, and so the room behind the output. */
const slackBytes = 4;
/** Up to here a loop beats the call of `copyWithin`. */
const shortBytesMax = 32;
/** The literals' places in the output, which are their values too. */
const literalStarts: readonly number[] = Array.from({ length: clearCode }, (_, literal) => literal);
