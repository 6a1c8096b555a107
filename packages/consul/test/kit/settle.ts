// A promise whose outcome a test looks at while time passes.

import type { Soon } from '../../dist/waiting/soon.js';

/** How a call has ended so far. */
export interface Settling<T> {
  /** The answer, once there is one. */
  answer(): T | undefined;
  /** What went wrong, once something has. */
  error(): string | undefined;
}

/** Watches what may be there already. */
export function settle<T>(promise: Soon<T>): Settling<T> {
  let answer: T | undefined;
  let error: Error | undefined;
  Promise.resolve(promise).then(
    (value) => {
      answer = value;
    },
    (reason: Error) => {
      error = reason;
    },
  );
  return { answer: () => answer, error: () => error?.message };
}
