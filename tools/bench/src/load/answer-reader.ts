// Finds the end of an HTTP answer with as little work as possible, for the load must cost less than the
// server. It relies on what holds here: one request under way on a connection, and bodies of JSON or text
// that do not contain what ends a chunked body.

/** Reads the answers of one connection. */
export class AnswerReader {
  /** Of the answer that ended last. */
  status = 0;
  #head = '';
  /** Bytes of a body that has begun: how many are missing. */
  #missing: number | undefined;
  /** The end of what came of a chunked body. */
  #tail: string | undefined;

  /** Whether an answer ends with these bytes. @throws Error when more than one answer comes */
  onBytes(bytes: Buffer): boolean {
    if (this.#tail !== undefined) return this.#onChunked(bytes);
    if (this.#missing !== undefined) return this.#onBody(this.#missing, bytes.length);
    const head = this.#head + bytes.toString('latin1');
    const end = head.indexOf(headEnd);
    this.#head = end < 0 ? head : '';
    return end >= 0 && this.#onHead(head.slice(0, end), head.length - end - headEnd.length, bytes);
  }

  #onHead(head: string, bodyBytes: number, bytes: Buffer): boolean {
    this.status = Number(head.slice(statusAt, statusAt + 3));
    const declared = /\r\ncontent-length: (\d+)/i.exec(head);
    if (declared !== null) return this.#onBody(Number(declared[1]), bodyBytes);
    if (!/\r\ntransfer-encoding: chunked/i.test(head)) throw new Error(`an answer without an end: ${head}`);
    this.#tail = '';
    return this.#onChunked(bytes.subarray(bytes.length - bodyBytes));
  }

  #onBody(missing: number, came: number): boolean {
    if (came > missing) throw new Error('an answer is longer than it says');
    this.#missing = came === missing ? undefined : missing - came;
    return came === missing;
  }

  #onChunked(bytes: Buffer): boolean {
    const from = Math.max(0, bytes.length - chunkedEnd.length);
    const tail = (this.#tail + bytes.toString('latin1', from)).slice(-chunkedEnd.length);
    this.#tail = tail === chunkedEnd ? undefined : tail;
    return tail === chunkedEnd;
  }
}

const headEnd = '\r\n\r\n';
const chunkedEnd = '\r\n0\r\n\r\n';
/** Behind `HTTP/1.1 `. */
const statusAt = 9;
