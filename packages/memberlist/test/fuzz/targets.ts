// What is fuzzed of this package.

import type { FuzzTarget } from '@reeve/fuzz';
import { packetTargets } from './packets.ts';
import { streamReaderTargets } from './stream-reader.ts';
import { streamTargets } from './streams.ts';
import { textTargets } from './texts.ts';
import { wireTargets } from './wire.ts';

export const targets: readonly FuzzTarget[] = [
  ...wireTargets,
  ...streamReaderTargets,
  ...packetTargets,
  ...streamTargets,
  ...textTargets,
];
