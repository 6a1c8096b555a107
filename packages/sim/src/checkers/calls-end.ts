// Who calls a node hears the end of it: once, and in time.

import type { Checker } from './checker.ts';

/** See `property`. */
export function callsEnd(): Checker {
  return {
    property: 'every call ends once and in time',
    onSecond({ name, calls }, nowMs) {
      const [twice] = calls.endedTwice;
      if (twice !== undefined) return `a ${twice} of ${name} ended twice`;
      for (const { what, deadlineMs } of calls.pending) {
        if (nowMs > deadlineMs) return `a ${what} of ${name} has not ended`;
      }
      return undefined;
    },
  };
}
