// Where snapshots are kept, and what becomes of files that are not as they were left.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type IncomingSnapshot,
  MemorySnapshots,
  type OpenSnapshot,
  openSnapshots,
  RaftError,
  type SnapshotStore,
} from '@reeve/raft';
import type { SnapshotMeta } from '@reeve/raft/core';
import type { Result } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { voters } from './core-kit.ts';

const world = new VirtualWorld({ seed: 1 });

function meta(index: number): SnapshotMeta {
  return { index, term: 2, configuration: voters(3), configurationIndex: 1, sizeBytes: 3 };
}

function answer<T>(call: (done: (result: Result<T>) => void) => void): T {
  let result: Result<T> | undefined;
  call((it) => {
    result = it;
  });
  world.runUntil(() => result !== undefined, 1_000);
  if (result === undefined) throw new Error('no answer');
  if (!result.ok) throw result.error;
  return result.value;
}

function open(name: string): SnapshotStore {
  const host = world.host(name);
  host.files.makeDirectory('/raft');
  return answer((done) => openSnapshots(host.runtime.disk, '/raft', done));
}

const save = (store: SnapshotStore, index: number): void => {
  const state = Buffer.from(`state ${index}`);
  answer<void>((done) => store.save({ ...meta(index), sizeBytes: state.length }, [state], done));
};
const load = (store: SnapshotStore): string =>
  Buffer.from(answer<Uint8Array>((done) => store.load(done))).toString();

for (const [name, create] of [
  ['files', () => open('keeper')],
  ['memory', () => new MemorySnapshots(world.host('memory').runtime.timers)],
] as const) {
  test(`${name}: the newest snapshot counts, and the one before it when it is forgotten`, () => {
    const store = create();
    assert.equal(store.latest?.index, undefined);
    for (const index of [5, 9, 12]) save(store, index);
    assert.deepEqual([store.latest?.index, load(store)], [12, 'state 12']);
    answer<void>((done) => store.forget(done));
    assert.deepEqual([store.latest?.index, load(store)], [9, 'state 9']);
  });
}

test('a start finds the newest snapshot with all it says of itself', () => {
  const first = open('again');
  save(first, 5);
  save(first, 9);
  const second = open('again');
  assert.deepEqual(second.latest, { ...meta(9), sizeBytes: 'state 9'.length });
  assert.equal(load(second), 'state 9');
});

test('a snapshot that cannot be written leaves the others as they were', () => {
  const store = open('full');
  save(store, 5);
  const { files } = world.host('full');
  files.fault = (call) => (call === 'write' ? 'ENOSPC' : undefined);
  assert.throws(() => save(store, 9), /no space left on device/);
  assert.deepEqual([store.latest?.index, load(store)], [5, 'state 5']);
});

test('a damaged file is refused, by its name and with what to do, whichever byte is wrong', () => {
  const store = open('damaged');
  save(store, 5);
  const { files } = world.host('damaged');
  const file = files.read('/raft/snapshot-1') ?? files.read('/raft/snapshot-0') ?? new Uint8Array();
  const path = files.paths.find((it) => (files.read(it)?.length ?? 0) > 0) ?? '';
  for (let at = 0; at < file.length; at++) {
    const broken = file.slice();
    broken[at] = (broken[at] ?? 0) ^ 0x10;
    files.write(path, broken);
    assert.throws(
      () => open('damaged'),
      (error) => {
        assert.ok(error instanceof RaftError && error.message.startsWith(`${path}: the snapshot is damaged`));
        return /remove \/raft and start again/.test(error.message);
      },
    );
  }
  files.write(path, file.subarray(0, file.length - 1));
  assert.throws(() => open('damaged'), RaftError);
});

for (const [name, create] of [
  ['files', () => open('arriving')],
  ['memory', () => new MemorySnapshots(world.host('memory').runtime.timers)],
] as const) {
  test(`${name}: a snapshot that arrives is whole, and nothing of it counts until it is saved`, () => {
    const store = create();
    const dropped = answer<IncomingSnapshot>((done) => store.receive(done));
    answer<void>((done) => dropped.write(Buffer.from('of somebody else'), done));
    const incoming = answer<IncomingSnapshot>((done) => store.receive(done));
    dropped.drop();
    for (const piece of ['sta', 'te']) answer<void>((done) => incoming.write(Buffer.from(piece), done));
    assert.equal(store.latest, undefined);
    assert.equal(Buffer.from(answer<Uint8Array>((done) => incoming.finish(done))).toString(), 'state');
  });
}

for (const [name, create] of [
  ['files', () => open('pieces')],
  ['memory', () => new MemorySnapshots(world.host('memory').runtime.timers)],
] as const) {
  test(`${name}: a snapshot that is read in pieces stays what it was, whatever is saved meanwhile`, () => {
    const store = create();
    const state = Buffer.alloc(600_000, 'state');
    answer<void>((done) => store.save({ ...meta(1), sizeBytes: state.length }, [state], done));
    const opened = answer<OpenSnapshot>((done) => store.open(done));
    const pieces = [pieceOf(opened)];
    for (const index of [5, 9, 12]) save(store, index);
    while (pieces.at(-1)?.length !== 0) pieces.push(pieceOf(opened));
    assert.deepEqual([opened.meta.index, Buffer.concat(pieces).equals(state)], [1, true]);
    opened.close();
  });
}

test('a snapshot in pieces is refused with its last one when a byte of the file is wrong', () => {
  const store = open('rotten');
  save(store, 5);
  const { files } = world.host('rotten');
  const path = files.paths.find((it) => (files.read(it)?.length ?? 0) > 0) ?? '';
  const file = files.read(path) ?? new Uint8Array();
  for (let at = 8; at < file.length; at++) {
    const broken = file.slice();
    broken[at] = (broken[at] ?? 0) ^ 0x10;
    files.write(path, broken);
    const opened = answer<OpenSnapshot>((done) => store.open(done));
    assert.throws(() => pieceOf(opened), /the snapshot is damaged, its checksum is wrong/, `byte ${at}`);
  }
  files.write(path, file.subarray(0, file.length - 1));
  const short = answer<OpenSnapshot>((done) => store.open(done));
  assert.throws(() => pieceOf(short), RaftError);
});

function pieceOf(opened: OpenSnapshot): Uint8Array {
  const piece = opened.read();
  if (!piece.ok) throw piece.error;
  return piece.value;
}

test('what arrived is gone from the disk when it was taken, or dropped', () => {
  const store = open('emptied');
  const { files } = world.host('emptied');
  const arrived = () => files.read('/raft/snapshot-arriving')?.length;
  for (const end of ['finish', 'drop'] as const) {
    const incoming = answer<IncomingSnapshot>((done) => store.receive(done));
    answer<void>((done) => incoming.write(Buffer.from('state'), done));
    assert.equal(arrived(), 5);
    incoming[end](() => {});
    world.run(100);
    assert.equal(arrived(), 0);
  }
});
