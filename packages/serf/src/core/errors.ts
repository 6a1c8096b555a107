// What can be the caller's fault. The texts are the original's: clients and scripts see them.
// A peer's nonsense never becomes a SerfError; it is dropped and counted in serf.ts.

/** A call that cannot be done: bad configuration, too large a message, wrong state. */
export class SerfError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SerfError';
  }
}
