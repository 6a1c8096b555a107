// Large commands come in parts, each an entry of its own; with the last one the whole is there. What a leader
// did not finish is forgotten when the next one writes a part. Upstream: hashicorp/go-raftchunking (fsm.go),
// which after a restart forgets what a snapshot brought; we go on with it, as servers do that have not
// restarted.

import { concatBytes, DecodeError } from '@reeve/bytes';
import type { ChunkInfo, ChunkSet } from '../records/index.ts';
import { chunksMax } from '../wire/chunks.ts';
import { chunkKey } from './keys.ts';
import type { Transaction } from './transaction.ts';

/** Adds a part; the whole command if it was the last one, undefined if others are still to come. */
export function addChunk(
  transaction: Transaction,
  { operation, sequence, chunks: count }: ChunkInfo,
  term: number,
  data: Uint8Array,
): Uint8Array | undefined {
  for (const set of sets(transaction)) if (set.term !== term) forget(transaction, set);
  const known = transaction.tables.chunks.get(chunkKey(operation));
  if (known === undefined && count > chunksMax) throw new DecodeError('limit', `a command of ${count} parts`);
  const chunks = [...(known?.chunks ?? new Array<Uint8Array | null>(count).fill(null))];
  if (sequence >= chunks.length)
    throw new DecodeError('malformed', `part ${sequence} of a command of ${chunks.length}`);
  chunks[sequence] = data.length === 0 ? null : data;
  const set: ChunkSet = { operation, term, chunks };
  if (known !== undefined) forget(transaction, known);
  const parts = chunks.filter((chunk) => chunk !== null);
  if (parts.length === chunks.length) return concatBytes(parts);
  keep(transaction, set);
  return undefined;
}

/** Keeps a set. When too much waits for its end, the others are given up: who wrote them has long failed. */
function keep(transaction: Transaction, set: ChunkSet): void {
  let bytes = bytesOf(set);
  for (const other of sets(transaction)) bytes += bytesOf(other);
  if (bytes > waitingBytesMax) for (const other of sets(transaction)) forget(transaction, other);
  transaction.put('chunks', set);
}

function sets({ tables }: Transaction): ChunkSet[] {
  return [...tables.chunks.values()];
}

function forget(transaction: Transaction, { operation }: ChunkSet): void {
  transaction.remove('chunks', chunkKey(operation));
}

function bytesOf({ chunks }: ChunkSet): number {
  return chunks.reduce((bytes, chunk) => bytes + (chunk?.length ?? 0), 0);
}

/** Of what a real leader has under way at a time, this is many times as much. */
const waitingBytesMax = 256 << 20;
