// Deleted keys leave tombstones, so that who waits for a prefix sees its index move. After a while nobody can
// be waiting behind them, and the leader has all servers forget them. Upstream: state/tombstone_gc.go,
// agent/consul/leader.go (reapTombstones).

import type { Runtime, Timer } from '@reeve/runtime';
import { apply } from '../apply.ts';
import type { ServerContext } from '../server-context.ts';

/** When which tombstones are to be forgotten. */
export class TombstoneReaper {
  readonly #runtime: Pick<Runtime, 'timers' | 'clock'>;
  readonly #reap: (index: number) => void;
  // The highest index of each time slot; bounded by ttl / granularity.
  readonly #slots = new Map<number, { index: number; readonly timer: Timer }>();
  #isLeading = false;

  /** @param reap is to write that tombstones up to an index are to be forgotten. */
  constructor(runtime: Pick<Runtime, 'timers' | 'clock'>, reap: (index: number) => void) {
    this.#runtime = runtime;
    this.#reap = reap;
  }

  /** This server leads. Tombstones up to `lastIndex` may be as new as this. */
  start(lastIndex: number): void {
    this.#isLeading = true;
    this.note(lastIndex);
  }

  /** This server leads no more. */
  stop(): void {
    this.#isLeading = false;
    for (const { timer } of this.#slots.values()) timer.cancel();
    this.#slots.clear();
  }

  /** The entry with this index left a tombstone. */
  note(index: number): void {
    if (!this.#isLeading || index === 0) return;
    const now = this.#runtime.clock.now();
    const slot = Math.floor((now + ttlMs) / granularityMs) + 1;
    const known = this.#slots.get(slot);
    if (known !== undefined) {
      known.index = Math.max(known.index, index);
      return;
    }
    const timer = this.#runtime.timers.after(slot * granularityMs - now, () => this.#onSlot(slot));
    this.#slots.set(slot, { index, timer });
  }

  #onSlot(slot: number): void {
    const found = this.#slots.get(slot);
    this.#slots.delete(slot);
    if (found !== undefined) this.#reap(found.index);
  }
}

/** Writes that tombstones up to an index are to be forgotten. */
export async function reapTombstones(server: ServerContext, reapIndex: number): Promise<void> {
  const { runtime, datacenter } = server;
  const request = { datacenter, token: '', operation: 'reap', reapIndex };
  try {
    await apply(server, { type: 'tombstone', request });
  } catch (error) {
    const why = `index=${reapIndex} error="${(error as Error).message}"`;
    runtime.log('err', `consul: failed to reap tombstones up to index: ${why}`);
  }
}

/** Upstream's numbers. */
const ttlMs = 15 * 60 * 1000;
const granularityMs = 30 * 1000;
