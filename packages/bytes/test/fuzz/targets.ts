// What is fuzzed of this package.

import type { FuzzTarget } from '@reeve/fuzz';
import { cipherTargets } from './cipher.ts';
import { lzwTargets } from './lzw.ts';
import { msgpackTargets } from './msgpack.ts';
import { textTargets } from './text.ts';

export const targets: readonly FuzzTarget[] = [
  ...msgpackTargets,
  ...textTargets,
  ...lzwTargets,
  ...cipherTargets,
];
