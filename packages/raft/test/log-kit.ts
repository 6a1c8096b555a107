// Logs on this machine's disk, as promises.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { LogStore } from '@reeve/raft';
import type { Write } from '@reeve/raft/core';
import { openLogStore } from '@reeve/raft/node';
import { createNodeRuntime } from '@reeve/runtime/node';

/** A directory of its own for each test, as long as that runs. */
export function logDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-raft-'));
  // Behind whatever else ends with the test: a server goes on writing until then.
  t.after(() => t.after(() => rmSync(directory, { recursive: true, force: true })));
  return directory;
}

/** Opens the log in a directory. */
export function openLog(directory: string): Promise<LogStore> {
  const { disk } = createNodeRuntime({ log: () => {} });
  return new Promise((resolve, reject) => {
    openLogStore(disk, directory, (opened) => (opened.ok ? resolve(opened.value) : reject(opened.error)));
  });
}

/** Writes what is named, and nothing else. */
export function write(store: LogStore, changes: Partial<Write>): Promise<void> {
  return new Promise((resolve, reject) => {
    store.write({ ...nothing, ...changes }, (result) => (result.ok ? resolve() : reject(result.error)));
  });
}

/** Closes a store. */
export function close(store: LogStore): Promise<void> {
  return new Promise((resolve) => store.close(resolve));
}

/** A write of nothing. */
export const nothing: Write = {
  hardState: undefined,
  removeFrom: undefined,
  removeTo: 0,
  entries: [],
  thenSend: [],
};
