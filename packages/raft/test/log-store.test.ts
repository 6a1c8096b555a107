// What both stores of the log keep, and what becomes of a file that is not as it was left.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type LogStore, MemoryLogDisk, MemoryLogStore } from '@reeve/raft';
import type { Write } from '@reeve/raft/core';
import { openLmdbLogStore } from '@reeve/raft/lmdb';
import { createNodeRuntime } from '@reeve/runtime/node';
import { entry } from './core-kit.ts';

const nothing: Write = {
  hardState: undefined,
  removeFrom: undefined,
  removeTo: 0,
  entries: [],
  thenSend: [],
};

/** A place for a store, which can be left and entered again. */
interface Place {
  open(): LogStore;
  remove(): void;
}

function onDisk(): Place & { readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-raft-'));
  return {
    directory,
    open: () => openLmdbLogStore(directory),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function inMemory(): Place {
  const disk = new MemoryLogDisk();
  const { timers } = createNodeRuntime({ log: () => {} });
  return { open: () => new MemoryLogStore(timers, disk), remove: () => {} };
}

function write(store: LogStore, changes: Partial<Write>): Promise<void> {
  return new Promise((resolve, reject) => {
    store.write({ ...nothing, ...changes }, (result) => (result.ok ? resolve() : reject(result.error)));
  });
}

function close(store: LogStore): Promise<void> {
  return new Promise((resolve) => store.close(resolve));
}

/** The first and last index, and the term of each entry. */
function content(store: LogStore): readonly [number, number, string] {
  const terms: string[] = [];
  for (let index = store.firstIndex; index <= store.lastIndex; index++) {
    const read = store.read(index);
    assert.equal(read?.index, index);
    terms.push(String(read?.term));
  }
  return [store.firstIndex, store.lastIndex, terms.join('')];
}

const entries = (from: number, to: number, term: number) =>
  Array.from({ length: to + 1 - from }, (_, i) => entry(from + i, term));

for (const [name, place] of [
  ['memory', inMemory],
  ['lmdb', onDisk],
] as const) {
  test(`${name}: a new log is empty, in term 0`, async (t) => {
    const at = place();
    t.after(at.remove);
    const store = at.open();
    assert.deepEqual(content(store), [1, 0, '']);
    assert.deepEqual(store.hardState, { term: 0, votedFor: '' });
    assert.equal(store.read(1), undefined);
    await close(store);
  });

  test(`${name}: what was written is there again, entry by entry, with term and vote`, async (t) => {
    const at = place();
    t.after(at.remove);
    const first = at.open();
    await write(first, { hardState: { term: 3, votedFor: 'a:1' }, entries: entries(1, 5, 1) });
    await write(first, { removeFrom: 4, entries: entries(4, 6, 2) });
    assert.deepEqual(content(first), [1, 6, '111222']);
    await write(first, { removeTo: 2 });
    await close(first);
    const second = at.open();
    assert.deepEqual(content(second), [3, 6, '1222']);
    assert.deepEqual(second.hardState, { term: 3, votedFor: 'a:1' });
    assert.deepEqual(Buffer.from(second.read(5)?.data ?? []).toString(), 'command 5');
    await close(second);
  });

  test(`${name}: behind a snapshot the log may begin anew, far away`, async (t) => {
    const at = place();
    t.after(at.remove);
    const first = at.open();
    await write(first, { entries: entries(1, 2_500, 1) });
    await write(first, { removeTo: 2_000 });
    assert.equal(first.firstIndex, 2_001);
    await write(first, { removeFrom: 2_001 });
    await write(first, { entries: entries(9_000, 9_002, 4) });
    await close(first);
    const second = at.open();
    assert.deepEqual(content(second), [9_000, 9_002, '444']);
    await close(second);
  });
}

test('lmdb: removing very many entries is spread over several writes, which nobody sees', async (t) => {
  const at = onDisk();
  t.after(at.remove);
  const first = at.open();
  await write(first, { entries: entries(1, 3_000, 1) });
  await write(first, { removeTo: 2_990 });
  assert.deepEqual(content(first), [2_991, 3_000, '1111111111']);
  await close(first);
  const second = at.open();
  assert.equal(second.firstIndex, 1_025, 'a restart in between finds some of them');
  await write(second, { removeTo: 2_990 });
  await write(second, { entries: entries(3_001, 3_001, 1) });
  await close(second);
  const third = at.open();
  assert.equal(third.firstIndex, 2_991);
  await close(third);
});

test('lmdb: a record that is not as it was written is refused, with the file and what to do', async (t) => {
  const at = onDisk();
  t.after(at.remove);
  const first = at.open();
  await write(first, { hardState: { term: 3, votedFor: 'a:1' }, entries: entries(1, 3, 1) });
  await close(first);
  const file = join(at.directory, 'log.mdb');
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf('command 2'); at >= 0; at = bytes.indexOf('command 2', at + 1))
    bytes[at] = 0x43;
  writeFileSync(file, bytes);
  const second = at.open();
  assert.throws(
    () => second.read(2),
    /log\.mdb: the raft log cannot be used: a checksum is wrong\. .*remove/,
  );
  assert.equal(second.read(1)?.index, 1);
  await close(second);
});

test('lmdb: a file that is no log, or is cut off, is refused, with the file and what to do', async (t) => {
  const at = onDisk();
  t.after(at.remove);
  const store = at.open();
  for (let i = 0; i < 20; i++) await write(store, { entries: entries(100 * i + 1, 100 * i + 100, 1) });
  await close(store);
  const file = join(at.directory, 'log.mdb');
  const bytes = readFileSync(file);
  for (const length of [100, 4_096, 8_192, 20_000, bytes.length / 2]) {
    writeFileSync(file, bytes.subarray(0, length));
    assert.throws(at.open, /log\.mdb: the raft log cannot be used: it is .*remove/, `${length} bytes`);
  }
  writeFileSync(file, Buffer.alloc(20_000, 7));
  assert.throws(at.open, /log\.mdb: the raft log cannot be used: it is no LMDB file.*remove/);
});
