// One run of a process on a virtual machine, from its start to its crash.
//
// Everything the process is told comes through `later` and `whenHeard`, so that a dead process hears
// nothing, and a blocked one hears it late: no timers, no packets, no answers from the disk. What it leaves
// on the machine (files) outlives it. Next: host.ts.

import type { Timer } from '../clock.ts';
import type { Agenda } from './agenda.ts';

/** The thread of life behind one `Runtime`. */
export class Life {
  readonly #agenda: Agenda;
  readonly #ran: () => void;
  readonly #atDeath = new Set<() => void>();
  // What waits for a blocked process, oldest first. Bounded by what it had asked for and what it is sent.
  readonly #waiting: (() => void)[] = [];
  // What a process that is cut off from its messages has not heard and not sent. Bounded like that.
  readonly #unheard: (() => void)[] = [];
  readonly #unsent: (() => void)[] = [];
  #wakesAtMs = 0;
  #isBlocked = false;
  #messagesPassAtMs = 0;
  #messagesWait = false;
  #stopsAtSend = false;
  #alive = true;

  /** `ran` is called each time the process was told something. */
  constructor(agenda: Agenda, ran: () => void) {
    this.#agenda = agenda;
    this.#ran = ran;
  }

  /** False once the process has crashed. */
  get alive(): boolean {
    return this.#alive;
  }

  /** True while the process does not run, or catches up with what waited meanwhile. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** True while messages wait, in and out, although the process runs. */
  get messagesWait(): boolean {
    return this.#messagesWait;
  }

  /** How many calls a blocked process has before it. */
  get waiting(): number {
    return this.#waiting.length + this.#unheard.length;
  }

  /** Virtual milliseconds since the world began. */
  get now(): number {
    return this.#agenda.now;
  }

  /** Calls `fire` after a delay, if the process is still there. */
  later(delayMs: number, fire: () => void): Timer {
    let isCancelled = false;
    const unlessCancelled = () => {
      if (!isCancelled) fire();
    };
    const timer = this.#agenda.after(delayMs, () => this.#whenRunning(unlessCancelled));
    return {
      cancel: () => {
        isCancelled = true; // it may have come due, and wait for the process to run
        timer.cancel();
      },
    };
  }

  /** Tells the process of a message: at once, or behind everything else that waits for it to run again. */
  whenHeard(call: () => void): void {
    if (this.#messagesWait && this.#alive) this.#unheard.push(call);
    else this.#whenRunning(call);
  }

  /** Sends a message of the process, or does so when its messages pass again. */
  whenSent(send: () => void): void {
    if (!this.#messagesWait || !this.#alive) return send();
    this.#unsent.push(send);
    if (this.#stopsAtSend) this.block(this.#messagesPassAtMs - this.#agenda.now);
  }

  /** Stops the process for a while, as a scheduler or a debugger does. Twice: until the later of the two. */
  block(forMs: number): void {
    this.#wakesAtMs = Math.max(this.#wakesAtMs, this.#agenda.now + forMs);
    if (this.#isBlocked) return;
    this.#isBlocked = true;
    this.#agenda.at(this.#wakesAtMs, () => this.#catchUp());
  }

  /** Holds up messages, in and out, while timers go on, or go on until the process sends. */
  blockMessages(forMs: number, stopsAtSend: boolean): void {
    this.#stopsAtSend = stopsAtSend;
    this.#messagesPassAtMs = Math.max(this.#messagesPassAtMs, this.#agenda.now + forMs);
    if (this.#messagesWait) return;
    this.#messagesWait = true;
    this.#agenda.at(this.#messagesPassAtMs, () => this.#passMessages());
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
    this.#waiting.length = 0;
    this.#unheard.length = 0;
    this.#unsent.length = 0;
  }

  #whenRunning(call: () => void): void {
    if (!this.#alive) return;
    if (this.#isBlocked) this.#waiting.push(call);
    else this.#run(call);
  }

  #passMessages(): void {
    if (!this.#alive) return;
    if (this.#agenda.now < this.#messagesPassAtMs) {
      this.#agenda.at(this.#messagesPassAtMs, () => this.#passMessages());
      return;
    }
    this.#messagesWait = false;
    for (const send of this.#unsent.splice(0)) send();
    for (const call of this.#unheard.splice(0)) this.#whenRunning(call);
  }

  /** One call after the other, each an event of its own; what arrives meanwhile goes to the end. */
  #catchUp(): void {
    if (!this.#alive) return;
    if (this.#agenda.now < this.#wakesAtMs) {
      this.#agenda.at(this.#wakesAtMs, () => this.#catchUp());
      return;
    }
    const call = this.#waiting.shift();
    if (call === undefined) {
      this.#isBlocked = false;
      return;
    }
    this.#agenda.after(0, () => this.#catchUp());
    this.#run(call);
  }

  #run(call: () => void): void {
    call();
    this.#ran();
  }
}
