// Joining a cluster: a push/pull through memberlist, then a join intent to everybody. Upstream: serf.go
// (Join). One join after the other, since one that ignores old events must not make another ignore them.

import { SerfError } from './errors.ts';
import { broadcastJoin } from './join-intent.ts';
import type { Machine } from './machine.ts';

/** How a join ended. */
export interface JoinOutcome {
  /** How many of the given addresses were joined. */
  readonly joined: number;
  /** Why none was. */
  readonly error?: Error | undefined;
}

/** A node's joins, in the order in which they were asked for. */
export class JoinQueue {
  readonly #machine: Machine;
  // Bounded by waitingJoinsMax.
  readonly #waiting: (() => void)[] = [];
  #isJoining = false;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Joins as soon as those before are done; `done` may run inside this call. */
  join(addresses: readonly string[], ignoreOld: boolean, done: (outcome: JoinOutcome) => void): void {
    const { waitingJoinsMax } = this.#machine.config.limits;
    if (this.#waiting.length >= waitingJoinsMax)
      return done({
        joined: 0,
        error: new SerfError(`too many joins are waiting: at most ${waitingJoinsMax}`),
      });
    this.#waiting.push(() => this.#begin(addresses, ignoreOld, done));
    if (!this.#isJoining) this.#next();
  }

  #next(): void {
    this.#isJoining = false;
    this.#waiting.shift()?.();
  }

  #begin(addresses: readonly string[], ignoreOld: boolean, done: (outcome: JoinOutcome) => void): void {
    const machine = this.#machine;
    this.#isJoining = true;
    const finish = (outcome: JoinOutcome) => {
      machine.ignoresOldEvents = false;
      done(outcome);
      this.#next();
    };
    if (machine.state !== 'alive')
      return finish({ joined: 0, error: new SerfError("Serf can't Join after Leave or Shutdown") });
    machine.ignoresOldEvents = ignoreOld;
    machine.gossip.join(addresses, ({ joined, error }) => {
      if (joined > 0) {
        machine.seeds.remember(addresses);
        broadcastJoin(machine);
      }
      finish(joined > 0 ? { joined } : { joined, error });
    });
  }
}
