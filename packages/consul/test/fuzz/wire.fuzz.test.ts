// Every command of the real program's log, damaged: a command or a DecodeError, in bounded time, and what was
// accepted can be encoded and read again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';
import { readRaftLog } from '@reeve/golden';
import { type Command, decodeCommand, encodeCommand } from '../../dist/core/wire/command.js';

test('damaged commands are commands or decode errors', () => {
  const seeds = readRaftLog()
    .filter(({ type }) => type === 0)
    .map(({ data }) => data);
  const run = (input: Uint8Array) => {
    const command = decodeCommand(input);
    if (command.type === 'unknown') return;
    const encoded = encodeCommand(command);
    assert.deepEqual(encodeCommand(decodeCommand(encoded) as Command), encoded);
  };
  const allow = (error: unknown) => error instanceof DecodeError;
  const { accepted, rejected } = fuzzTarget({ name: 'commands', seeds, run, allow });
  assert.ok(accepted > 0 && rejected > 0);
});
