// What raft is given: entries become outcomes, and the state goes out and in as bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, DecodeError } from '@reeve/bytes';
import type { StateMachine } from '@reeve/raft';
import type { LogEntry } from '@reeve/raft/core';
import { readKey } from '../../dist/core/state/queries/key-values.js';
import { StateStore } from '../../dist/core/state/state-store.js';
import { Watch } from '../../dist/core/state/watch.js';
import { ConsulStateMachine } from '../../dist/core/state-machine.js';
import { encodeCommand } from '../../dist/core/wire/command.js';
import { readWhole } from '../kit/read-whole.js';
import { keyValue } from '../kit/state-rig.js';

class Rig {
  readonly fatal: string[] = [];
  readonly store = new StateStore({ clock: { now: () => 0 } });
  readonly machine: ConsulStateMachine & StateMachine;

  constructor(valuesMax = Number.POSITIVE_INFINITY) {
    this.machine = new ConsulStateMachine({
      store: this.store,
      roomForValues: () => valuesMax,
      onFatal: ({ message }) => this.fatal.push(message),
    });
  }

  get state(): Uint8Array {
    const pieces: Uint8Array[] = [];
    const iterator = this.machine.snapshot();
    for (let next = iterator.next(); !next.done; next = iterator.next()) pieces.push(next.value);
    return concatBytes(pieces);
  }
}

function entry(index: number, data: Uint8Array, extensions = new Uint8Array(0)): LogEntry {
  return { index, term: 1, type: 'command', data, extensions };
}

function write(index: number, operation: string, key: string): LogEntry {
  const request = { datacenter: 'dc1', token: '', operation, entry: keyValue(key) };
  return entry(index, encodeCommand({ type: 'keyValue', request }));
}

test('every entry has its outcome, in order', () => {
  const { machine, fatal } = new Rig();
  const outcomes = machine.apply([write(5, 'set', 'a'), write(6, 'cas', 'a'), write(7, 'frob', 'a')]);
  assert.deepEqual(outcomes, [
    { ok: true, answer: null },
    { ok: true, answer: false },
    { ok: false, error: "Invalid KVS operation 'frob'" },
  ]);
  assert.deepEqual(fatal, []);
});

test('an entry that cannot be applied stops the server', () => {
  const { machine, fatal } = new Rig();
  machine.apply([
    entry(1, Uint8Array.of(99)),
    entry(2, Uint8Array.of(2, 0xc1)),
    { ...write(3, 'set', 'a'), extensions: Uint8Array.of(0x10, 1, 0x18, 1) },
    entry(4, Uint8Array.of(128 + 99)),
  ]);
  assert.match(fatal[0] ?? '', /^entry 1 of the raft log has a command of type 99, which is unknown here/);
  assert.match(
    fatal[1] ?? '',
    /^entry 2 of the raft log cannot be read: a map cannot start with byte 0xc1\./,
  );
  assert.match(
    fatal[2] ?? '',
    /^entry 3 of the raft log cannot be read: part 1 of a command of 1\. This server/,
  );
  assert.equal(fatal.length, 3);
});

test('a restored state replaces all there was, and wakes who waits', () => {
  const source = new Rig();
  source.machine.apply([write(8, 'set', 'kept')]);
  const target = new Rig();
  target.machine.apply([write(1, 'set', 'gone')]);
  const watch = new Watch();
  readKey(target.store.tables, watch, 'kept');
  let woken = 0;
  target.store.watchers.wait(watch, () => woken++);
  readWhole(target.machine, source.state)();
  assert.equal(readKey(target.store.tables, null, 'gone').value, null);
  assert.equal(readKey(target.store.tables, null, 'kept').index, 8);
  assert.equal(woken, 1);
});

test('what is no state leaves the state as it was', () => {
  const { machine, store, state } = new Rig();
  machine.apply([write(1, 'set', 'a')]);
  assert.throws(() => readWhole(machine, state.subarray(0, state.length - 1)), DecodeError);
  assert.equal(readKey(store.tables, null, 'a').index, 1);
});

test('a state of somebody else has no more values than there is room for; our own has any number', () => {
  const rig = new Rig(20);
  rig.machine.apply([write(1, 'set', 'a'), write(2, 'set', 'b')]);
  const { state, machine } = rig;
  assert.throws(() => readWhole(machine, state, false), {
    name: 'DecodeError',
    message: 'more than 20 values, which is what there is memory for; --max-old-space-size gives more',
  });
  readWhole(machine, state, true)();
});

test('a record of many values in few bytes is refused before it is read', () => {
  const { machine } = new Rig(10_000);
  const header = Buffer.from('81a94c617374496e64657801', 'hex');
  const named = Buffer.from('0081a6436865636b73', 'hex'); // a registration with Checks
  const checks = Buffer.concat([named, Buffer.from('dd00010000', 'hex'), Buffer.alloc(65_536, 0x80)]);
  const state = Buffer.concat([header, checks]);
  assert.throws(() => readWhole(machine, state, false), /^DecodeError: more than 10000 values/);
  readWhole(machine, state, true);
});
