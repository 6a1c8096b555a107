// The files and directories of -config-file and -config-dir, in their order. A directory stands for its own
// `.json` and `.hcl` files, by name; it is not searched any deeper.
// Upstream: agent/config/builder.go (sourcesFromPath). Next: decode-source.ts, for one file.

import { type Dirent, promises as fs } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '@reeve/cli';
import type { Disk } from '@reeve/runtime';
import { errorCode } from '@reeve/runtime/node';
import { ConfigError } from './config-error.ts';
import type { ConfigFormat, ConfigSource } from './decode-source.ts';

/** The sources of some paths, and which files were left out. */
export interface FoundSources {
  readonly sources: readonly ConfigSource[];
  readonly warnings: readonly string[];
}

/** Reads everything. @throws ConfigError that names the path, in the original's words. */
export async function readConfigFiles(
  paths: readonly string[],
  format: ConfigFormat | undefined,
  disk: Disk,
): Promise<FoundSources> {
  const sources: ConfigSource[] = [];
  const warnings: string[] = [];
  for (const path of paths) {
    for (const file of await filesOf(path)) {
      const written = format ?? formatOf(file);
      if (written === undefined) warnings.push(skipped(file));
      else sources.push({ name: file, format: written, bytes: await readFile(disk, path, file) });
    }
  }
  return { sources, warnings };
}

async function filesOf(path: string): Promise<readonly string[]> {
  const entries = await fs.readdir(path, { withFileTypes: true }).catch((error) => {
    const code = errorCode(error);
    if (code === 'ENOTDIR') return undefined;
    const reason = code === 'ENOENT' ? `open ${path}: no such file or directory` : (error as Error).message;
    throw new ConfigError(`config: Open failed on ${path}. ${reason}`);
  });
  if (entries === undefined) return [path];
  entries.sort((a, b) => compareText(a.name, b.name));
  const files = await Promise.all(entries.map((entry) => fileOf(path, entry)));
  return files.filter((file) => file !== undefined);
}

/** A file of a directory; of a link, what it leads to, under that name. */
async function fileOf(directory: string, entry: Dirent): Promise<string | undefined> {
  const path = join(directory, entry.name);
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? undefined : path;
  try {
    const target = await fs.realpath(path);
    return (await fs.stat(target)).isDirectory() ? undefined : target;
  } catch {
    throw new ConfigError(`lstat ${path}: the link leads nowhere; remove it, or put back what it leads to`);
  }
}

function readFile(disk: Disk, path: string, file: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    disk.read(file, fileBytesMax, (result) => {
      if (result.ok) resolve(result.value);
      else if (file === path)
        reject(new ConfigError(`config: Open failed on ${file}. ${result.error.message}`));
      else reject(new ConfigError(`config: failed to read ${file}: ${result.error.message}`));
    });
  });
}

function formatOf(path: string): ConfigFormat | undefined {
  if (path.endsWith('.json')) return 'json';
  return path.endsWith('.hcl') ? 'hcl' : undefined;
}

function skipped(path: string): string {
  return `skipping file ${path}, extension must be .hcl or .json, or config format must be set`;
}

/** Configuration is written by people; a mistyped path must not fill the memory. */
const fileBytesMax = 16 * 1024 * 1024;
