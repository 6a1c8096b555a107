// Values that are too much to encode at once: their long lists are written a piece at a time, when somebody
// wants the next one. Nothing in the lists may change until then.

import type { Codec } from './msgpack-codec.ts';
import { type MsgpackDialect, MsgpackWriter } from './msgpack-writer.ts';

/** What a value is encoded in, some 64 KiB each; the last piece is returned. */
export type Pieces = Generator<Uint8Array, Uint8Array>;

/** Encodes one value: at once, or if it has lists of more than a few elements piece by piece. */
export function encodeInPieces<T>(codec: Codec<T>, dialect: MsgpackDialect, value: T): Uint8Array | Pieces {
  const writer = new PatientWriter(dialect);
  codec.encode(writer, value);
  return writer.isWhole ? writer.finish() : writer.pieces();
}

/** A writer that leaves long lists for later. */
class PatientWriter extends MsgpackWriter {
  readonly #lists: LongList[] = [];

  /** No list was left out: `finish` has everything. */
  get isWhole(): boolean {
    return this.#lists.length === 0;
  }

  override list<T>(elements: readonly T[], encode: (writer: MsgpackWriter, element: T) => void): void {
    if (elements.length < elementsMin) return super.list(elements, encode);
    this.#lists.push({ before: this.finish(), elements, encode: encode as LongList['encode'] });
  }

  *pieces(): Pieces {
    const end = this.finish();
    const writer = new MsgpackWriter(this.dialect);
    for (const { before, elements, encode } of this.#lists) {
      writer.raw(before);
      writer.arrayHeader(elements.length);
      for (const element of elements) {
        encode(writer, element);
        if (writer.length >= pieceBytes) yield writer.finish();
      }
    }
    writer.raw(end);
    return writer.finish();
  }
}

interface LongList {
  /** What has been written between the list before and this one. */
  readonly before: Uint8Array;
  readonly elements: readonly unknown[];
  readonly encode: (writer: MsgpackWriter, element: unknown) => void;
}

/** Fewer are not worth it, unless they are larger than any record. */
const elementsMin = 16;
const pieceBytes = 65_536;
