// How many user events a second a cluster brings to everybody.

import { setTimeout as delay } from 'node:timers/promises';
import type { Agent, Program } from '@reeve/interop';
import { startMembers, withCluster } from '../clusters.ts';
import { EventWatch } from '../event-watch.ts';
import type { Effort, Measure } from '../measure.ts';

/** The measure. */
export const events: Measure = {
  name: 'events',
  method: [
    'One of 10 agents is told by RPC to send events of 8 bytes for 10 s, at 50/s, then at 1.4 times as',
    'many, and so on, each time with a new cluster, until an event has not reached everybody 5 s after',
    'the last one was sent; the last rate before that.',
  ].join(' '),
  figures: {
    rate: { title: 'events delivered without loss', unit: '/s', better: 'higher', goal: { ratio: 4 } },
  },
  rounds: 2,
  run: async (program, effort) => {
    let lossless = 0;
    for (const rate of rates[effort]) {
      if ((await lostAt(rate, program, effort)) > 0) break;
      lossless = rate;
    }
    return { rate: lossless };
  },
};

/** How many of the deliveries do not happen when this many events a second are sent. */
function lostAt(rate: number, program: Program, effort: Effort): Promise<number> {
  return withCluster(async (cluster) => {
    const agents = await startMembers(cluster, program, 10);
    const count = Math.round((rate * sendMs[effort]) / 1_000);
    return lostOf(agents, count, rate);
  });
}

async function lostOf(agents: readonly Agent[], count: number, rate: number): Promise<number> {
  const heard = new Set<string>();
  const watch = await EventWatch.of(agents, (event, agent) => heard.add(`${event} ${agent}`));
  await sendEvenly(count, rate, (event) => watch.send(event, 0));
  const wanted = count * agents.length;
  for (const endMs = performance.now() + graceMs; heard.size < wanted && performance.now() < endMs; ) {
    await delay(lookMs);
  }
  watch.close();
  return wanted - heard.size;
}

/** Calls `send` with 0, 1 … at an even rate, or as soon as possible when that is late. */
async function sendEvenly(
  count: number,
  rate: number,
  send: (event: number) => Promise<void>,
): Promise<void> {
  const startMs = performance.now();
  const sent: Promise<void>[] = [];
  for (let event = 0; event < count; event++) {
    const aheadMs = startMs + (event * 1_000) / rate - performance.now();
    if (aheadMs > 1) await delay(aheadMs);
    sent.push(send(event));
  }
  await Promise.all(sent);
}

/** Steps of the square root of two. */
const rates: Readonly<Record<Effort, readonly number[]>> = {
  full: Array.from({ length: 13 }, (_, step) => Math.round(50 * 2 ** (step / 2))),
  quick: [50, 100, 200, 400],
};
const sendMs: Readonly<Record<Effort, number>> = { full: 10_000, quick: 2_000 };
const graceMs = 5_000;
const lookMs = 50;
