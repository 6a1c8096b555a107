// Values that are there, or will be: most questions are answered from memory, and promises on their way cost
// more than the answer. Whoever has time writes `await`, which takes all of them.

import type { Result } from '@reeve/runtime';
import { Later, type Listener } from './later.ts';

/** A value, or what it will come from. */
export type Soon<T> = T | Promise<T> | Later<T>;

/** Goes on with a value: at once if it is there. */
export function soon<A, B>(value: Soon<A>, next: (value: A) => Soon<B>): Soon<B> {
  if (value instanceof Promise) return value.then(next);
  if (!(value instanceof Later)) return next(value);
  const result = new Next(next);
  value.listen(result);
  return result;
}

/** Does work whose failure, at once or later, is `rescue`'s to answer. */
export function rescued<T>(work: () => Soon<T>, rescue: (error: Error) => T): Soon<T> {
  let value: Soon<T>;
  try {
    value = work();
  } catch (error) {
    return rescue(error as Error);
  }
  if (value instanceof Promise) return value.catch(rescue);
  if (!(value instanceof Later)) return value;
  const result = new Rescued(rescue);
  value.listen(result);
  return result;
}

/** Hands over a value that cannot fail. */
export function whenThere<T>(value: Soon<T>, take: (value: T) => void): void {
  if (value instanceof Promise) void value.then(take);
  else if (!(value instanceof Later)) take(value);
  else value.listen(new Taker(take));
}

/** Who takes a value that cannot fail. */
class Taker<T> implements Listener<T> {
  readonly #take: (value: T) => void;

  constructor(take: (value: T) => void) {
    this.#take = take;
  }

  hear(outcome: Result<T>): void {
    if (!outcome.ok) throw outcome.error;
    this.#take(outcome.value);
  }
}

/** What becomes of a value. */
class Next<A, B> extends Later<B> implements Listener<A> {
  readonly #next: (value: A) => Soon<B>;

  constructor(next: (value: A) => Soon<B>) {
    super();
    this.#next = next;
  }

  hear(outcome: Result<A>): void {
    if (outcome.ok) settleWith(this, () => this.#next(outcome.value));
    else this.settle(outcome);
  }
}

/** A value, or what is answered to a failure. */
class Rescued<T> extends Later<T> implements Listener<T> {
  readonly #rescue: (error: Error) => T;

  constructor(rescue: (error: Error) => T) {
    super();
    this.#rescue = rescue;
  }

  hear(outcome: Result<T>): void {
    if (outcome.ok) this.settle(outcome);
    else settleWith(this, () => this.#rescue(outcome.error));
  }
}

/** Settles with what work yields or throws. */
function settleWith<T>(result: Later<T>, work: () => Soon<T>): void {
  let value: Soon<T>;
  try {
    value = work();
  } catch (error) {
    return result.settle({ ok: false, error: error as Error });
  }
  if (value instanceof Promise) {
    value.then(
      (whole) => result.settle({ ok: true, value: whole }),
      (error: Error) => result.settle({ ok: false, error }),
    );
  } else if (value instanceof Later) value.listen({ hear: (outcome) => result.settle(outcome) });
  else result.settle({ ok: true, value });
}
