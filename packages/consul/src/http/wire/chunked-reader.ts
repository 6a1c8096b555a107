// A body that comes in chunks, each with its length before it. RFC 9112, section 7.1; complaints as Go's
// net/http/internal has them. What belongs to no chunk (extensions, trailers) is dropped, and bounded.

import { quote } from '@reeve/cli';

/** Takes a body as it arrives. */
export class ChunkedReader {
  #expects: 'size' | 'data' | 'end of data' | 'trailer' | 'nothing' = 'size';
  #line = '';
  #left = 0;
  /** Bytes that are no data, less what chunks of a reasonable size need. */
  #excess = 0;

  /** The body is over. */
  get isWhole(): boolean {
    return this.#expects === 'nothing';
  }

  /**
   * Takes bytes up to the end of the body, and gives those of its data to `onData`. Returns how many it took.
   * Throws an `Error` where the encoding is broken, and is then not to be used again.
   */
  push(bytes: Uint8Array, onData: (piece: Uint8Array) => void): number {
    let at = 0;
    while (at < bytes.length && this.#expects !== 'nothing') {
      if (this.#expects !== 'data') {
        at = this.#takeLine(bytes, at);
        continue;
      }
      const piece = bytes.subarray(at, at + this.#left);
      this.#left -= piece.length;
      at += piece.length;
      onData(piece);
      if (this.#left === 0) this.#expects = 'end of data';
    }
    return at;
  }

  /** Returns where the next line begins, or the end of the bytes. */
  #takeLine(bytes: Uint8Array, at: number): number {
    const feed = bytes.indexOf(lineFeed, at);
    const end = feed < 0 ? bytes.length : feed + 1;
    if (this.#line.length + end - at > lineBytesMax) throw new Error('header line too long');
    this.#line += Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1');
    if (this.#expects === 'end of data' && !'\r\n'.startsWith(this.#line)) throw malformed();
    if (feed >= 0) this.#onLine();
    return end;
  }

  #onLine(): void {
    if (!this.#line.endsWith('\r\n')) throw new Error('chunked line ends with bare LF');
    const line = this.#line.slice(0, -2);
    this.#excess += this.#line.length;
    this.#line = '';
    if (this.#expects === 'size') this.#onSize(line);
    else if (this.#expects === 'end of data') this.#expects = 'size';
    else if (line === '') this.#expects = 'nothing';
    else if (!line.includes(':')) throw new Error(`malformed MIME header: missing colon: ${quote(line)}`);
    if (this.#excess > excessBytesMax) throw new Error('chunked encoding contains too much non-data');
  }

  #onSize(line: string): void {
    const size = line.replace(/;.*$/s, '').replace(/[ \t]+$/, '');
    if (!/^[\da-f]*$/i.test(size)) throw new Error('invalid byte in chunk length');
    if (size.length > 16) throw new Error('http chunk length too large');
    if (size === '') throw malformed();
    this.#left = Number.parseInt(size, 16);
    this.#excess = Math.max(0, this.#excess - usualLineBytes - 2 * this.#left);
    this.#expects = this.#left === 0 ? 'trailer' : 'data';
  }
}

function malformed(): Error {
  return new Error('malformed chunked encoding');
}

const lineFeed = 10;
/** Upstream's (maxLineLength). */
const lineBytesMax = 4_096;
/** A size and both line ends. */
const usualLineBytes = 16;
/** As in later versions of Go. */
const excessBytesMax = 16_384;
