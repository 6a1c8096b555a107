// Coordinates change all the time and matter little: the leader gathers them and writes some at a time.
// Upstream: agent/consul/coordinate_endpoint.go (batchUpdate).

import type { Runtime, Timer } from '@reeve/runtime';
import type { NodeCoordinate } from '../core/index.ts';

/** Coordinates that wait to be written. */
export class CoordinateBatches {
  readonly #runtime: Pick<Runtime, 'timers' | 'log'>;
  readonly #write: (batch: readonly NodeCoordinate[]) => Promise<unknown>;
  // By node and segment; bounded by batchElements × batchesMax, beyond which newcomers are dropped.
  #waiting = new Map<string, NodeCoordinate>();
  #discarded = 0;
  #timer: Timer | undefined;

  constructor(
    runtime: Pick<Runtime, 'timers' | 'log'>,
    write: (batch: readonly NodeCoordinate[]) => Promise<unknown>,
  ) {
    this.#runtime = runtime;
    this.#write = write;
  }

  /** The newest coordinate of a node takes the place of an older one. */
  add(coordinate: NodeCoordinate): void {
    const key = `${coordinate.node}:${coordinate.segment}`;
    if (this.#waiting.size < batchElements * batchesMax || this.#waiting.has(key)) {
      this.#waiting.set(key, coordinate);
    } else {
      this.#discarded++;
    }
    this.#timer ??= this.#runtime.timers.after(periodMs, () => {
      this.#timer = undefined;
      void this.#flush();
    });
  }

  /** Writes nothing more. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting.clear();
  }

  async #flush(): Promise<void> {
    const pending = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (this.#discarded > 0) {
      this.#runtime.log('warn', `consul.coordinate: Discarded coordinate updates: ${this.#discarded}`);
      this.#discarded = 0;
    }
    try {
      for (let at = 0; at < pending.length; at += batchElements) {
        await this.#write(pending.slice(at, at + batchElements));
      }
    } catch (error) {
      this.#runtime.log('warn', `consul.coordinate: Batch update failed: ${(error as Error).message}`);
    }
  }
}

/** Upstream's numbers: every 5 s, 128 at a time, 5 times. */
const periodMs = 5_000;
const batchElements = 128;
const batchesMax = 5;
