// The state of a server: tables, who waits for them, and lock delays. Upstream: agent/consul/state.
// Rules change it through a transaction (nodes.ts, key-values.ts …), queries read its tables (queries/).

import type { Clock } from '@reeve/runtime';
import { LockDelays } from './lock-delays.ts';
import { ServiceHealth } from './service-health.ts';
import { cloneTables, createTables, type Tables } from './tables.ts';
import { Transaction } from './transaction.ts';
import { Watchers } from './watchers.ts';

/** What a state store needs. */
export interface StateStoreOptions {
  /** For lock delays only: nothing that is kept depends on it. */
  readonly clock: Pick<Clock, 'now'>;
  /** An entry with this index left a tombstone, which the leader is to have reaped after a while. */
  readonly onTombstone?: (index: number) => void;
}

/** Everything a server knows of its datacenter. */
export class StateStore {
  readonly watchers = new Watchers();
  /** Answers the question for a service's instances with their checks. */
  readonly health = new ServiceHealth();
  readonly lockDelays: LockDelays;
  readonly #options: StateStoreOptions;
  #tables: Tables = createTables();

  constructor(options: StateStoreOptions) {
    this.#options = options;
    this.lockDelays = new LockDelays(options.clock);
  }

  /** What queries read. Only to be kept while nothing can be written: see `snapshot`. */
  get tables(): Tables {
    return this.#tables;
  }

  /**
   * Makes the changes of one raft entry. If `change` throws, nothing is changed and the error is passed on;
   * if not, who waits for what was changed is woken before this returns.
   */
  write<Result>(index: number, change: (transaction: Transaction) => Result): Result {
    const transaction = new Transaction(this.#tables, index);
    let result: Result;
    try {
      result = change(transaction);
    } catch (error) {
      transaction.undo();
      throw error;
    }
    for (const [key, delayNs] of transaction.lockDelaysNs) this.lockDelays.begin(key, delayNs);
    if (transaction.leftTombstone) this.#options.onTombstone?.(index);
    this.watchers.wake(transaction.changes);
    return result;
  }

  /** The tables as they are now; writes go on without changing them. */
  snapshot(): Tables {
    return cloneTables(this.#tables);
  }

  /** Takes over other tables, those of a snapshot. Everybody who waits is woken. */
  replace(tables: Tables): void {
    this.#tables = tables;
    this.watchers.wakeAll();
  }
}
