// A Lamport clock: counts what happened before what (Lamport 1978). Upstream: lamport.go.
// A serf node has three: for membership intents, user events and queries. All start at 1.
// Times stay exact in a JavaScript number. Upstream counts to 2^64 and believes every time it is told, so one
// packet can drive all clocks to their end. Here a packet drives them half the way at most, and beyond that a
// step; what is left cannot be used up. Next: witness-time.ts.

/** One of a node's three clocks. */
export class LamportClock {
  #time = 1;

  /** The time the next thing we send will carry. */
  get time(): number {
    return this.#time;
  }

  /** Something was sent. */
  increment(): void {
    this.restore(this.#time);
  }

  /**
   * Something with this time was seen: ours is later from now on. False, and nothing changed, when no honest
   * node can have got there: who alone has heard it would take everybody else's times for old.
   */
  witness(seen: number): boolean {
    if (seen > Math.max(farthestJump, this.#time + longestStep)) return false;
    this.restore(seen);
    return true;
  }

  /**
   * Another node's clock stands here. If we asked it, ours follows, to meet all others there; if we did not,
   * only to where everybody would believe what we send.
   */
  follow(seen: number, asked: boolean): void {
    const latest = asked ? farthestAsked : farthestUnasked;
    this.restore(Math.min(seen, Math.max(latest, this.#time + longestStep)));
  }

  /** What we sent or recorded ourselves had this time. */
  restore(seen: number): void {
    if (seen >= this.#time) this.#time = Math.min(seen + 1, lamportTimeMax);
  }
}

/** The latest time there is; its successor is still exact. */
export const lamportTimeMax = Number.MAX_SAFE_INTEGER - 1;
/** Nobody honest gets here: a thousand messages a second take 142,000 years. */
const farthestJump = 2 ** 52;
/** State exchanges are not passed on: who is driven here alone can count on without leaving the others. */
const farthestUnasked = 2 ** 51;
/** Where 2^24 packets, each a step beyond the farthest jump, may have brought a whole cluster. */
const farthestAsked = 2 ** 52 + 2 ** 40;
/** Beyond it, 2^36 packets are needed to get to the end. */
const longestStep = 2 ** 16;
