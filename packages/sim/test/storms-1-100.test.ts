// A fixed part of all storms, in two files so that two cores share them. More: `npm run sim -- --seeds
// 1..1000`.

import { test } from 'node:test';
import { weather } from './weather.ts';

test('every property holds in the storms of the seeds 1 to 100', () => {
  weather('storm', 1, 100);
});
