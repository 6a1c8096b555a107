// A promise whose outcome a test looks at while time passes.

/** How a call has ended so far. */
export interface Settling<T> {
  /** The answer, once there is one. */
  answer(): T | undefined;
  /** What went wrong, once something has. */
  error(): string | undefined;
}

/** Watches a promise. */
export function settle<T>(promise: Promise<T>): Settling<T> {
  let answer: T | undefined;
  let error: Error | undefined;
  promise.then(
    (value) => {
      answer = value;
    },
    (reason: Error) => {
      error = reason;
    },
  );
  return { answer: () => answer, error: () => error?.message };
}
