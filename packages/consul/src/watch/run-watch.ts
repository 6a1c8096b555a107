// Asks again and again, and tells whenever the answer has changed. Upstream: api/watch/plan.go.

import { setTimeout as pause } from 'node:timers/promises';
import { compactJson, formatDuration, type JsonOutput } from '@reeve/cli';
import type { ConsulClient } from '../api/client.ts';
import type { WatchMark, WatchQuery } from './watch-query.ts';

/** What a watch is run with. */
export interface WatchRun {
  readonly client: ConsulClient;
  readonly query: WatchQuery;
  /** Told at first and at every change; the next question waits for it. */
  readonly onResult: (result: JsonOutput, mark: WatchMark) => Promise<void> | void;
  /** A question has failed: why, and after what time it is asked again. */
  readonly onError: (error: Error, retryIn: string) => void;
  readonly stop: AbortSignal;
}

/** Runs until it is stopped. */
export async function runWatch({ client, query, onResult, onError, stop }: WatchRun): Promise<void> {
  let mark: WatchMark | undefined;
  let told: string | undefined;
  let failures = 0;
  while (!stop.aborted) {
    try {
      const answer = await query(client, mark, stop);
      failures = 0;
      if (stop.aborted || answer.mark === mark) continue;
      const isFirst = mark === undefined;
      ({ mark } = answer);
      const result = compactJson(answer.result);
      if (!isFirst && result === told) continue;
      told = result;
      await onResult(answer.result, answer.mark);
    } catch (error) {
      if (stop.aborted) return;
      failures += 1;
      mark = undefined; // what is there is told again then, changed or not
      const waitMs = retryMs(failures);
      onError(error as Error, formatDuration(waitMs));
      await pause(waitMs, undefined, { signal: stop }).catch(() => {});
    }
  }
}

/** How long to wait after so many failures without a success in between. */
export function retryMs(failures: number): number {
  return Math.min(retryStepMs * failures ** 2, retryMaxMs);
}

const retryStepMs = 5000;
const retryMaxMs = 180_000;
