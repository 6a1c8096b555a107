// How fast a user event reaches everybody, and whether it does.

import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from '@reeve/interop';
import { startMembers, withCluster } from '../clusters.ts';
import { EventWatch } from '../event-watch.ts';
import type { Effort, Figure, Measure } from '../measure.ts';
import { quantile } from '../statistics.ts';

/**
 * The points at which, by the formula of the original's convergence page, 95 % and 99.99 % of all members
 * have heard of an event: gossip every 200 ms to 3 members.
 */
const formula = [
  { size: 10, goalMs: { at95: 710, at9999: 1_550 } },
  { size: 52, goalMs: { at95: 920, at9999: 1_760 } },
  { size: 100, goalMs: undefined },
] as const;

/** The measure. */
export const spread: Measure = {
  name: 'spread',
  method: [
    '100 events, one at a time, each from the next agent in turn; from the request to send it until',
    'each agent tells the bench process of it, the points by which 95 % and 99.99 % of all deliveries',
    'had happened (a delivery that takes over 5 s counts as 5 s).',
  ].join(' '),
  figures: Object.fromEntries(formula.flatMap(({ size, goalMs }) => figuresOf(size, goalMs))),
  rounds: 1,
  run: async (program, effort) => {
    const values: Record<string, number> = {};
    for (const { size } of formula) {
      const tookMs = await deliveryTimes(program, size, events[effort]);
      values[`at95of${size}`] = quantile(tookMs, 0.95);
      values[`at9999of${size}`] = quantile(tookMs, 0.9999);
    }
    return values;
  },
};

function figuresOf(
  size: number,
  goalMs: { readonly at95: number; readonly at9999: number } | undefined,
): [string, Figure][] {
  const figure = (share: string, value: number | undefined): Figure => ({
    title: `event has reached ${share} of ${size}`,
    unit: 'ms',
    better: 'lower',
    ...(value === undefined ? {} : { goal: { value } }),
  });
  return [
    [`at95of${size}`, figure('95 %', goalMs?.at95)],
    [`at9999of${size}`, figure('99.99 %', goalMs?.at9999)],
  ];
}

/** How long each delivery of each event took. */
function deliveryTimes(program: Program, size: number, count: number): Promise<readonly number[]> {
  return withCluster(async (cluster) => {
    const agents = await startMembers(cluster, program, size);
    const tookMs: number[] = [];
    let sentMs = 0;
    let current = -1;
    const watch = await EventWatch.of(agents, (event) => {
      if (event === current) tookMs.push(performance.now() - sentMs);
    });
    for (current = 0; current < count; current++) {
      const wanted = (current + 1) * size;
      sentMs = performance.now();
      await watch.send(current, current % size);
      while (tookMs.length < wanted && performance.now() < sentMs + patienceMs) await delay(lookMs);
      while (tookMs.length < wanted) tookMs.push(patienceMs);
      await delay(Math.random() * pauseMsMax); // so that events do not fall in step with gossip
    }
    watch.close();
    return tookMs;
  });
}

const events: Readonly<Record<Effort, number>> = { full: 100, quick: 10 };
const patienceMs = 5_000;
const lookMs = 20;
const pauseMsMax = 200;
