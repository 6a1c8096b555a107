// Values that are there, or will be: most questions are answered from memory, and promises on their way cost
// more than the answer. Whoever has time writes `await`, which takes all of them.

import { Later } from './later.ts';

/** A value, or what it will come from. */
export type Soon<T> = T | Promise<T> | Later<T>;

/** Goes on with a value: at once if it is there. */
export function soon<A, B>(value: Soon<A>, next: (value: A) => Soon<B>): Soon<B> {
  if (value instanceof Promise) return value.then(next);
  if (!(value instanceof Later)) return next(value);
  const result = new Later<B>();
  value.listen((outcome) => {
    if (outcome.ok) settleWith(result, () => next(outcome.value));
    else result.settle(outcome);
  });
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
  const result = new Later<T>();
  value.listen((outcome) => {
    if (outcome.ok) result.settle(outcome);
    else settleWith(result, () => rescue(outcome.error));
  });
  return result;
}

/** Hands over a value that cannot fail. */
export function whenThere<T>(value: Soon<T>, take: (value: T) => void): void {
  if (value instanceof Promise) void value.then(take);
  else if (!(value instanceof Later)) take(value);
  else {
    value.listen((outcome) => {
      if (!outcome.ok) throw outcome.error;
      take(outcome.value);
    });
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
  } else if (value instanceof Later) value.listen((outcome) => result.settle(outcome));
  else result.settle({ ok: true, value });
}
