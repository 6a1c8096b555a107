// Whether LMDB may be let at a file. It maps what it opens into memory and trusts it: a file that is cut off,
// or is something else, would end the process instead of being refused.
//
// Only the two pages at the beginning, which say how long the file must be, are looked at; LMDB's lmdb.h
// calls them meta pages and writes them in turn.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What is wrong with a file; undefined when it can be opened, or is not there yet. */
export function lmdbFlaw(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    return size === 0 ? undefined : flawOf(file, size);
  } finally {
    closeSync(file);
  }
}

function flawOf(file: number, size: number): string | undefined {
  const first = readMeta(file, 0);
  const second = first && readMeta(file, first.pageBytes);
  if (first === undefined || second === undefined) return 'it is no LMDB file';
  const newest = second.transaction > first.transaction ? second : first;
  const bytes = (newest.lastPage + 1) * newest.pageBytes;
  return size < bytes ? `it is cut off: ${size} bytes, there were ${bytes}` : undefined;
}

function readMeta(file: number, at: number) {
  const page = new DataView(new ArrayBuffer(metaBytes));
  if (readSync(file, page, 0, metaBytes, at) < metaBytes) return undefined;
  if (page.getUint32(24, true) !== 0xbeefc0de) return undefined;
  return {
    pageBytes: page.getUint32(48, true),
    lastPage: Number(page.getBigUint64(144, true)),
    transaction: page.getBigUint64(152, true),
  };
}

const metaBytes = 160;
