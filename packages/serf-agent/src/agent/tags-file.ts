// The file that keeps an agent's tags over a restart: one JSON object of texts, readable by its owner only.
// Upstream: cmd/serf/command/agent/agent.go (loadTagsFile, writeTagsFile). Next: agent.ts.

import { formatJson, goWord, isObject, parseWholeJson } from '@reeve/cli';
import type { Disk, DiskError } from '@reeve/runtime';
import type { Tags } from '@reeve/serf/core';
import { readFile, replaceFile } from '../config/read-file.ts';
import { errorText } from '../error-text.ts';

/** The tags in a file; undefined if there is no such file yet. @throws Error with the original's text. */
export async function readTagsFile(disk: Disk, path: string): Promise<Tags | undefined> {
  const bytes = await readFile(disk, path).catch((cause: DiskError) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new Error(`Failed to read tags file: ${cause.message}`, { cause });
  });
  if (bytes === undefined) return undefined;
  try {
    return decodeTags(bytes);
  } catch (cause) {
    throw new Error(`Failed to decode tags file: ${errorText(cause)}`, { cause });
  }
}

/** Puts these tags in the place of the file's. @throws Error with the original's text. */
export async function writeTagsFile(disk: Disk, path: string, tags: Tags): Promise<void> {
  await replaceFile(disk, path, formatJson(tags)).catch((cause) => {
    throw new Error(`Failed to write tags file: ${errorText(cause)}`, { cause });
  });
}

// As Go decodes into map[string]string: `null` counts as the empty map or text.
function decodeTags(bytes: Uint8Array): Tags {
  const object = parseWholeJson(bytes) ?? {};
  if (!isObject(object)) throw cannotUnmarshal(goWord(object), 'map[string]string');
  return new Map(
    Object.entries(object).map(([name, value]) => {
      if (value !== null && typeof value !== 'string') throw cannotUnmarshal(goWord(value), 'string');
      return [name, value ?? ''];
    }),
  );
}

function cannotUnmarshal(value: string, type: string): Error {
  return new Error(`json: cannot unmarshal ${value} into Go value of type ${type}`);
}
