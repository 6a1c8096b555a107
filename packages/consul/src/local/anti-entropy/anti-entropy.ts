// When the agent's own is carried to the catalog: everything at the start, each minute and when a server
// turns up; changes at once, unless the last full round failed. Larger clusters wait longer.
// Upstream: agent/ae/ae.go. Next: catalog-sync.ts, which does it.

import type { Runtime, Timer } from '@reeve/runtime';

/** What is done; see `CatalogSync`. */
export interface SyncRounds {
  syncFull(): Promise<void>;
  syncChanges(): Promise<void>;
}

/** How long things wait, in milliseconds. */
export interface SyncTimings {
  /** `ae_interval`; as much again is added by chance. */
  readonly intervalMs: number;
  /** The most before a full round when a server has turned up. */
  readonly serverUpMs: number;
  /** Before a failed full round is tried again; as much again is added by chance. */
  readonly retryMs: number;
}

/** Upstream's. */
export const defaultSyncTimings: SyncTimings = { intervalMs: 60_000, serverUpMs: 3_000, retryMs: 15_000 };

/** Decides when to synchronize. */
export class AntiEntropy {
  readonly #runtime: Pick<Runtime, 'clock' | 'timers' | 'random' | 'log'>;
  readonly #rounds: SyncRounds;
  readonly #clusterSize: () => number;
  readonly #timings: SyncTimings;
  #isFullWanted = false;
  #areChangesWanted = false;
  #pauses = 0;
  #isStopped = false;
  #nextFullAt = 0;
  /** Ends the wait that is going on. */
  #wake: () => void = () => {};

  /** @param clusterSize how many members there are */
  constructor(
    runtime: Pick<Runtime, 'clock' | 'timers' | 'random' | 'log'>,
    rounds: SyncRounds,
    clusterSize: () => number,
    timings: SyncTimings = defaultSyncTimings,
  ) {
    this.#runtime = runtime;
    this.#rounds = rounds;
    this.#clusterSize = clusterSize;
    this.#timings = timings;
  }

  /** Begins with a full round. */
  start(): void {
    this.#planFull();
    void this.#run();
  }

  /** Ends for good; a round that runs comes to its end. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  /** A server has turned up, or leads from now on. */
  triggerFull(): void {
    this.#isFullWanted = true;
    this.#wake();
  }

  /** Something of the agent's own has changed. */
  triggerChanges(): void {
    this.#areChangesWanted = true;
    this.#wake();
  }

  /** Nothing is synchronized until as many calls of `resume`. */
  pause(): void {
    this.#pauses++;
  }

  resume(): void {
    this.#pauses--;
    if (this.#pauses === 0) this.triggerChanges();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      if (await this.#syncFull()) await this.#syncChangesUntilFull();
      else await this.#waitForRetry();
    }
  }

  /** Whether it went well. */
  async #syncFull(): Promise<boolean> {
    if (this.#pauses > 0) return false;
    try {
      await this.#rounds.syncFull();
      return true;
    } catch (error) {
      this.#log(`failed to sync remote state: error="${(error as Error).message}"`);
      return false;
    }
  }

  async #syncChangesUntilFull(): Promise<void> {
    while (!this.#isStopped) {
      await this.#wait(this.#nextFullAt, () => this.#isFullWanted || this.#areChangesWanted);
      if (this.#isFullWanted || this.#runtime.clock.now() >= this.#nextFullAt) break;
      this.#areChangesWanted = false;
      if (!this.#isStopped && this.#pauses === 0) await this.#syncChanges();
    }
    await this.#serverUpDelay();
    this.#planFull();
  }

  async #syncChanges(): Promise<void> {
    try {
      await this.#rounds.syncChanges();
    } catch (error) {
      this.#log(`failed to sync changes: error="${(error as Error).message}"`);
    }
  }

  async #waitForRetry(): Promise<void> {
    const { retryMs } = this.#timings;
    const until = this.#runtime.clock.now() + retryMs + this.#stagger(retryMs);
    await this.#wait(until, () => this.#isFullWanted);
    if (this.#isFullWanted) await this.#serverUpDelay();
    else this.#planFull();
  }

  /** Not everybody is to come to a new server at once. */
  async #serverUpDelay(): Promise<void> {
    if (!this.#isFullWanted) return;
    this.#isFullWanted = false;
    const until = this.#runtime.clock.now() + this.#stagger(this.#timings.serverUpMs);
    await this.#wait(until, () => false);
  }

  #planFull(): void {
    const { intervalMs } = this.#timings;
    this.#nextFullAt = this.#runtime.clock.now() + intervalMs + this.#stagger(intervalMs);
  }

  /** Until that time, until something is wanted, or until the end. */
  #wait(until: number, isWanted: () => boolean): Promise<void> {
    if (this.#isStopped || isWanted()) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const end = () => {
        timer?.cancel();
        this.#wake = () => {};
        resolve();
      };
      timer = this.#runtime.timers.after(until - this.#runtime.clock.now(), end);
      this.#wake = () => {
        if (this.#isStopped || isWanted()) end();
      };
    });
  }

  #stagger(ms: number): number {
    return this.#runtime.random.float() * ms * scaleFactor(this.#clusterSize());
  }

  #log(text: string): void {
    this.#runtime.log('err', `agent.anti_entropy: ${text}`);
  }
}

/** How much longer waits are in a cluster of so many nodes: one more with each doubling above 128. */
export function scaleFactor(nodes: number): number {
  return nodes <= scaleThreshold ? 1 : Math.ceil(Math.log2(nodes) - Math.log2(scaleThreshold)) + 1;
}

const scaleThreshold = 128;
