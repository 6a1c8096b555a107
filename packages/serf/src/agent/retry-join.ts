// Joining again and again until a member answers. `retry_max_attempts` counts the repetitions, not the
// first attempt: with 1 there are two, as in the original. Upstream: cmd/serf/command/agent/command.go
// (retryJoin).

import { formatDuration } from '@reeve/cli';
import type { Runtime, Timer } from '@reeve/runtime';
import type { JoinOutcome } from '../core/index.ts';

/** How to join, and how often. */
export interface RetryJoinOptions {
  /** One attempt. */
  readonly join: (done: (outcome: JoinOutcome) => void) => void;
  /** For the log: whether old events are told. */
  readonly replay: boolean;
  /** How often a failed attempt is repeated; 0 or less: for ever. */
  readonly repetitionsMax: number;
  readonly intervalMs: number;
}

/**
 * Attempts until one succeeds or the repetitions are used up. Returns how to stop it: then nothing more is
 * attempted, and `done` never called.
 */
export function retryJoin(
  options: RetryJoinOptions,
  { timers, log }: Pick<Runtime, 'timers' | 'log'>,
  done: (outcome: 'joined' | 'gave up') => void,
): () => void {
  const { join, replay, repetitionsMax, intervalMs } = options;
  let isStopped = false;
  let pause: Timer | undefined;
  const attempt = (number: number): void => {
    log('info', `agent: Joining cluster...(replay: ${replay})`);
    join(({ joined, error }) => {
      if (isStopped) return;
      if (error === undefined) {
        log('info', `agent: Join completed. Synced with ${joined} initial agents`);
        return done('joined');
      }
      if (repetitionsMax > 0 && number > repetitionsMax) {
        log('err', 'agent: maximum retry join attempts made, exiting');
        return done('gave up');
      }
      log('warn', `agent: Join failed: ${error.message}, retrying in ${formatDuration(intervalMs)}`);
      pause = timers.after(intervalMs, () => attempt(number + 1));
    });
  };
  attempt(1);
  return () => {
    isStopped = true;
    pause?.cancel();
  };
}
