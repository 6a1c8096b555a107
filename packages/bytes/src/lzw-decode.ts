// lzw-decode.ts – reads LZW as Go's compress/lzw: LSB first, literal width 8. See lzw-encode.ts for the codes.
// A table entry is the string decoded before plus one byte, and these lie side by side in the output. So an
// entry is a place in the output and a length; no chain is walked backwards. Few bytes can claim to be very
// many (one code is up to 3,838 bytes), so the caller sets the bound of the output.

import { DecodeError, TruncatedError } from './decode-error.ts';

/**
 * Decompresses, up to the end code; what follows it is ignored. More than `bytesMax` is a 'limit' error, raised
 * before more is allocated; a code that is not in the table is 'malformed'; a missing end code 'truncated'.
 */
export function lzwDecode(packed: Uint8Array, bytesMax: number): Uint8Array {
  const codes = new CodeReader(packed);
  const starts = new Uint32Array(CODE_MAX + 1);
  const lengths = new Uint16Array(CODE_MAX + 1);
  let out = new Uint8Array(Math.min(bytesMax, packed.length * 4));
  let at = 0;
  let last = END; // the highest code in the table
  let previous = 0; // length of the string decoded last, which ends at `at`; 0 if it makes no entry
  for (let code = codes.read(); code !== END; code = codes.read()) {
    if (code === CLEAR) {
      codes.width = WIDTH_MIN;
      last = END;
      previous = 0;
      continue;
    }
    if (previous > 0) {
      last++;
      starts[last] = at - previous;
      lengths[last] = previous + 1; // one more byte, which this code is about to write
    }
    if (code > last) throw new DecodeError('malformed', `code ${code} is not in the table`);
    const length = code < CLEAR ? 1 : (lengths[code] as number);
    if (at + length > out.length) out = grow(out, at + length, bytesMax);
    if (code < CLEAR) out[at] = code;
    else copyForward(out, starts[code] as number, at, length);
    at += length;
    previous = last === CODE_MAX ? 0 : length; // a full table stays as it is until it is cleared
    if (last + 1 === 1 << codes.width && codes.width < WIDTH_MAX) codes.width++;
  }
  return out.subarray(0, at);
}

/** Copies to higher offsets; source and target may share one byte, as they do for a code's first use. */
function copyForward(out: Uint8Array, from: number, to: number, length: number): void {
  if (length <= SHORT_BYTES_MAX) {
    for (let i = 0; i < length; i++) out[to + i] = out[from + i] as number;
  } else {
    out.copyWithin(to, from, from + length - 1);
    out[to + length - 1] = out[from + length - 1] as number;
  }
}

function grow(out: Uint8Array, bytesMin: number, bytesMax: number): Uint8Array<ArrayBuffer> {
  if (bytesMin > bytesMax) throw new DecodeError('limit', `more than ${bytesMax} bytes when decompressed`);
  const larger = new Uint8Array(Math.min(bytesMax, Math.max(bytesMin, out.length * 2)));
  larger.set(out);
  return larger;
}

/** Takes codes of growing width from bytes, lowest bits first. */
class CodeReader {
  width = WIDTH_MIN;
  readonly #bytes: Uint8Array;
  #offset = 0;
  #pending = 0; // bits read ahead, the next one lowest
  #pendingBits = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): number {
    while (this.#pendingBits < this.width) {
      if (this.#offset >= this.#bytes.length) throw new TruncatedError(this.#bytes.length + 1);
      this.#pending |= (this.#bytes[this.#offset++] as number) << this.#pendingBits;
      this.#pendingBits += 8;
    }
    const code = this.#pending & ((1 << this.width) - 1);
    this.#pending >>>= this.width;
    this.#pendingBits -= this.width;
    return code;
  }
}

const CLEAR = 256;
const END = 257;
const CODE_MAX = 4095;
const WIDTH_MIN = 9;
const WIDTH_MAX = 12;
/** Up to here a loop beats the call of `copyWithin`. */
const SHORT_BYTES_MAX = 32;
