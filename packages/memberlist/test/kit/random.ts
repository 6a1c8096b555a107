// Chance that is none, for tests in which it must not matter.

import type { Random } from '@reeve/runtime';

/** Always the lowest number, always zeros. */
export const fixedRandom: Random = {
  float: () => 0,
  below: () => 0,
  bytes: (length) => new Uint8Array(length),
};
