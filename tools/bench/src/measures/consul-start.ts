// How long a fresh single server takes until it keeps what it is told.

import { withFreshServers } from '../consul/servers.ts';
import { untilAnswered } from '../consul/until-answered.ts';
import type { Measure } from '../measure.ts';

/** The measure. */
export const consulStart: Measure = {
  name: 'consul-start',
  method: [
    'A server without data that expects no others; from its start until a PUT is accepted, of which one',
    'leaves every 20 ms.',
  ].join(' '),
  figures: {
    write: { title: 'fresh server takes a write', unit: 's', better: 'lower', goal: { value: 0.8 } },
  },
  rounds: 5,
  run: (program) =>
    withFreshServers(program, { count: 1 }, async ({ first }) => {
      const startMs = performance.now();
      first.start();
      const write = (limitMs: number) => first.put('/v1/kv/bench/first', 'v', limitMs);
      return { write: ((await untilAnswered('a write is accepted', [write])) - startMs) / 1_000 };
    }),
};
