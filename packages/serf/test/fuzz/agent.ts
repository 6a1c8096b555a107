// Damaged files and settings of an agent: keyring, tags, event handlers. Each is understood or refused with a
// sentence for the operator.

import assert from 'node:assert/strict';
import { decodeText, KeySizeError } from '@reeve/bytes';
import { type FuzzTarget, isSentence, Refused } from '@reeve/fuzz';
import type { Keyring } from '@reeve/memberlist';
import type { Disk, Result } from '@reeve/runtime';
import {
  isValidEventFilter,
  parseEventFilters,
  parseEventScripts,
  readKeyringFile,
  readTagsFile,
} from '@reeve/serf/agent';
import type { Tags } from '@reeve/serf/core';
import { bytesOf } from '../support/bytes.js';

const keysOf = (...sizes: readonly number[]) =>
  JSON.stringify(sizes.map((bytes) => Buffer.alloc(bytes, bytes).toString('base64')));

export const agentTargets: readonly FuzzTarget[] = [
  target('keyring files', [keysOf(16), keysOf(32, 24), keysOf(16, 16)], (input) => {
    const { primary, keys } = readBack<Keyring>(
      (disk, done) => readKeyringFile(disk, 'keyring', done),
      input,
    );
    assert.ok(keys.includes(primary));
  }),
  target('tags files', ['{"role": "web", "dc": null}', 'null'], (input) => {
    const tags = readBack<Tags | undefined>((disk, done) => readTagsFile(disk, 'tags', done), input);
    for (const text of tags?.values() ?? []) assert.equal(typeof text, 'string');
  }),
  target('event filters', ['user:deploy,query', '*', 'member-join,member-leave'], (input) => {
    const filters = parseEventFilters(decodeText(input));
    assert.ok(filters.length > 0);
    if (!filters.every(isValidEventFilter)) throw new Refused();
  }),
  target('event scripts', ['user:deploy,query=run.sh a=b', 'run.sh', 'member-join=x'], (input) => {
    const text = decodeText(input);
    for (const { command } of parseEventScripts(text)) assert.ok(text.endsWith(command));
  }),
];

function target(name: string, seeds: readonly string[], run: (input: Uint8Array) => void): FuzzTarget {
  return {
    name,
    promise: `damaged ${name} are understood or refused with a sentence`,
    seeds: seeds.map((text) => bytesOf(text)),
    open: () => ({ run }),
    refuses: isSentence,
  };
}

/** What a reader of files makes of bytes. Throws why it refuses them: a slip of ours would be the cause. */
function readBack<T>(read: (disk: Disk, done: (result: Result<T>) => void) => void, bytes: Uint8Array): T {
  const results: Result<T>[] = [];
  const disk: Pick<Disk, 'read'> = { read: (_path, _bytesMax, done) => done({ ok: true, value: bytes }) };
  read(disk as Disk, (result) => results.push(result));
  const [result, ...others] = results;
  assert.ok(result && others.length === 0);
  if (result.ok) return result.value;
  const { cause } = result.error;
  throw cause instanceof KeySizeError ? result.error : (cause ?? result.error);
}
