// Who waits is told when there is news, soon and only then: no wake-up is lost, and none comes for nothing.

import type { Waiting } from './history.ts';

/** Who has not been told for too long; looked at after each step. `newest` is the index at the server. */
export function lostWakeUp(
  waiting: Iterable<Waiting>,
  newest: (waiting: Waiting) => number | undefined,
  nowMs: number,
): string | undefined {
  for (const each of waiting) {
    const index = newest(each);
    if (each.isOver || index === undefined || index <= each.index) {
      each.lateSinceMs = undefined;
      continue;
    }
    each.lateSinceMs ??= nowMs;
    const { server, key, lateSinceMs } = each;
    if (nowMs - lateSinceMs > lateMsMax)
      return `${server} has not told of ${key} at ${index}, asked with ${each.index}`;
  }
  return undefined;
}

/** What is wrong with an answer that came at a time; undefined: nothing. */
export function needlessWakeUp(waiting: Waiting, index: number, nowMs: number): string | undefined {
  const { server, key, sinceMs, waitMs } = waiting;
  if (index > waiting.index || nowMs - sinceMs >= waitMs) return undefined;
  return `${server} told of ${key} at ${index} after ${nowMs - sinceMs} ms, asked with ${waiting.index}`;
}

/** Promises take some turns. */
const lateMsMax = 100;
