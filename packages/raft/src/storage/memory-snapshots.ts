// Snapshots in memory: for development servers, which keep nothing.

import { concatBytes } from '@reeve/bytes';
import type { Result, Timers } from '@reeve/runtime';
import type { SnapshotMeta } from '../core/index.ts';
import { IncomingPieces, type IncomingSnapshot } from './incoming-snapshot.ts';
import type { OpenSnapshot } from './open-snapshot.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** Keeps the newest snapshot as long as the process lives. */
export class MemorySnapshots implements SnapshotStore {
  readonly #timers: Timers;
  #kept: { readonly meta: SnapshotMeta; readonly data: Uint8Array } | undefined;
  #before: { readonly meta: SnapshotMeta; readonly data: Uint8Array } | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get latest(): SnapshotMeta | undefined {
    return this.#kept?.meta;
  }

  save(meta: SnapshotMeta, state: readonly Uint8Array[], done: (result: Result<void>) => void): void {
    const data = concatBytes(state);
    this.#timers.after(0, () => {
      this.#before = this.#kept;
      this.#kept = { meta, data };
      done({ ok: true, value: undefined });
    });
  }

  receive(done: (result: Result<IncomingSnapshot>) => void): void {
    this.#timers.after(0, () => done({ ok: true, value: new IncomingPieces(this.#timers) }));
  }

  load(done: (result: Result<Uint8Array>) => void): void {
    this.#timers.after(0, () => {
      if (this.#kept === undefined) return done({ ok: false, error: new Error('there is no snapshot') });
      done({ ok: true, value: this.#kept.data });
    });
  }

  open(done: (result: Result<OpenSnapshot>) => void): void {
    const kept = this.#kept;
    this.load((loaded) => {
      if (!loaded.ok || kept === undefined)
        return done({ ok: false, error: new Error('there is no snapshot') });
      let rest = kept.data;
      const read = (): Result<Uint8Array> => {
        const value = rest;
        rest = rest.subarray(rest.length);
        return { ok: true, value };
      };
      done({ ok: true, value: { meta: kept.meta, read, close: () => {} } });
    });
  }

  forget(done: (result: Result<void>) => void): void {
    this.#timers.after(0, () => {
      this.#kept = this.#before;
      this.#before = undefined;
      done({ ok: true, value: undefined });
    });
  }
}
