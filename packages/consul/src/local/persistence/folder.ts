// A folder of small files, each replaced as a whole. What is registered through HTTP survives a restart in
// three of them. Upstream: lib/file/atomic.go.

import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder; calls reject with the system's error. */
export interface Folder {
  /** Where it lies. */
  readonly path: string;
  /** The names of its files, sorted; none if there is no folder. */
  list(): Promise<readonly string[]>;
  /** Undefined if there is no such file. A file of more bytes than are sensible rejects. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Afterwards the old content or the new is there; the new survives a power cut if it `isDurable`. */
  replace(name: string, bytes: Uint8Array, isDurable: boolean): Promise<void>;
  /** Does nothing if there is no such file. */
  remove(name: string): Promise<void>;
}

/** A folder on a disk, made when it is first written to. */
export function createFolder(path: string): Folder {
  const at = (name: string) => join(path, name);
  return {
    path,
    list: async () => {
      const entries = await unlessMissing(readdir(path, { withFileTypes: true }));
      return (entries ?? []).flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
    },
    read: async (name) => {
      const found = await unlessMissing(stat(at(name)));
      if (found === undefined) return undefined;
      if (found.size > fileBytesMax) throw new Error(`read ${at(name)}: file too large`);
      return unlessMissing(readFile(at(name)));
    },
    replace: async (name, bytes, isDurable) => {
      await mkdir(path, { recursive: true, mode: 0o700 });
      const beside = `${at(name)}.tmp`;
      const file = await open(beside, 'w', 0o600);
      try {
        await file.writeFile(bytes);
        if (isDurable) await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, at(name));
    },
    remove: (name) => rm(at(name), { force: true }),
  };
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
