// What comes out of the tar: each file once, each within its bound, and in the end the sums.

import { createHash, type Hash } from 'node:crypto';
import { quote } from '@reeve/cli';
import { ArchiveError } from './archive-error.ts';
import { checksumFile, metadataFile, stateFile } from './archive-files.ts';
import { type ArchiveMetadata, parseMetadata } from './archive-metadata.ts';
import { verifyChecksums } from './checksums.ts';

/** Who reads an archive. */
export interface ArchiveReader {
  /**
   * The next bytes of the state, not verified yet. More come when this has resolved; if it rejects, reading
   * ends with its error.
   */
  readonly onState: (piece: Uint8Array) => void | Promise<void>;
  /** More bytes of state than these are refused. */
  readonly stateBytesMax: number;
}

/** Takes the files of an archive, piece by piece. */
export class ArchiveContent {
  readonly #reader: ArchiveReader;
  readonly #bytes = new Map<string, number>();
  /** Bounded by textBytesMax each: the small files, whole. */
  readonly #texts = new Map<string, string>();
  readonly #hashes = new Map<string, Hash>([
    [metadataFile, createHash('sha256')],
    [stateFile, createHash('sha256')],
  ]);

  constructor(reader: ArchiveReader) {
    this.#reader = reader;
  }

  /** A file begins. */
  begin(file: string): void {
    const isExpected = this.#hashes.has(file) || file === checksumFile;
    if (!isExpected || this.#bytes.has(file)) throw failed(`unexpected file ${quote(file)} in snapshot`);
    this.#bytes.set(file, 0);
  }

  /** The next bytes of a file. */
  async add(file: string, piece: Uint8Array): Promise<void> {
    const bytes = (this.#bytes.get(file) ?? 0) + piece.length;
    const bytesMax = file === stateFile ? this.#reader.stateBytesMax : textBytesMax;
    if (bytes > bytesMax) throw failed(`${file} is larger than ${bytesMax} bytes`);
    this.#bytes.set(file, bytes);
    this.#hashes.get(file)?.update(piece);
    if (file === stateFile) await this.#reader.onState(piece);
    else this.#texts.set(file, (this.#texts.get(file) ?? '') + Buffer.from(piece).toString('latin1'));
  }

  /** No file is left: what the archive says of itself, if all of it is right. */
  finish(): ArchiveMetadata {
    const sums = new Map([...this.#hashes].map(([file, hash]) => [file, hash.digest('hex')]));
    verifyChecksums(this.#text(checksumFile), sums);
    const metadata = parseMetadata(this.#text(metadataFile));
    const stateBytes = this.#bytes.get(stateFile) ?? 0;
    if (stateBytes === metadata.stateBytes) return metadata;
    throw failed(`failed to write snapshot, size didn't match (${stateBytes} != ${metadata.stateBytes})`);
  }

  #text(file: string): string {
    return Buffer.from(this.#texts.get(file) ?? '', 'latin1').toString();
  }
}

function failed(what: string): ArchiveError {
  return new ArchiveError(`failed to read snapshot file: ${what}`);
}

/** Metadata of hundreds of servers are a tenth of it. */
const textBytesMax = 1024 * 1024;
