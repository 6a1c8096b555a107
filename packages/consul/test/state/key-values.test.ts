// T0-10: the truth table of keys and locks, and what deletions leave for those who wait.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listKeys, readKey } from '../../dist/core/state/queries/key-values.js';
import { StateRig, uuid } from '../kit/state-rig.js';

const holder = uuid(1);
const other = uuid(2);

function withSessions(): StateRig {
  const rig = new StateRig();
  rig.register({});
  rig.session('create', { id: holder });
  rig.session('create', { id: other });
  return rig;
}

function entry(rig: StateRig, key: string) {
  const found = readKey(rig.tables, null, key).value;
  return found && { ...found, value: Buffer.from(found.value).toString() };
}

test('T0-10: a key has the index of the entry that made it, and of the one that changed it last', () => {
  const rig = new StateRig();
  assert.equal(rig.key('set', 'a', { text: 'one', flags: 2n ** 64n - 1n }), null);
  assert.deepEqual(entry(rig, 'a'), {
    key: 'a',
    value: 'one',
    flags: 2n ** 64n - 1n,
    session: '',
    lockIndex: 0,
    createIndex: 1,
    modifyIndex: 1,
  });
  rig.key('set', 'a', { text: 'two' });
  assert.deepEqual([entry(rig, 'a')?.createIndex, entry(rig, 'a')?.modifyIndex], [1, 2]);
  assert.equal(entry(rig, 'a')?.flags, 0n);
});

test('T0-10: the same value, flags and session change nothing', () => {
  const rig = new StateRig();
  rig.key('set', 'a', { text: 'one' });
  rig.key('set', 'a', { text: 'one' });
  assert.equal(entry(rig, 'a')?.modifyIndex, 1);
  rig.key('set', 'a', { text: 'one', flags: 1n });
  assert.equal(entry(rig, 'a')?.modifyIndex, 3);
});

test('T0-10: cas=0 only creates, cas=N only changes what has index N', () => {
  const rig = new StateRig();
  assert.equal(rig.key('cas', 'a', { text: 'one', modifyIndex: 7 }), false);
  assert.equal(rig.key('cas', 'a', { text: 'one', modifyIndex: 0 }), true);
  assert.equal(rig.key('cas', 'a', { text: 'two', modifyIndex: 0 }), false);
  assert.equal(rig.key('cas', 'a', { text: 'two', modifyIndex: 1 }), false);
  assert.equal(rig.key('cas', 'a', { text: 'two', modifyIndex: 2 }), true);
  assert.equal(entry(rig, 'a')?.value, 'two');
});

test('T0-10: a free key is acquired, and its lock counted', () => {
  const rig = withSessions();
  assert.equal(rig.key('lock', 'a', { session: holder, text: 'x' }), true);
  assert.deepEqual([entry(rig, 'a')?.session, entry(rig, 'a')?.lockIndex], [holder, 1]);
  rig.key('unlock', 'a', { session: holder, text: 'y' });
  assert.equal(rig.key('lock', 'a', { session: other }), true);
  assert.equal(entry(rig, 'a')?.lockIndex, 2);
});

test('T0-10: the holder acquires again, changes the value and not the count', () => {
  const rig = withSessions();
  rig.key('lock', 'a', { session: holder, text: 'x' });
  assert.equal(rig.key('lock', 'a', { session: holder, text: 'y', flags: 3n }), true);
  assert.deepEqual([entry(rig, 'a')?.value, entry(rig, 'a')?.lockIndex], ['y', 1]);
});

test('T0-10: what another session holds is not acquired', () => {
  const rig = withSessions();
  rig.key('lock', 'a', { session: holder, text: 'x' });
  assert.equal(rig.key('lock', 'a', { session: other, text: 'y' }), false);
  assert.equal(entry(rig, 'a')?.value, 'x');
});

test('T0-10: only a session that exists acquires', () => {
  const rig = withSessions();
  assert.throws(() => rig.key('lock', 'a'), { message: 'missing session' });
  assert.throws(() => rig.key('unlock', 'a'), { message: 'missing session' });
  assert.throws(() => rig.key('lock', 'a', { session: uuid(7) }), {
    message: `invalid session "${uuid(7)}"`,
  });
  assert.throws(() => rig.key('lock', 'a', { session: 'abc' }), {
    message: 'failed session lookup: index error: UUID must be 36 characters',
  });
  assert.throws(() => rig.key('lock', 'a', { session: uuid(7).replace('7', 'z') }), {
    message: "failed session lookup: index error: Invalid UUID: encoding/hex: invalid byte: U+007A 'z'",
  });
});

test('T0-10: the holder releases, keeps the count and stores what it says; nobody else does', () => {
  const rig = withSessions();
  rig.key('lock', 'a', { session: holder, text: 'x' });
  assert.equal(rig.key('unlock', 'a', { session: other }), false);
  assert.equal(rig.key('unlock', 'missing', { session: holder }), false);
  assert.equal(rig.key('unlock', 'a', { session: holder, text: 'y', flags: 5n }), true);
  assert.deepEqual([entry(rig, 'a')?.session, entry(rig, 'a')?.lockIndex], ['', 1]);
  assert.deepEqual([entry(rig, 'a')?.value, entry(rig, 'a')?.flags], ['y', 5n]);
  assert.equal(rig.key('unlock', 'a', { session: holder }), false);
});

test('T0-10: a plain write of a locked key leaves the session and sets the count back', () => {
  const rig = withSessions();
  rig.key('lock', 'a', { session: holder, text: 'x' });
  rig.key('set', 'a', { text: 'y' });
  assert.deepEqual([entry(rig, 'a')?.session, entry(rig, 'a')?.lockIndex], [holder, 0]);
  rig.key('delete', 'a');
  assert.equal(rig.key('lock', 'a', { session: holder }), true);
  assert.equal(entry(rig, 'a')?.lockIndex, 1);
});

test('T0-10: delete-cas deletes what has the index, and says true of what is not there', () => {
  const rig = new StateRig();
  rig.key('set', 'a');
  assert.equal(rig.key('delete-cas', 'a', { modifyIndex: 9 }), false);
  assert.equal(rig.key('delete-cas', 'a', { modifyIndex: 1 }), true);
  assert.equal(rig.key('delete-cas', 'a', { modifyIndex: 1 }), true);
  assert.equal(entry(rig, 'a'), null);
});

test('an unknown operation is refused by name', () => {
  assert.throws(() => new StateRig().key('frob', 'a'), { message: "Invalid KVS operation 'frob'" });
});

test('a key that is not there has the index of all keys, deletions included', () => {
  const rig = new StateRig();
  assert.equal(readKey(rig.tables, null, 'a').index, 0);
  rig.key('set', 'b');
  assert.equal(readKey(rig.tables, null, 'a').index, 1);
  rig.key('delete', 'b');
  assert.equal(readKey(rig.tables, null, 'a').index, 2);
});

test('a prefix has the highest index below it, and that of its last deletion', () => {
  const rig = new StateRig();
  rig.key('set', 'p/a');
  rig.key('set', 'p/b');
  rig.key('set', 'q');
  assert.equal(listKeys(rig.tables, null, 'p/').index, 2);
  assert.equal(listKeys(rig.tables, null, '').index, 3);
  rig.key('delete', 'p/b');
  assert.equal(listKeys(rig.tables, null, 'p/').index, 4);
  rig.key('delete', 'p/a');
  rig.key('set', 'q', { text: 'later' });
  assert.equal(listKeys(rig.tables, null, 'p/').index, 5);
  assert.equal(listKeys(rig.tables, null, 'nothing').index, 6);
});

test('a deleted tree leaves one tombstone, no tree at all none', () => {
  const rig = new StateRig();
  for (const key of ['p/a', 'p/b', 'q']) rig.key('set', key);
  rig.key('delete-tree', 'x');
  assert.equal(rig.tables.tombstones.size, 0);
  rig.key('delete-tree', 'p/');
  assert.deepEqual(rig.tables.tombstones.startingWith(''), [{ key: 'p/', index: 5 }]);
  rig.key('delete-tree', '');
  assert.deepEqual([rig.tables.keyValues.size, rig.tables.tombstones.size], [0, 1]);
  assert.deepEqual(rig.tombstones, [5]);
});

test('tombstones up to an index are reaped', () => {
  const rig = new StateRig();
  for (const key of ['a', 'b']) rig.key('set', key);
  for (const key of ['a', 'b']) rig.key('delete', key);
  const reap = (reapIndex: number, operation = 'reap') =>
    rig.apply({ type: 'tombstone', request: { datacenter: '', token: '', operation, reapIndex } });
  reap(3);
  assert.deepEqual(rig.tables.tombstones.startingWith(''), [{ key: 'b', index: 4 }]);
  assert.throws(() => reap(9, 'frob'), { message: "Invalid Tombstone operation 'frob'" });
});

test('keys are ordered by their bytes, and a prefix is one of bytes', () => {
  const rig = new StateRig();
  // U+FFFF is before U+10000 in UTF-8, behind it in UTF-16; a byte that is no UTF-8 is before both.
  const keys = ['z', 'ä', '\uffff', '\u{10000}', 'a', '\udc80', 'A', ''.padEnd(300, 'k')];
  for (const key of keys) rig.key('set', key);
  const listed = listKeys(rig.tables, null, '').value.map(({ key }) => key);
  assert.deepEqual(listed, ['A', 'a', keys[7], 'z', '\udc80', 'ä', '\uffff', '\u{10000}']);
  assert.equal(listKeys(rig.tables, null, 'web').value.length, 0);
  rig.key('set', 'web2');
  assert.equal(listKeys(rig.tables, null, 'web').value.length, 1);
});
