// Joining again and again until an agent answers, as `-retry-join` asks for. Upstream: agent/retry_join.go.

import { formatDuration, quote } from '@reeve/cli';
import type { Runtime, Timer } from '@reeve/runtime';
import type { JoinOutcome } from '@reeve/serf/core';
import type { JoinConfig } from '../config/runtime-config.ts';

/**
 * Attempts until one succeeds or `retry_max` is used up; it counts the repetitions, not the first attempt.
 * Returns how to stop it: then nothing more is attempted, and `onGivenUp` never called.
 */
export function retryJoin(
  { retryLan, retryMaxLan, retryIntervalLanMs }: JoinConfig,
  { timers, log }: Pick<Runtime, 'timers' | 'log'>,
  join: (addresses: readonly string[]) => Promise<JoinOutcome>,
  onGivenUp: () => void,
): () => void {
  let isStopped = false;
  let pause: Timer | undefined;
  const attempt = async (number: number): Promise<void> => {
    const { joined, error } = await join(retryLan);
    if (isStopped) return;
    if (joined > 0) {
      const text = 'Join cluster completed. Synced with initial agents: cluster=LAN';
      return log('info', `agent: ${text} num_agents=${joined}`);
    }
    if (retryMaxLan > 0 && number > retryMaxLan) {
      log('err', 'agent: Retry join failed: error="agent: max join LAN retry exhausted, exiting"');
      return onGivenUp();
    }
    const why = `retry_interval=${formatDuration(retryIntervalLanMs)} error=${quote(error?.message ?? '')}`;
    log('warn', `agent: Join cluster failed, will retry: cluster=LAN ${why}`);
    pause = timers.after(retryIntervalLanMs, () => void attempt(number + 1));
  };
  if (retryLan.length > 0) {
    log('info', 'agent: Joining cluster...: cluster=LAN');
    void attempt(1);
  }
  return () => {
    isStopped = true;
    pause?.cancel();
  };
}
