// The file that keeps a cluster's keys over a restart: one JSON list of base64 texts, the primary first.
// Read here at start; serf rewrites it when a query changes the keys.
// Upstream: cmd/serf/command/agent/agent.go (loadKeyringFile). Next: agent.ts.

import { decodeBase64 } from '@reeve/bytes';
import { goWord, isList, parseWholeJson } from '@reeve/cli';
import { Keyring } from '@reeve/memberlist';
import type { Disk, DiskError } from '@reeve/runtime';
import { readFile } from '../config/read-file.ts';
import { errorText } from '../error-text.ts';

/** The keys in a file, which must exist and hold at least one. @throws Error with the original's text. */
export async function readKeyringFile(disk: Disk, path: string): Promise<Keyring> {
  const bytes = await readFile(disk, path).catch((cause: DiskError) => {
    // The original asks whether the file is there before it opens it.
    if (cause.code === 'ENOENT') throw new Error(cause.message.replace(/^open /, 'stat '), { cause });
    throw new Error(`Failed to read keyring file: ${cause.message}`, { cause });
  });
  const keys = explain('Failed to decode keyring file', () => decodeKeys(bytes));
  const raw = explain('Failed to decode key from keyring', () => keys.map(decodeBase64));
  if (raw.length === 0) throw new Error('Keyring file contains no keys');
  return explain('Failed to restore keyring', () => new Keyring(raw));
}

// As Go decodes into []string: `null` counts as the empty list or text.
function decodeKeys(bytes: Uint8Array): string[] {
  const list = parseWholeJson(bytes) ?? [];
  if (!isList(list)) throw new Error(`json: cannot unmarshal ${goWord(list)} into Go value of type []string`);
  return list.map((key) => {
    if (key === null || typeof key === 'string') return key ?? '';
    throw new Error(`json: cannot unmarshal ${goWord(key)} into Go value of type string`);
  });
}

function explain<T>(what: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (cause) {
    throw new Error(`${what}: ${errorText(cause)}`, { cause });
  }
}
