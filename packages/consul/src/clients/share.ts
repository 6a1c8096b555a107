// What somebody may take of our memory: each client, and all clients together. Who has next to nothing gets
// more also when others together have too much.

/** An amount that one client has, or all have together. */
export class Share {
  readonly #max: number;
  readonly #fair: number;
  readonly #all: Share | undefined;
  #held = 0;

  /** @param fair what each may have when all have too much. */
  constructor(max: number, fair = 0, all?: Share) {
    this.#max = max;
    this.#fair = fair;
    this.#all = all;
  }

  /** Whether more is held by now than may be. */
  get isExceeded(): boolean {
    return this.#held > this.#max || (this.#held > this.#fair && this.#all?.isExceeded === true);
  }

  /** More is held, or (negative) less. */
  change(by: number): void {
    this.#held += by;
    this.#all?.change(by);
  }
}
