// Clusters that were torn apart or gone altogether: within a minute after the network is well they are one
// again, and nobody helps. More seeds: `npm run sim -- --scenario long-partition --seeds 1..100`.

import { test } from 'node:test';
import { weather } from './weather.ts';

test('a cluster whose members all restarted is one again within a minute', () => {
  weather('mass-restart', 1, 20);
});

test('a cluster that was in parts for half an hour is one again within a minute', () => {
  weather('long-partition', 1, 6);
});
