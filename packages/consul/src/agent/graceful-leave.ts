// What a signal to end means: a goodbye to the cluster first, or none. Upstream: command/agent/agent.go.

import { setTimeout as sleep } from 'node:timers/promises';
import { type SignalName, type SignalQueue, signalText } from '@reeve/cli';
import type { Log } from '@reeve/runtime';
import type { JoinConfig } from '../config/runtime-config.ts';
import { logFields } from '../log/log-fields.ts';
import type { ConsulAgent } from './consul-agent.ts';

/** Leaves if the configuration has it so for this signal; the result is the exit code. */
export async function leaveOrNot(
  agent: ConsulAgent,
  { skipLeaveOnInterrupt, leaveOnTerminate }: JoinConfig,
  signal: SignalName,
  queue: SignalQueue,
  write: Log,
): Promise<number> {
  const isGraceful = signal === 'SIGINT' ? !skipLeaveOnInterrupt : leaveOnTerminate;
  if (!isGraceful) {
    write('info', 'agent: Graceful shutdown disabled. Exiting');
    return 1;
  }
  write('info', 'agent: Gracefully shutting down agent...');
  const limit = new AbortController();
  const timeout = { code: 1, text: 'Timeout on graceful leave. Exiting' };
  // Upstream names the first one again.
  const second = { code: 1, text: `Caught second signal, Exiting: signal=${signalText(signal)}` };
  try {
    const { code, text } = await Promise.race([
      left(agent, write),
      queue.next().then(() => second),
      sleep(leaveMsMax, timeout, { signal: limit.signal }),
    ]);
    write('info', `agent: ${text}`);
    return code;
  } finally {
    limit.abort();
  }
}

/** Never settles if the agent cannot leave: then its time passes, or another signal comes, as upstream. */
async function left(
  agent: ConsulAgent,
  write: Log,
): Promise<{ readonly code: number; readonly text: string }> {
  try {
    await agent.leave();
  } catch (error) {
    write('err', `agent: Error on leave${logFields({ error: (error as Error).message })}`);
    await new Promise(() => {});
  }
  return { code: 0, text: 'Graceful exit completed' };
}

/** Upstream's limit. */
const leaveMsMax = 15_000;
