// What operators see of raft under `/v1/agent/metrics`. Names are hashicorp/raft's; it tells gauges of the
// log only when it has one to tell of.

import type { Clock, Metrics } from '@reeve/runtime';
import type { RaftState, Write } from './core/index.ts';

/** Counts and times what a server does. */
export class Measures {
  readonly #metrics: Metrics;
  readonly #clock: Clock;
  /** When our entries were written to the log, by index. Bounded like the proposals it times. */
  readonly #proposedAtMs = new Map<number, number>();

  constructor(metrics: Metrics, clock: Clock) {
    this.#metrics = metrics;
    this.#clock = clock;
  }

  /** Somebody asks for something. */
  onAsked(what: 'apply' | 'barrier' | 'verify_leader'): void {
    this.#metrics.count(`raft.${what}`, 1);
  }

  /** An entry of ours is in the log. */
  onProposed(index: number): void {
    this.#proposedAtMs.set(index, this.#clock.now());
  }

  /** A server becomes something else. */
  onRole(role: RaftState['role']): void {
    this.#metrics.count(`raft.state.${role}`, 1);
    if (role === 'candidate') this.#metrics.count('raft.transition.heartbeat_timeout', 1);
    if (role !== 'leader') this.#proposedAtMs.clear();
  }

  /** Begins to time a write; what is returned ends it. */
  onWrite({ entries }: Write, { role }: RaftState): () => void {
    if (role !== 'leader' || entries.length === 0) return () => {};
    this.#metrics.gauge('raft.leader.dispatchNumLogs', entries.length);
    const beganAtMs = this.#clock.now();
    return () => this.#metrics.sample('raft.leader.dispatchLog', this.#clock.now() - beganAtMs);
  }

  /** Entries up to one have been applied, since a time. */
  onApplied(first: number, last: number, sinceMs: number, { log }: RaftState): void {
    const now = this.#clock.now();
    this.#metrics.sample('raft.fsm.apply', now - sinceMs);
    this.#metrics.gauge('raft.commitNumLogs', last + 1 - first);
    this.#metrics.gauge('raft.applied_index', last);
    this.#metrics.gauge('raft.last_index', log.lastIndex);
    if (this.#proposedAtMs.size === 0) return;
    for (let index = first; index <= last; index++) {
      const proposedAtMs = this.#proposedAtMs.get(index);
      if (proposedAtMs === undefined) continue;
      this.#proposedAtMs.delete(index);
      this.#metrics.sample('raft.commitTime', sinceMs - proposedAtMs);
    }
  }
}
