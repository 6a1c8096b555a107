// What a job says, carried away in numbered pieces: when there is enough for one, when nothing has been said
// for a while, and an empty one as a sign of life. Upstream: agent/remote_exec.go (rexecWriter).

import type { Runtime, Timer } from '@reeve/runtime';

/** Carries one piece away; rejects if that cannot be done, and then it is not asked again. */
export type Carry = (number: number, piece: Uint8Array) => Promise<void>;

/** The output of one job. */
export class JobOutput {
  readonly #timers: Runtime['timers'];
  readonly #carry: Carry;
  readonly #signOfLifeMs: number;
  #waiting: Uint8Array = new Uint8Array(0); // less than a piece
  #number = 0;
  #carried: Promise<void> = Promise.resolve();
  #flush: Timer | undefined;
  #signOfLife: Timer | undefined;

  constructor(timers: Runtime['timers'], waitMs: number, carry: Carry) {
    this.#timers = timers;
    this.#carry = carry;
    this.#signOfLifeMs = Math.max(waitMs, signOfLifeMsMin);
    this.#awaitSilence();
  }

  /** Takes more; resolves when there is room again. Never rejects. */
  write(chunk: Uint8Array): Promise<void> {
    this.#flush?.cancel();
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
    while (this.#waiting.length >= pieceBytes) {
      this.#send(this.#waiting.subarray(0, pieceBytes));
      this.#waiting = this.#waiting.subarray(pieceBytes);
    }
    this.#flush = this.#timers.after(flushMs, () => this.#sendRest());
    return this.#carried.catch(() => {});
  }

  /** All has been said. Rejects if any of it could not be carried away. */
  end(): Promise<void> {
    this.#sendRest();
    this.#signOfLife?.cancel();
    return this.#carried;
  }

  #sendRest(): void {
    this.#flush?.cancel();
    if (this.#waiting.length > 0) this.#send(this.#waiting);
    this.#waiting = new Uint8Array(0);
  }

  #send(piece: Uint8Array): void {
    this.#signOfLife?.cancel();
    const number = this.#number++;
    const carried = this.#carried.then(() => this.#carry(number, piece));
    this.#carried = carried;
    carried.catch(() => {}); // `end` tells it
    this.#awaitSilence();
  }

  #awaitSilence(): void {
    this.#signOfLife = this.#timers.after(this.#signOfLifeMs, () => this.#send(new Uint8Array(0)));
  }
}

/** Upstream's. */
const pieceBytes = 4096;
const flushMs = 500;
/** Ours: whoever asks for none at all would have a piece written with every breath. */
const signOfLifeMsMin = 100;
