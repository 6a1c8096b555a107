// The state machine as a whole: commands it does not know, and the log of the real program from end to end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '@reeve/bytes';
import { readRaftLog } from '@reeve/golden';
import { applyCommand, UnknownCommandError } from '../../dist/core/commands/apply-command.js';
import { readAutopilot } from '../../dist/core/state/queries/autopilot.js';
import { autopilotConfigCodec } from '../../dist/core/wire/records.js';
import { StateRig } from '../kit/state-rig.js';

test('an unknown command is ignored if it says that it may be', () => {
  const { store } = new StateRig();
  assert.deepEqual(applyCommand(store, 1, Uint8Array.of(128 + 99, 0x80)), { ok: true, answer: null });
});

test('an unknown command that must not be ignored stops the server, named by its number', () => {
  const { store } = new StateRig();
  const apply = () => applyCommand(store, 7, Uint8Array.of(99, 0x80));
  assert.throws(apply, (error: Error) => {
    assert.ok(error instanceof UnknownCommandError);
    assert.match(error.message, /^entry 7 of the raft log has a command of type 99, which is unknown here/);
    return true;
  });
  assert.throws(() => applyCommand(store, 8, Uint8Array.of(2, 0xff)), DecodeError);
});

test('autopilot is set, or compared and set', () => {
  const rig = new StateRig();
  const set = (cas: boolean, modifyIndex: number, maxTrailingLogs: number) => {
    const config = { ...autopilotConfigCodec.zero(), modifyIndex, maxTrailingLogs };
    return rig.apply({ type: 'autopilot', request: { datacenter: '', token: '', config, cas } });
  };
  assert.equal(readAutopilot(rig.tables, null).value, null);
  assert.equal(set(true, 0, 1), false);
  assert.equal(set(false, 0, 2), null);
  assert.equal(set(true, 1, 3), false);
  assert.equal(set(true, 2, 4), true);
  const { value, index } = readAutopilot(rig.tables, null);
  assert.deepEqual([value?.maxTrailingLogs, value?.createIndex, value?.modifyIndex, index], [4, 2, 4, 4]);
  assert.equal(set(false, 0, 2), null);
});

test('the log of the real program is applied without an error, except where it had one', () => {
  const { store } = new StateRig();
  const failed: number[] = [];
  for (const { index, type, data } of readRaftLog()) {
    if (type !== 0) continue;
    if (!applyCommand(store, index, data).ok) failed.push(index);
  }
  assert.deepEqual(failed, [24]); // a session with a check that its node does not have
});
