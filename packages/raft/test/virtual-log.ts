// A log on the disk of a virtual machine, which loses power and damages files as it is told.

import assert from 'node:assert/strict';
import { type LogLayout, type LogStore, MemoryLogDisk, openFileLog } from '@reeve/raft';
import type { HardState, LogEntry, Write } from '@reeve/raft/core';
import type { Result } from '@reeve/runtime';
import { type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { nothing } from './log-kit.ts';

/** Segments so small that a few writes fill several. */
export const smallLayout: LogLayout = { segmentBytes: 1_500, roomBytes: 1_024 };

/** What a log holds. */
export interface Content {
  readonly hardState: HardState;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly entries: readonly string[];
}

/** One machine with a log in `/raft`. */
export class VirtualLog {
  readonly world = new VirtualWorld({ seed: 1 });
  readonly host: VirtualHost = this.world.host('10.0.0.1');
  readonly #layout: LogLayout;
  /** While it is open. */
  store: LogStore | undefined;

  constructor(layout = smallLayout) {
    this.#layout = layout;
    this.host.files.makeDirectory('/raft');
  }

  /** Opens the log; the error's text if that is refused. */
  open(): string | undefined {
    const opened = this.#answer<LogStore>((done) =>
      openFileLog(this.host.runtime.disk, '/raft', done, { layout: this.#layout }),
    );
    this.store = opened.ok ? opened.value : undefined;
    return opened.ok ? undefined : opened.error.message;
  }

  /** Writes and waits; the error's text if that fails. */
  write(changes: Partial<Write>): string | undefined {
    const result = this.#answer<void>((done) => this.store?.write({ ...nothing, ...changes }, done));
    return result.ok ? undefined : result.error.message;
  }

  /** Begins a write, and cuts the power some time later. Whether it was acknowledged before. */
  writeAndLosePower(changes: Partial<Write>, afterMs: number): boolean {
    let isDone = false;
    this.store?.write({ ...nothing, ...changes }, ({ ok }) => {
      isDone = ok;
    });
    this.world.run(afterMs);
    this.losePower();
    return isDone;
  }

  losePower(): void {
    this.store = undefined;
    this.host.crash({ keepUnsyncedBytes: 0 });
  }

  close(): void {
    this.#answer<void>((done) => this.store?.close(() => done({ ok: true, value: undefined })));
    this.store = undefined;
  }

  /** The paths of its segments, oldest first. */
  get segments(): readonly string[] {
    const { paths } = this.host.files;
    return paths.toSorted(
      (a, b) => Number(a.slice('/raft/log-'.length)) - Number(b.slice('/raft/log-'.length)),
    );
  }

  get content(): Content {
    assert.ok(this.store);
    return contentOf(this.store);
  }

  #answer<T>(call: (done: (result: Result<T>) => void) => void): Result<T> {
    let answer: Result<T> | undefined;
    call((result) => {
      answer = result;
    });
    assert.equal(answer, undefined, 'nothing ends inside the call');
    assert.ok(this.world.runUntil(() => answer !== undefined, 10_000));
    return answer as Result<T> | undefined as Result<T>;
  }
}

/** Everything a store holds. */
export function contentOf(store: Pick<LogStore, 'firstIndex' | 'lastIndex' | 'read' | 'hardState'>): Content {
  const { hardState, firstIndex, lastIndex } = store;
  const entries: string[] = [];
  for (let index = firstIndex; index <= lastIndex; index++) entries.push(entryText(store.read(index)));
  assert.equal(store.read(firstIndex - 1), undefined);
  assert.equal(store.read(lastIndex + 1), undefined);
  return { hardState, firstIndex, lastIndex, entries };
}

function entryText(entry: LogEntry | undefined): string {
  return entry === undefined
    ? 'none'
    : `${entry.index} ${entry.term} ${Buffer.from(entry.data).toString('hex')}`;
}

/** What a log should hold, and what it holds if the last write was not kept. */
export class LogModel {
  #disk = new MemoryLogDisk();

  apply(changes: Partial<Write>): void {
    this.#disk.apply({ ...nothing, ...changes });
  }

  get firstIndex(): number {
    return this.#disk.firstIndex;
  }

  get lastIndex(): number {
    return this.#disk.firstIndex + this.#disk.entries.length - 1;
  }

  get content(): Content {
    const { hardState, firstIndex, entries } = this.#disk;
    return { hardState, firstIndex, lastIndex: this.lastIndex, entries: entries.map(entryText) };
  }

  /** A model of the same log, which goes its own way. */
  clone(): LogModel {
    const clone = new LogModel();
    const { hardState, firstIndex, entries } = this.#disk;
    Object.assign(clone.#disk, { hardState, firstIndex, entries: [...entries] });
    return clone;
  }
}
