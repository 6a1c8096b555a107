// Joining again and again until a member answers. `retry_max_attempts` counts the repetitions, not the
// first attempt: with 1 there are two, as in the original. Upstream: cmd/serf/command/agent/command.go
// (retryJoin).

import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '@reeve/cli';
import type { Log } from '@reeve/runtime';
import { errorText } from '../error-text.ts';
import type { Agent } from './agent.ts';

/**
 * Joins through the addresses of `retry_join` until one works, the attempts are used up, or `signal`
 * aborts.
 */
export async function retryJoin(
  agent: Agent,
  log: Log,
  signal: AbortSignal,
): Promise<'joined' | 'gave up' | 'aborted'> {
  const { retryJoin: addresses, replayOnJoin, retryMaxAttempts, retryIntervalMs } = agent.config;
  for (let attempt = 1; !signal.aborted; attempt++) {
    log('info', `agent: Joining cluster...(replay: ${replayOnJoin})`);
    try {
      const joined = await agent.join(addresses, replayOnJoin);
      log('info', `agent: Join completed. Synced with ${joined} initial agents`);
      return 'joined';
    } catch (error) {
      if (retryMaxAttempts > 0 && attempt > retryMaxAttempts) {
        log('err', 'agent: maximum retry join attempts made, exiting');
        return 'gave up';
      }
      log('warn', `agent: Join failed: ${errorText(error)}, retrying in ${formatDuration(retryIntervalMs)}`);
    }
    await sleep(retryIntervalMs, undefined, { signal }).catch(() => {}); // aborted
  }
  return 'aborted';
}
