// From the callbacks of the cores to promises.

/** A call that ends with an error or without one, as a promise. */
export function whenDone(start: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === undefined ? resolve() : reject(error)));
  });
}
