// Asks DNS on all machines all the time, and remembers how long after its death anybody was still named.

import { setTimeout as sleep } from 'node:timers/promises';

/** Of one name. */
export class Witness {
  /** How many answers came. */
  answers = 0;
  /** The longest time after a death at which an answer named the dead one, milliseconds. */
  longestMs = 0;
  #deaths = new Map();
  #isWatching = true;

  constructor(machines, name) {
    for (const machine of machines) void this.#watch(machine, name);
  }

  /** From now on this address is dead. */
  died(address) {
    this.#deaths.set(address, performance.now());
  }

  /** It lives again. */
  lives(address) {
    this.#deaths.delete(address);
  }

  end() {
    this.#isWatching = false;
  }

  async #watch(machine, name) {
    while (this.#isWatching) {
      const askedMs = performance.now();
      const addresses = await machine.addresses(name);
      this.answers += 1;
      for (const address of addresses) {
        const diedMs = this.#deaths.get(address) ?? askedMs;
        this.longestMs = Math.max(this.longestMs, askedMs - diedMs);
      }
      await sleep(everyMs);
    }
  }
}

const everyMs = 20;
