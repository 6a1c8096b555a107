// The targets of this package on damaged input, the same each time. `npm run fuzz` goes on from here.

import { test } from 'node:test';
import { fuzzBriefly } from '@reeve/fuzz';
import { targets } from './targets.ts';

for (const target of targets) test(target.promise, () => fuzzBriefly(target));
