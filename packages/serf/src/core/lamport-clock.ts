// A Lamport clock: counts what happened before what (Lamport 1978). Upstream: lamport.go.
// A serf node has three: for membership intents, user events and queries. All start at 1.
// Times stay exact in a JavaScript number: decoders refuse messages with a later time than `lamportTimeMax`,
// and a clock that was driven there by somebody stays there instead of overflowing. Upstream counts to 2^64.

/** One of a node's three clocks. */
export class LamportClock {
  #time = 1;

  /** The time the next thing we send will carry. */
  get time(): number {
    return this.#time;
  }

  /** Something was sent. */
  increment(): void {
    this.witness(this.#time);
  }

  /** Something with this time was seen: ours is later from now on. */
  witness(seen: number): void {
    if (seen >= this.#time) this.#time = Math.min(seen + 1, lamportTimeMax);
  }
}

/** The latest time there is; its successor is still exact. */
export const lamportTimeMax = Number.MAX_SAFE_INTEGER - 1;
