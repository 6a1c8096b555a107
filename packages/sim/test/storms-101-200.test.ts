// A fixed part of all storms, in two files so that two cores share them. More: `npm run sim -- --seeds
// 1..1000`.

import { test } from 'node:test';
import { weather } from './weather.ts';

test('every property holds in the storms of the seeds 101 to 200', () => {
  weather('storm', 101, 200);
});
