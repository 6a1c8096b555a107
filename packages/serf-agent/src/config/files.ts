// The files and directories named on the command line, in that order. A directory stands for its own entries
// ending in `.json`, sorted by name; it is not searched any deeper.
// Upstream: cmd/serf/command/agent/config.go (ReadConfigPaths). Next: decode.ts, for one file.

import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Disk } from '@reeve/runtime';
import { errorText } from '../error-text.ts';
import { placeEntry } from '../event-handlers/handler-entry.ts';
import { decodeConfig } from './decode.ts';
import { readFile } from './read-file.ts';
import type { ConfigLayer } from './schema.ts';

/**
 * What each file says, first file first.
 * @throws Error that names the file, in the original's words.
 */
export async function readConfigPaths(paths: readonly string[], disk: Disk): Promise<ConfigLayer[]> {
  const layers: ConfigLayer[] = [];
  for (const path of paths) {
    for (const file of await configFiles(path)) layers.push(await readConfigFile(file, disk));
  }
  return layers;
}

/** The files that a path of the command line stands for. @throws Error in the original's words. */
export async function configFiles(path: string): Promise<string[]> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isDirectory()) return [path]; // if there is no such file, reading it will say so
  const entries = await readdir(path, { withFileTypes: true }).catch((cause) => {
    throw new Error(`Error reading '${path}': ${cause.message}`, { cause });
  });
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.json'))
    .map((entry) => join(path, entry.name))
    .sort();
}

async function readConfigFile(path: string, disk: Disk): Promise<ConfigLayer> {
  const bytes = await readFile(disk, path).catch((cause) => {
    throw new Error(`Error reading '${path}': ${cause.message}`, { cause });
  });
  try {
    return withPlaces(decodeConfig(bytes), dirname(resolve(path)));
  } catch (cause) {
    throw new Error(`Error decoding '${path}': ${errorText(cause)}`, { cause });
  }
}

/** Lets modules be looked for where the file lies that names them. */
export function withPlaces(layer: ConfigLayer, directory: string): ConfigLayer {
  const { eventHandlers } = layer;
  if (eventHandlers === undefined) return layer;
  return { ...layer, eventHandlers: eventHandlers.map((entry) => placeEntry(entry, directory)) };
}
