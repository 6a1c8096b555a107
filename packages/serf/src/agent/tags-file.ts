// The file that keeps an agent's tags over a restart: one JSON object of texts, readable by its owner only.
// Upstream: cmd/serf/command/agent/agent.go (loadTagsFile, writeTagsFile). Next: agent-core.ts.

import { encodeText } from '@reeve/bytes';
import { formatJson, goWord, isObject, parseWholeJson } from '@reeve/cli';
import type { Disk, Result } from '@reeve/runtime';
import type { Tags } from '../core/index.ts';
import { explained, readSmallFile } from './small-file.ts';

/** The tags in a file; undefined if there is no such file yet. Errors have the original's text. */
export function readTagsFile(
  disk: Disk,
  path: string,
  done: (result: Result<Tags | undefined>) => void,
): void {
  readSmallFile(disk, path, (read) => {
    if (read.ok) return done(explained('Failed to decode tags file', () => decodeTags(read.value)));
    const { code, message } = read.error;
    if (code === 'ENOENT') return done({ ok: true, value: undefined });
    done({ ok: false, error: new Error(`Failed to read tags file: ${message}`, { cause: read.error }) });
  });
}

/** Puts these tags in the place of the file's. The error has the original's text. */
export function writeTagsFile(disk: Disk, path: string, tags: Tags, done: (error?: Error) => void): void {
  disk.replace(path, encodeText(formatJson(tags)), ownerOnly, (result) => {
    if (result.ok) return done();
    done(new Error(`Failed to write tags file: ${result.error.message}`, { cause: result.error }));
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

const ownerOnly = 0o600;
