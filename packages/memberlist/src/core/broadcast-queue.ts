// Messages waiting to ride on packets, each to be sent a limited number of times. SWIM section 4.1
// (piggybacking): what was sent least goes first. Upstream: memberlist queue.go (TransmitLimitedQueue).
// Invariants: tiers are in the order of transmits; within a tier larger messages go first, of equal ones the
// newest; one broadcast a name. Tiers are kept the other way round, first to go at the end: in a cluster of a
// thousand that forms, thousands of broadcasts wait, and most packets take a dozen off the end.
// Bounded by broadcastsMax. Next: gossip.ts and send.ts, who take from it.

import { retransmitLimit } from './scaling.ts';

/** What to tell the cluster. */
export interface Broadcast {
  readonly message: Uint8Array;
  /** A later broadcast of the same name replaces this one. Absent: it stands for itself. */
  readonly name?: string | undefined;
  /**
   * Sent half as often as others, and no reason to send a packet (`hasNews`); except for what it replaces and
   * had not been sent so often.
   */
  readonly isBrief?: boolean | undefined;
  /**
   * Called once, when it was sent as often as needed, or was replaced or dropped. Must not touch the queue.
   */
  readonly finished?: (() => void) | undefined;
}

/** What a queue is made with. */
export interface BroadcastQueueOptions {
  /** The number of nodes, which decides how often a message is sent. */
  readonly nodeCount: () => number;
  readonly retransmitMult: number;
  /** Beyond this many the most transmitted, smallest ones are dropped. */
  readonly broadcastsMax: number;
  /** Called after each broadcast that was added: who sends them may be asleep. */
  readonly onQueued?: () => void;
}

interface Queued extends Broadcast {
  transmits: number;
  readonly bytes: number;
  readonly order: number;
}

/** A queue of broadcasts. */
export class BroadcastQueue {
  readonly #options: BroadcastQueueOptions;
  // Index = number of transmits so far; bounded by the retransmit limit.
  readonly #tiers: Queued[][] = [];
  readonly #named = new Map<string, Queued>();
  #size = 0;
  #order = 0;

  constructor(options: BroadcastQueueOptions) {
    this.#options = options;
  }

  /** How many broadcasts wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * Whether anything waits that is worth a packet of its own. In a small cluster everything is: there are few
   * who could take along what is not.
   */
  get hasNews(): boolean {
    const half = this.#transmitsMax >> 1;
    if (half < companyMin) return this.#size > 0;
    return this.#tiers.some((tier, transmits) => {
      return tier.some(({ isBrief }) => !isBrief || transmits < half);
    });
  }

  /** Adds a broadcast; it replaces the one of the same name, whose `finished` is called. */
  queue(broadcast: Broadcast): void {
    const { message, name, finished, isBrief = false } = broadcast;
    const replaced = name === undefined ? undefined : this.#named.get(name);
    if (replaced) this.#drop(replaced);
    const half = this.#transmitsMax >> 1;
    const transmits = isBrief ? Math.min(half, replaced?.transmits ?? half) : 0;
    const order = this.#order++;
    const queued: Queued = { message, name, finished, isBrief, transmits, bytes: message.length, order };
    if (name !== undefined) this.#named.set(name, queued);
    this.#insert(queued);
    const { broadcastsMax, onQueued } = this.#options;
    // Some more than needed, as the rest has to be moved each time.
    if (this.#size > broadcastsMax) this.prune(broadcastsMax - Math.floor(broadcastsMax / 64));
    onQueued?.();
  }

  /**
   * Takes as many messages as fit: each costs `overheadBytes` on top of its length, together at most
   * `limitBytes`. Every message taken counts as transmitted once.
   */
  take(overheadBytes: number, limitBytes: number): Uint8Array[] {
    if (this.#size === 0) return [];
    const taken = this.#select(overheadBytes, limitBytes);
    const limit = this.#transmitsMax;
    for (const queued of taken) {
      queued.transmits += 1;
      if (queued.transmits < limit) this.#insert(queued);
      else this.#finish(queued);
    }
    return taken.map((queued) => queued.message);
  }

  /** Drops from the high end, most transmitted and smallest first, until `sizeMax` are left. */
  prune(sizeMax: number): void {
    for (const tier of this.#tiers.toReversed()) {
      const dropped = tier.splice(0, Math.max(0, this.#size - sizeMax));
      this.#size -= dropped.length;
      for (const queued of dropped) this.#finish(queued);
    }
  }

  /** Drops everything. */
  reset(): void {
    this.prune(0);
  }

  get #transmitsMax(): number {
    const { retransmitMult, nodeCount } = this.#options;
    return retransmitLimit(retransmitMult, nodeCount());
  }

  #select(overheadBytes: number, limitBytes: number): Queued[] {
    const taken: Queued[] = [];
    let freeBytes = limitBytes;
    for (const tier of this.#tiers) {
      let end = countUpTo(tier, freeBytes - overheadBytes);
      while (end > 0) {
        let start = end;
        for (let next = tier[start - 1]; next; next = tier[start - 1]) {
          if (overheadBytes + next.bytes > freeBytes) break;
          freeBytes -= overheadBytes + next.bytes;
          taken.push(next);
          start -= 1;
        }
        tier.splice(start, end - start);
        end = Math.min(start, countUpTo(tier, freeBytes - overheadBytes));
      }
    }
    this.#size -= taken.length;
    return taken;
  }

  #insert(queued: Queued): void {
    while (this.#tiers.length <= queued.transmits) this.#tiers.push([]);
    const tier = this.#tiers[queued.transmits];
    tier?.splice(positionIn(tier, queued), 0, queued);
    this.#size += 1;
  }

  #drop(queued: Queued): void {
    const tier = this.#tiers[queued.transmits];
    if (!tier) return;
    tier.splice(positionIn(tier, queued), 1);
    this.#size -= 1;
    this.#finish(queued);
  }

  #finish(queued: Queued): void {
    if (queued.name !== undefined && this.#named.get(queued.name) === queued) this.#named.delete(queued.name);
    queued.finished?.();
  }
}

/** Where `queued` is, or belongs. */
function positionIn(tier: readonly Queued[], { bytes, order }: Queued): number {
  return countBefore(tier, bytes, order);
}

/** How many messages have at most so many bytes. */
function countUpTo(tier: readonly Queued[], bytes: number): number {
  return countBefore(tier, bytes, Number.POSITIVE_INFINITY);
}

/** How many are smaller, or of this size and older. */
function countBefore(tier: readonly Queued[], bytes: number, order: number): number {
  let low = 0;
  let high = tier.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const queued = tier[middle] as Queued;
    const isBefore = queued.bytes === bytes ? queued.order < order : queued.bytes < bytes;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Half of how often ten nodes send a message, in upstream's profiles for networks. */
const companyMin = 4;
