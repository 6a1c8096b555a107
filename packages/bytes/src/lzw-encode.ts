// LZW as Go's compress/lzw writes it: LSB first, literal width 8.
// Codes 0-255 are the bytes, 256 clears the table, 257 ends the stream, table codes start at 258. Output is
// equal to Go's byte for byte, table resets included. Next: lzw-decode.ts.

/** Compresses; the result may be longer than the input, and is never empty. */
export function lzwEncode(plain: Uint8Array): Uint8Array {
  const out = new CodeWriter(plain.length);
  out.write(clearCode);
  if (plain.length > 0) encodeBytes(plain, out);
  out.write(endCode);
  return out.finish();
}

/**
 * The table maps (prefix code, byte) to a code. It is a hash table with open addressing; a slot holds the
 * 20-bit key above the 12-bit code, and 0 is a free slot, as codes start at 258. Its size follows the input:
 * for a packet of 100 bytes, clearing a table for 3,838 entries would cost more than all the rest. All calls
 * share its memory: to allocate kilobytes for each packet, and to free them, costs as much again.
 */
function encodeBytes(plain: Uint8Array, out: CodeWriter): void {
  const slotBits = Math.min(slotBitsMax, 34 - Math.clz32(plain.length)); // two to four times the entries
  const shift = 32 - slotBits;
  const mask = (1 << slotBits) - 1;
  const slots = slotMemory.subarray(0, mask + 1).fill(0);
  let prefix = plain[0] as number;
  next: for (let i = 1; i < plain.length; i++) {
    const byte = plain[i] as number;
    const key = (prefix << 8) | byte;
    let slot = Math.imul(key, hashFactor) >>> shift;
    for (let entry = slots[slot] as number; entry !== 0; entry = slots[slot] as number) {
      if (entry >>> 12 === key) {
        prefix = entry & 0xfff;
        continue next;
      }
      slot = (slot + 1) & mask;
    }
    out.write(prefix);
    const code = out.nextCode();
    if (code === clearCode) slots.fill(0);
    else slots[slot] = (key << 12) | code;
    prefix = byte;
  }
  out.write(prefix);
  out.nextCode();
}

/** Packs codes of growing width and counts the table along. */
class CodeWriter {
  readonly #bytes: Uint8Array;
  #length = 0;
  #pending = 0; // bits not yet written, the next one lowest
  #pendingBits = 0;
  #width = widthMin;
  #last = endCode; // the highest code in the table

  constructor(plainBytes: number) {
    // At worst a 12-bit code a byte, a clear after each full table, and the frame around.
    const codesMax = plainBytes + Math.ceil(plainBytes / (codeMax - endCode)) + 2;
    this.#bytes = new Uint8Array(Math.ceil(codesMax * 1.5) + 1);
  }

  write(code: number): void {
    this.#pending |= code << this.#pendingBits;
    this.#pendingBits += this.#width;
    while (this.#pendingBits >= 8) {
      this.#bytes[this.#length++] = this.#pending;
      this.#pending >>>= 8;
      this.#pendingBits -= 8;
    }
  }

  /** The code of the entry that follows each written code; clear, already written, if the table is full. */
  nextCode(): number {
    this.#last++;
    if (this.#last === codeMax) {
      this.write(clearCode);
      this.#width = widthMin;
      this.#last = endCode;
      return clearCode;
    }
    if (this.#last === 1 << this.#width) this.#width++;
    return this.#last;
  }

  finish(): Uint8Array {
    if (this.#pendingBits > 0) this.#bytes[this.#length++] = this.#pending;
    return this.#bytes.slice(0, this.#length);
  }
}

const clearCode = 256;
const endCode = 257;
const codeMax = 4095;
const widthMin = 9;
const slotBitsMax = 13;
/** Cleared before each use; nobody waits while it is used. */
const slotMemory = new Uint32Array(1 << slotBitsMax);
/** 2^32 divided by the golden ratio: spreads the keys over the high bits. */
const hashFactor = 0x9e3779b1;
