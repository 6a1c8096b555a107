// Asks again and again, and tells whenever the answer has changed. Upstream: api/watch/plan.go.

import { setTimeout as pause } from 'node:timers/promises';
import { compactJson, formatDuration, type JsonOutput } from '@reeve/cli';
import type { ConsulClient } from '../api/client.ts';
import type { WatchQuery } from './watch-query.ts';

/** What a watch is run with. */
export interface WatchRun {
  readonly client: ConsulClient;
  readonly query: WatchQuery;
  /** Told at first and at every change; the next question waits for it. */
  readonly onResult: (result: JsonOutput, index: bigint) => Promise<void> | void;
  /** A question has failed: why, and after what time it is asked again. */
  readonly onError: (error: Error, retryIn: string) => void;
  readonly stop: AbortSignal;
}

/** Runs until it is stopped. */
export async function runWatch({ client, query, onResult, onError, stop }: WatchRun): Promise<void> {
  let index: bigint | undefined;
  let told: string | undefined;
  let failures = 0;
  while (!stop.aborted) {
    try {
      const answer = await query(client, index, stop);
      failures = 0;
      if (stop.aborted || answer.index === index) continue;
      const isFirst = index === undefined;
      ({ index } = answer);
      const result = compactJson(answer.result);
      if (!isFirst && result === told) continue;
      told = result;
      await onResult(answer.result, answer.index);
    } catch (error) {
      if (stop.aborted) return;
      failures += 1;
      index = undefined; // what is there is told again then, changed or not
      const retryMs = Math.min(retryStepMs * failures ** 2, retryMaxMs);
      onError(error as Error, formatDuration(retryMs));
      await pause(retryMs, undefined, { signal: stop }).catch(() => {});
    }
  }
}

const retryStepMs = 5000;
const retryMaxMs = 180_000;
