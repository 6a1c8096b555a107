// The file that keeps a cluster's keys over a restart: one JSON list of base64 texts, the primary first.
// Read here at start; serf rewrites it when a query changes the keys.
// Upstream: cmd/serf/command/agent/agent.go (loadKeyringFile). Next: agent-core.ts.

import { decodeBase64 } from '@reeve/bytes';
import { goWord, isList, parseWholeJson } from '@reeve/cli';
import { Keyring } from '@reeve/memberlist';
import type { Disk, DiskError, Result } from '@reeve/runtime';
import { explained, readSmallFile } from './small-file.ts';

/** The keys in a file, which must exist and hold at least one. Errors have the original's text. */
export function readKeyringFile(disk: Disk, path: string, done: (result: Result<Keyring>) => void): void {
  readSmallFile(disk, path, (read) => {
    done(read.ok ? decodeKeyring(read.value) : { ok: false, error: cannotRead(read.error) });
  });
}

function decodeKeyring(bytes: Uint8Array): Result<Keyring> {
  const keys = explained('Failed to decode keyring file', () => decodeKeys(bytes));
  if (!keys.ok) return keys;
  const raw = explained('Failed to decode key from keyring', () => keys.value.map(decodeBase64));
  if (!raw.ok) return raw;
  if (raw.value.length === 0) return { ok: false, error: new Error('Keyring file contains no keys') };
  return explained('Failed to restore keyring', () => new Keyring(raw.value));
}

// The original asks whether the file is there before it opens it.
function cannotRead(cause: DiskError): Error {
  if (cause.code === 'ENOENT') return new Error(cause.message.replace(/^open /, 'stat '), { cause });
  return new Error(`Failed to read keyring file: ${cause.message}`, { cause });
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
