// Values that are there, or will be: most questions are answered from memory, and promises on their way cost
// more than the answer. Whoever has time writes `await`, which takes either.

/** A value, or its promise. */
export type Soon<T> = T | Promise<T>;

/** Goes on with a value: at once if it is there. */
export function soon<A, B>(value: Soon<A>, next: (value: A) => Soon<B>): Soon<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Does work whose failure, at once or later, is `rescue`'s to answer. */
export function rescued<T>(work: () => Soon<T>, rescue: (error: Error) => T): Soon<T> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(rescue) : value;
  } catch (error) {
    return rescue(error as Error);
  }
}
