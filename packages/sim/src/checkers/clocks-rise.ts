// Lamport clocks only go forward while a process runs.

import type { SimNode } from '../cluster/node.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function clocksRise(): Checker {
  const times = new Map<SimNode, { readonly life: number; readonly times: readonly number[] }>();
  return {
    property: 'Lamport clocks never go back',
    onSecond(node) {
      const now = readClocks(node);
      const before = times.get(node);
      times.set(node, { life: node.life, times: now });
      if (before?.life !== node.life) return undefined;
      const at = now.findIndex((time, index) => time < (before.times[index] ?? 0));
      return at < 0
        ? undefined
        : `${clocks[at]} of ${node.name} went back from ${before.times[at]} to ${now[at]}`;
    },
  };
}

function readClocks({ serf }: SimNode): readonly number[] {
  const stats = serf?.stats();
  return clocks.map((clock) => Number(stats?.get(clock) ?? 0));
}

const clocks = ['member_time', 'event_time', 'query_time'] as const;
