// A folder of small files, each replaced as a whole. What is registered through HTTP survives a restart in
// three of them. Upstream: lib/file/atomic.go.

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskErrorAt, fileFailure } from '@reeve/runtime/node';

/** A folder; calls reject with what names the file. */
export interface Folder {
  /** Where it lies. */
  readonly path: string;
  /** The names of its files, sorted; none if there is no folder. */
  list(): Promise<readonly string[]>;
  /** Undefined if there is no such file. A file of more bytes than are sensible rejects. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Afterwards the old content or the new is there; if it `isDurable`, even after a power cut. */
  replace(name: string, bytes: Uint8Array, isDurable: boolean): Promise<void>;
  /** Does nothing if there is no such file. */
  remove(name: string): Promise<void>;
}

/** A folder on a disk, made when it is first written to. */
export function createFolder(path: string): Folder {
  const at = (name: string) => join(path, name);
  return {
    path,
    list: () => named(path, listFiles(path)),
    read: (name) => named(at(name), readWhole(at(name))),
    replace: (name, bytes, isDurable) => named(at(name), replaceFile(path, at(name), bytes, isDurable)),
    remove: (name) => named(at(name), rm(at(name), { force: true })),
  };
}

/** Node says of some calls only that they have failed. */
async function named<T>(path: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw diskErrorAt(error, path);
  }
}

async function listFiles(path: string): Promise<readonly string[]> {
  const entries = await unlessMissing(readdir(path, { withFileTypes: true }));
  return (entries ?? []).flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
}

async function readWhole(path: string): Promise<Uint8Array | undefined> {
  const found = await unlessMissing(stat(path));
  if (found === undefined) return undefined;
  if (found.size > fileBytesMax) throw fileFailure('read', path, 'EFBIG');
  return unlessMissing(readFile(path));
}

/** What cannot be written takes no place of a disk that may be full. */
async function replaceFile(folder: string, path: string, bytes: Uint8Array, isDurable: boolean) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beside = `${path}.tmp`;
  try {
    await writeFile(beside, bytes, { mode: 0o600, flush: isDurable });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A service has a megabyte of definition at most. */
const fileBytesMax = 4 * 1024 * 1024;
