// What was heard at each of the last Lamport times, so that gossip is handled once. User events and queries
// have one each. Upstream: serf.go (eventBuffer, queryBuffer); a ring with slot = time mod size.
// Two bounds: times older than the ring are refused, and when what is remembered grows too large, the oldest
// times are closed early, so that nothing is ever told twice.
// The ring's reach is measured from the latest time heard, and not, as upstream does, from the clock: that
// moves with what others say of theirs, and where one lie drove it, all the others' messages would be old.

/** What a new item turned out to be. `early`: before the minimum time. `old`: before the ring's reach. */
export type Heard = 'new' | 'seen' | 'early' | 'old' | 'crowded';

/** Everything heard at one time. */
export interface Slot<Item> {
  readonly lTime: number;
  readonly items: Iterable<Item>;
}

/** How items are told apart, and what they weigh against `costMax`. */
export interface LamportBufferOptions<Item> {
  readonly size: number;
  readonly keyOf: (item: Item) => string | number;
  readonly costOf: (item: Item) => number;
  readonly costMax: number;
}

/** A ring of Lamport times with their items. */
export class LamportBuffer<Item> {
  readonly #options: LamportBufferOptions<Item>;
  // Bounded by costMax over all slots.
  readonly #slots: (MutableSlot<Item> | undefined)[];
  #cost = 0;
  #minimumTime = 0;
  #latest = 0;

  constructor(options: LamportBufferOptions<Item>) {
    this.#options = options;
    this.#slots = new Array(options.size).fill(undefined);
  }

  /** The ring by slot, as it is sent in a push/pull. */
  slots(): readonly (Slot<Item> | undefined)[] {
    return this.#slots.map((slot) => slot && { lTime: slot.lTime, items: slot.items.values() });
  }

  /** The latest time at which anything was heard. */
  get latest(): number {
    return this.#latest;
  }

  /** From now on everything before this time counts as `early`. Never goes back. */
  ignoreBefore(lTime: number): void {
    this.#minimumTime = Math.max(this.#minimumTime, lTime);
  }

  /** Remembers an item of this time. */
  add(lTime: number, item: Item): Heard {
    if (lTime < this.#minimumTime) return 'early';
    const { size, keyOf, costOf } = this.#options;
    if (lTime <= this.#latest - size) return 'old';
    this.#latest = Math.max(this.#latest, lTime);

    const slot = this.#slotFor(lTime);
    const key = keyOf(item);
    if (slot.items.has(key)) return 'seen';
    const cost = costOf(item);
    if (!this.#makeRoom(cost, slot)) return 'crowded';
    slot.items.set(key, item);
    slot.cost += cost;
    this.#cost += cost;
    return 'new';
  }

  #slotFor(lTime: number): MutableSlot<Item> {
    const index = lTime % this.#options.size;
    const slot = this.#slots[index];
    if (slot?.lTime === lTime) return slot;
    this.#cost -= slot?.cost ?? 0;
    const fresh = { lTime, items: new Map<string | number, Item>(), cost: 0 };
    this.#slots[index] = fresh;
    return fresh;
  }

  /** Closes the oldest times until `cost` fits; false if even this slot alone leaves no room for it. */
  #makeRoom(cost: number, keep: MutableSlot<Item>): boolean {
    const { costMax } = this.#options;
    if (keep.cost + cost > costMax) return false;
    while (this.#cost + cost > costMax) this.#closeOldest(keep);
    return true;
  }

  #closeOldest(keep: MutableSlot<Item>): void {
    let oldest: MutableSlot<Item> | undefined;
    for (const slot of this.#slots) {
      if (slot && slot !== keep && slot.cost > 0 && slot.lTime < (oldest?.lTime ?? Infinity)) oldest = slot;
    }
    if (oldest === undefined) throw new Error('the cost of a buffer is the cost of its slots');
    this.ignoreBefore(oldest.lTime + 1);
    this.#cost -= oldest.cost;
    this.#slots[oldest.lTime % this.#options.size] = undefined;
  }
}

interface MutableSlot<Item> {
  readonly lTime: number;
  readonly items: Map<string | number, Item>;
  cost: number;
}
