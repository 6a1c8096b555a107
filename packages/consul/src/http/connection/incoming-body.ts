// The body of one request while it arrives. Nobody may want it, or only so much of it: what a route does not
// read is held up to a limit, then the connection waits (connection.ts).

import type { Soon } from '../../waiting/soon.ts';
import { BodyTooLarge } from '../request.ts';
import { ChunkedReader } from '../wire/chunked-reader.ts';
import type { Framing } from '../wire/header-block.ts';

/** A body, fed by its connection and read by a route. */
export class IncomingBody {
  readonly #chunks: ChunkedReader | undefined;
  /** What is still to come of a body with a length. */
  #left: number;
  // Bounded by the reader's bytesMax, before that by heldBytesMax and a chunk.
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** Of these, what was given out piece by piece. */
  #takenBytes = 0;
  #isPiecemeal = false;
  #onPiece: () => void = () => {};
  #bytesMax = Number.POSITIVE_INFINITY;
  #isDropped = false;
  #error: Error | undefined;
  #reader: { resolve(bytes: Uint8Array): void; reject(error: Error): void } | undefined;

  constructor(framing: Framing) {
    this.#chunks = framing.kind === 'chunked' ? new ChunkedReader() : undefined;
    this.#left = framing.kind === 'length' ? framing.bytes : 0;
  }

  /** All of it has come. */
  get isWhole(): boolean {
    return this.#chunks === undefined ? this.#left === 0 : this.#chunks.isWhole;
  }

  /** It is too long, broken, or was cut off: nothing behind it on its connection makes sense. */
  get isRefused(): boolean {
    return this.#error !== undefined;
  }

  /** What has come of it and was not taken. */
  get heldBytes(): number {
    return this.#pieces.length === 0 ? 0 : this.#bytes - this.#takenBytes;
  }

  /** Somebody has asked for it. */
  get isWanted(): boolean {
    return this.#bytesMax !== Number.POSITIVE_INFINITY;
  }

  /** No more is to be fed until somebody reads it or it is dropped. */
  get isFull(): boolean {
    return (!this.isWanted || this.#isPiecemeal) && !this.#isDropped && this.heldBytes >= heldBytesMax;
  }

  /** So little is still to come at most that it is worth waiting for; in chunks nobody knows. */
  get isNearlyWhole(): boolean {
    return this.#left <= skippedBytesMax;
  }

  /** Takes what belongs to this body; returns how much that was. */
  feed(bytes: Uint8Array): number {
    if (this.#error !== undefined) return bytes.length;
    let taken = bytes.length;
    try {
      if (this.#chunks !== undefined) taken = this.#chunks.push(bytes, (piece) => this.#keep(piece));
      else taken = this.#takeOfLength(bytes);
    } catch (error) {
      this.#fail(error as Error);
    }
    this.#tell();
    return taken;
  }

  /** Nothing more comes. */
  cut(): void {
    if (!this.isWhole) this.#fail(new Error('unexpected EOF'));
  }

  /** Nobody reads it: what comes of it, up to `skippedBytesMax`, is thrown away. */
  drop(): void {
    this.#isDropped = true;
    this.#pieces = [];
    this.#bytes = 0;
  }

  /** The bytes; fails with a `BodyTooLarge` as soon as there are more than `bytesMax`. Called once. */
  read(bytesMax: number): Soon<Uint8Array> {
    this.#expect(bytesMax);
    if (this.#error !== undefined) throw this.#error;
    if (this.isWhole) return this.#joined();
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  /**
   * The bytes as they come, `onTaken` after each piece; what nobody takes is held back. Throws as `read`
   * rejects. Called once, in place of it.
   */
  async *pieces(bytesMax: number, onTaken: () => void): AsyncGenerator<Uint8Array, void, undefined> {
    this.#isPiecemeal = true;
    this.#expect(bytesMax);
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#takenBytes += piece.length;
        onTaken();
        yield piece;
      } else if (this.#error !== undefined) throw this.#error;
      else if (this.isWhole) return;
      else {
        await new Promise<void>((resolve) => {
          this.#onPiece = resolve;
          onTaken();
        });
      }
    }
  }

  #expect(bytesMax: number): void {
    this.#bytesMax = bytesMax;
    const known = this.#bytes + (this.#chunks === undefined ? this.#left : 0);
    if (known > bytesMax) this.#error ??= new BodyTooLarge(known, bytesMax);
  }

  #takeOfLength(bytes: Uint8Array): number {
    const piece = bytes.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#keep(piece);
    return piece.length;
  }

  #keep(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#isDropped && this.#bytes > skippedBytesMax) throw new Error('nobody wants so much');
    if (this.#bytes > this.#bytesMax) throw new BodyTooLarge(this.#bytes, this.#bytesMax);
    if (!this.#isDropped) this.#pieces.push(piece);
  }

  #fail(error: Error): void {
    this.#error = error;
    this.#pieces = [];
    this.#tell();
  }

  #tell(): void {
    this.#onPiece();
    if (this.#reader === undefined) return;
    if (this.#error !== undefined) this.#reader.reject(this.#error);
    else if (this.isWhole) this.#reader.resolve(this.#joined());
    else return;
    this.#reader = undefined;
  }

  #joined(): Uint8Array {
    const [only = empty] = this.#pieces;
    return this.#pieces.length <= 1 ? only : Buffer.concat(this.#pieces, this.#bytes);
  }
}

/** Held of what nobody has asked for yet. */
const heldBytesMax = 65_536;
/** Read for nothing so that a connection stays; Go's maxPostHandlerReadBytes. */
const skippedBytesMax = 262_144;
const empty = new Uint8Array(0);
