// One run of a process on a virtual machine, from its start to its crash.
//
// Everything the process is told comes through `later`, so that a dead process hears nothing: no timers, no
// packets, no answers from the disk. What it leaves on the machine (files) outlives it. Next: host.ts.

import type { Timer } from '../clock.ts';
import type { Agenda } from './agenda.ts';

/** The thread of life behind one `Runtime`. */
export class Life {
  readonly #agenda: Agenda;
  readonly #atDeath = new Set<() => void>();
  #alive = true;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  /** False once the process has crashed. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Virtual milliseconds since the world began. */
  get now(): number {
    return this.#agenda.now;
  }

  /** Calls `fire` after a delay, if the process is still there. */
  later(delayMs: number, fire: () => void): Timer {
    return this.#agenda.after(delayMs, () => {
      if (this.#alive) fire();
    });
  }

  /** Has `cleanUp` run by the kernel when the process dies; returns how to take that back. */
  atDeath(cleanUp: () => void): () => void {
    this.#atDeath.add(cleanUp);
    return () => this.#atDeath.delete(cleanUp);
  }

  /** Ends the process without a word to it. */
  end(): void {
    this.#alive = false;
    for (const cleanUp of this.#atDeath) cleanUp();
    this.#atDeath.clear();
  }
}
