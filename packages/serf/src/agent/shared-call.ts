// A call that is made once, however many ask for it: who comes while it goes on, or later, hears of the same
// end.

/** One such call. */
export class SharedCall<T> {
  readonly #make: (done: (outcome: T) => void) => void;
  // Bounded by who may ask: an operator and the clients of the RPC port.
  readonly #waiting: ((outcome: T) => void)[] = [];
  #isMade = false;
  #ended: { readonly outcome: T } | undefined;

  constructor(make: (done: (outcome: T) => void) => void) {
    this.#make = make;
  }

  /** Whether anybody has asked for it. */
  get isMade(): boolean {
    return this.#isMade;
  }

  /** Asks for it. `done` may run inside this call. */
  ask(done: (outcome: T) => void): void {
    if (this.#ended) return done(this.#ended.outcome);
    this.#waiting.push(done);
    if (this.#isMade) return;
    this.#isMade = true;
    this.#make((outcome) => {
      this.#ended = { outcome };
      for (const tell of this.#waiting.splice(0)) tell(outcome);
    });
  }
}
