// What both stores of the log keep.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type LogStore, MemoryLogDisk, MemoryLogStore } from '@reeve/raft';
import { createNodeRuntime } from '@reeve/runtime/node';
import { entry } from './core-kit.ts';
import { close, logDirectory, openLog, write } from './log-kit.ts';

/** Enters a place for a store, which can be left and entered again. */
type Enter = () => Promise<LogStore>;

function onDisk(t: TestContext): Enter {
  const directory = logDirectory(t);
  return () => openLog(directory);
}

function inMemory(): Enter {
  const disk = new MemoryLogDisk();
  const { timers } = createNodeRuntime({ log: () => {} });
  return async () => new MemoryLogStore(timers, disk);
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
  ['disk', onDisk],
] as const) {
  test(`${name}: a new log is empty, in term 0`, async (t) => {
    const open = place(t);
    const store = await open();
    assert.deepEqual(content(store), [1, 0, '']);
    assert.deepEqual(store.hardState, { term: 0, votedFor: '' });
    assert.equal(store.read(1), undefined);
    await close(store);
  });

  test(`${name}: what was written is there again, entry by entry, with term and vote`, async (t) => {
    const open = place(t);
    const first = await open();
    await write(first, { hardState: { term: 3, votedFor: 'a:1' }, entries: entries(1, 5, 1) });
    await write(first, { removeFrom: 4, entries: entries(4, 6, 2) });
    assert.deepEqual(content(first), [1, 6, '111222']);
    await write(first, { removeTo: 2 });
    await close(first);
    const second = await open();
    assert.deepEqual(content(second), [3, 6, '1222']);
    assert.deepEqual(second.hardState, { term: 3, votedFor: 'a:1' });
    assert.deepEqual(Buffer.from(second.read(5)?.data ?? []).toString(), 'command 5');
    await close(second);
  });

  test(`${name}: behind a snapshot the log may begin anew, far away`, async (t) => {
    const open = place(t);
    const first = await open();
    await write(first, { entries: entries(1, 2_500, 1) });
    await write(first, { removeTo: 2_000 });
    assert.equal(first.firstIndex, 2_001);
    await write(first, { removeFrom: 2_001 });
    await write(first, { entries: entries(9_000, 9_002, 4) });
    await close(first);
    const second = await open();
    assert.deepEqual(content(second), [9_000, 9_002, '444']);
    await close(second);
  });
}
