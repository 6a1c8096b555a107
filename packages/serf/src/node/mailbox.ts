// Values on their way from callbacks to a `for await` loop. Whatever comes before it is asked for waits in
// order; beyond itemsMax the oldest are dropped, and the next thing the loop gets says how many.

/** How a mailbox is made. */
export interface MailboxOptions<Item> {
  /** How many may wait. */
  readonly itemsMax: number;
  /** What the loop is given instead of so many dropped items. */
  readonly missed: (count: number) => Item;
  /** The loop was left. */
  readonly onReturn: () => void;
}

/** An async iterator that is fed. For one loop at a time. */
export class Mailbox<Item> implements AsyncIterableIterator<Item> {
  readonly #options: MailboxOptions<Item>;
  // Bounded by itemsMax.
  readonly #items: Item[] = [];
  // Bounded by its caller: a loop waits once.
  readonly #waiting: ((result: IteratorResult<Item, undefined>) => void)[] = [];
  #missed = 0;
  #hasEnded = false;

  constructor(options: MailboxOptions<Item>) {
    this.#options = options;
  }

  /** Hands over a value; nothing happens after the end. */
  push(item: Item): void {
    if (this.#hasEnded) return;
    const waiting = this.#waiting.shift();
    if (waiting) return waiting({ done: false, value: item });
    this.#items.push(item);
    if (this.#items.length <= this.#options.itemsMax) return;
    this.#items.shift();
    this.#missed += 1;
  }

  /** Nothing more will come. What waits can still be read. */
  end(): void {
    this.#hasEnded = true;
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#missed > 0) {
      const value = this.#options.missed(this.#missed);
      this.#missed = 0;
      return Promise.resolve({ done: false, value });
    }
    const [item] = this.#items.splice(0, 1);
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#items.length = 0;
    this.#missed = 0;
    this.end();
    this.#options.onReturn();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
