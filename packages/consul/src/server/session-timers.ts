// Session TTLs: sessions that nobody renews are ended. Only the leader does; a new leader gives every session
// its whole time again, since it cannot know how much was left. Upstream: agent/consul/session_ttl.go.
// Next: leader/session-expiry.ts (how a session is ended).

import { parseDuration } from '@reeve/cli';
import type { Runtime, Timer } from '@reeve/runtime';
import type { Session } from '../core/index.ts';

/** The timers of sessions with a TTL. Bounded by the sessions there are. */
export class SessionTimers {
  readonly #timers = new Map<string, Timer>();
  readonly #runtime: Pick<Runtime, 'timers'>;
  readonly #expire: (id: string) => void;

  /** @param expire is to write the end of the session, and to try again if that fails. */
  constructor(runtime: Pick<Runtime, 'timers'>, expire: (id: string) => void) {
    this.#runtime = runtime;
    this.#expire = expire;
  }

  /** How many sessions have a timer. */
  get count(): number {
    return this.#timers.size;
  }

  /** The session has its whole time again: twice its TTL, so that a late renewal is in time. */
  restart({ id, ttl }: Pick<Session, 'id' | 'ttl'>): void {
    const ttlMs = ttl === '' ? 0 : parseDuration(ttl);
    if (ttlMs === 0) return;
    this.#timers.get(id)?.cancel();
    const timer = this.#runtime.timers.after(ttlMs * ttlMultiplier, () => {
      this.#timers.delete(id);
      this.#expire(id);
    });
    this.#timers.set(id, timer);
  }

  /** The session has ended. */
  stop(id: string): void {
    this.#timers.get(id)?.cancel();
    this.#timers.delete(id);
  }

  /** This server leads no more. */
  stopAll(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}

/** Upstream: structs.SessionTTLMultiplier. */
const ttlMultiplier = 2;
