// Long work in short turns of the event loop: whatever else there is to do has its turn between.

import type { Runtime } from '@reeve/runtime';

/**
 * Works each value out in a timer without delay. Where many are due at once the runtime stops after some
 * milliseconds and looks at its sockets, so a turn is short however many such works there are.
 */
export async function* inTurns<T>(
  values: Iterator<T>,
  { timers }: Pick<Runtime, 'timers'>,
): AsyncGenerator<T> {
  for (;;) {
    const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
      timers.after(0, () => {
        try {
          resolve(values.next());
        } catch (error) {
          reject(error);
        }
      });
    });
    if (next.done === true) return;
    yield next.value;
  }
}
