// A log in memory: for development servers, which keep nothing, and for simulations, in which power fails.
//
// The disk outlives the store: a simulated server that crashes loses its store and gets a new one on the same
// disk. A power cut may keep any beginning of the write that was under way.

import type { Random, Result, Timers } from '@reeve/runtime';
import type { HardState, LogEntry, Write } from '../core/index.ts';
import type { LogStore } from './log-store.ts';

/** What a crash leaves. */
export class MemoryLogDisk {
  hardState: HardState = { term: 0, votedFor: '' };
  firstIndex = 1;
  entries: LogEntry[] = [];
  /** The write that is under way. */
  underWay: Write | undefined;
  /** Asked before each write: the text of an error makes it fail. */
  fault: () => string | undefined = () => undefined;

  /** Does a write. */
  apply(write: Write): void {
    if (write.hardState !== undefined) this.hardState = write.hardState;
    if (write.removeFrom !== undefined) this.entries.length = Math.max(0, write.removeFrom - this.firstIndex);
    const removed = Math.min(Math.max(write.removeTo + 1 - this.firstIndex, 0), this.entries.length);
    this.entries.splice(0, removed);
    this.firstIndex += removed;
    const [first] = write.entries;
    if (this.entries.length === 0 && first !== undefined) this.firstIndex = first.index;
    for (const entry of write.entries) this.entries.push(entry);
  }

  /** Of the write that was under way, a beginning is there or nothing. */
  losePower(random: Random): void {
    const write = this.underWay;
    this.underWay = undefined;
    if (write === undefined || random.float() < 0.5) return;
    this.apply({ ...write, entries: write.entries.slice(0, random.below(write.entries.length + 1)) });
  }
}

/** One life of a store on such a disk. */
export class MemoryLogStore implements LogStore {
  readonly #disk: MemoryLogDisk;
  readonly #timers: Timers;
  readonly #writeMs: () => number;
  #isClosed = false;

  /** `writeMs` tells how long the next write takes; 0 is soon. */
  constructor(timers: Timers, disk: MemoryLogDisk = new MemoryLogDisk(), writeMs: () => number = () => 0) {
    this.#timers = timers;
    this.#disk = disk;
    this.#writeMs = writeMs;
  }

  get hardState(): HardState {
    return this.#disk.hardState;
  }

  get firstIndex(): number {
    return this.#disk.firstIndex;
  }

  get lastIndex(): number {
    return this.#disk.firstIndex + this.#disk.entries.length - 1;
  }

  read(index: number): LogEntry | undefined {
    return this.#disk.entries[index - this.#disk.firstIndex];
  }

  write(write: Write, done: (result: Result<void>) => void): void {
    this.#disk.underWay = write;
    this.#timers.after(this.#writeMs(), () => {
      if (this.#isClosed) return;
      this.#disk.underWay = undefined;
      const fault = this.#disk.fault();
      if (fault !== undefined) return done({ ok: false, error: new Error(fault) });
      this.#disk.apply(write);
      done({ ok: true, value: undefined });
    });
  }

  close(done: () => void): void {
    this.#isClosed = true;
    this.#timers.after(0, done);
  }
}
