// Visits a page all the time, and counts the visits that were in vain.

import { setTimeout as sleep } from 'node:timers/promises';

/** Of one page. */
export class Visitor {
  /** How many visits there were. */
  visits = 0;
  /** How many of them were not answered as they should. */
  inVain = 0;
  #isVisiting = true;
  #ended;

  constructor(url) {
    this.#ended = this.#visit(url);
  }

  /** Waits for the last visit. */
  async end() {
    this.#isVisiting = false;
    await this.#ended;
  }

  async #visit(url) {
    while (this.#isVisiting) {
      const isAnswered = await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
      this.visits += 1;
      if (!isAnswered) this.inVain += 1;
      await sleep(everyMs);
    }
  }
}

const everyMs = 50;
