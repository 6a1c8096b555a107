// Parts of large commands: what an entry says of the part that it is, a message of protocol buffers in its
// extensions; and the sets of parts in a snapshot, msgpack. Upstream: hashicorp/go-raftchunking
// (types/types.proto, chunking.go).

import {
  bigUint64,
  bytes,
  type Codec,
  DecodeError,
  field,
  type MsgpackReader,
  struct,
  uint32,
  uint64,
} from '@reeve/bytes';
import type { ChunkInfo, ChunkSet } from '../records/index.ts';

/** The extensions of an entry that is a part. */
export function encodeChunkInfo({ operation, sequence, chunks }: ChunkInfo): Uint8Array {
  const bytes: number[] = [];
  for (const [number, value] of [
    [fieldNumbers.operation, operation],
    [fieldNumbers.sequence, BigInt(sequence)],
    [fieldNumbers.chunks, BigInt(chunks)],
  ] as const) {
    if (value !== 0n) bytes.push(number << 3, ...varint(value)); // zero is what is not there
  }
  return Uint8Array.from(bytes);
}

/** What the extensions of an entry say. What other layers would add is passed over. @throws DecodeError */
export function decodeChunkInfo(extensions: Uint8Array): ChunkInfo {
  const reader = new FieldReader(extensions);
  const values = new Map<number, bigint>();
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint() & 0xffff_ffffn);
    const value = reader.value(tag & 7);
    if ((tag & 7) === varintType) values.set(tag >> 3, value);
  }
  return {
    operation: values.get(fieldNumbers.operation) ?? 0n,
    sequence: Number((values.get(fieldNumbers.sequence) ?? 0n) & 0xffff_ffffn),
    chunks: Number((values.get(fieldNumbers.chunks) ?? 0n) & 0xffff_ffffn),
  };
}

/** A map from operations to their parts. */
const setsCodec: Codec<readonly ChunkSet[]> = {
  zero: () => [],
  encode: (writer, sets) => {
    writer.mapHeader(sets.length);
    for (const set of sets) {
      writer.bigUnsigned(set.operation);
      writer.arrayHeader(set.chunks.length);
      for (const [sequence, data] of set.chunks.entries()) {
        if (data === null) writer.nil();
        else partCodec.encode(writer, partOf(set, sequence, data));
      }
    }
  },
  decode: (reader) => {
    const sets: ChunkSet[] = [];
    if (reader.readNil()) return sets;
    for (let left = reader.readMapHeader(); left > 0; left--) sets.push(readSet(reader));
    return sets;
  },
};

/** All sets of a snapshot. */
export const chunksCodec: Codec<ChunksRecord> = struct<ChunksRecord>({ sets: field('ChunkMap', setsCodec) });

interface ChunksRecord {
  readonly sets: readonly ChunkSet[];
}

/** A part as snapshots have it. */
interface Part extends ChunkInfo {
  readonly term: number;
  readonly data: Uint8Array;
}

function partOf({ operation, term, chunks }: ChunkSet, sequence: number, data: Uint8Array): Part {
  return { operation, sequence, chunks: chunks.length, term, data };
}

const partCodec = struct<Part>({
  operation: field('OpNum', bigUint64),
  sequence: field('SequenceNum', uint32),
  chunks: field('NumChunks', uint32),
  term: field('Term', uint64),
  data: field('Data', bytes),
});

function readSet(reader: MsgpackReader): ChunkSet {
  const operation = reader.readBigUnsigned();
  const chunks: (Uint8Array | null)[] = [];
  let term = 0;
  for (let left = reader.readArrayHeader(chunksMax); left > 0; left--) {
    const part = reader.readNil() ? undefined : partCodec.decode(reader);
    // A part without data is one that is still to come, as upstream has it.
    const data = part === undefined || part.data.length === 0 ? null : part.data;
    if (data !== null) term = part?.term ?? 0;
    chunks.push(data);
  }
  return { operation, term, chunks };
}

/** Reads the fields of a message. */
class FieldReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The value of a field; 0 for those that are no numbers, which are passed over. */
  value(type: number): bigint {
    if (type === varintType) return this.varint();
    if (type === 2) this.#skip(Number(this.varint()));
    else if (type === 1) this.#skip(8);
    else if (type === 5) this.#skip(4);
    else throw new DecodeError('malformed', 'cannot parse invalid wire-format data');
    return 0n;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new DecodeError('truncated', 'unexpected EOF');
      this.#at++;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new DecodeError('malformed', 'variable length integer overflow');
  }

  #skip(bytes: number): void {
    if (bytes > this.#bytes.length - this.#at) throw new DecodeError('truncated', 'unexpected EOF');
    this.#at += bytes;
  }
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    if (left < 0x80n) return [...bytes, Number(left)];
    bytes.push(Number(left & 0x7fn) | 0x80);
  }
}

const fieldNumbers = { operation: 1, sequence: 2, chunks: 3 } as const;
const varintType = 0;
/** Of one command: two gigabytes, more than fit into one value of memory. */
export const chunksMax = 4_096;
