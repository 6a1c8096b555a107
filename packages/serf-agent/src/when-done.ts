// From the callbacks of the cores to promises.

import type { Result } from '@reeve/runtime';

/** A call that ends with an error or without one, as a promise. */
export function whenDone(start: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === undefined ? resolve() : reject(error)));
  });
}

/** A call that ends with a value or an error, as a promise. */
export function whenResult<T>(start: (done: (result: Result<T>) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((result) => (result.ok ? resolve(result.value) : reject(result.error)));
  });
}
