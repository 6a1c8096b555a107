// Agents as an operator starts them: bin/serf as a process, on a loopback address nobody else has.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loopbackAddress } from '@reeve/namespaces';

/** An agent that runs. */
export interface RunningAgent {
  readonly address: string;
  readonly pid: number;
  /** All it has printed so far. */
  output(): string;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts an agent that is killed when the test ends; it runs when this settles. */
export async function startAgent(
  t: TestContext,
  name: string,
  ...flags: readonly string[]
): Promise<RunningAgent> {
  const address = await privateAddress();
  const own = [`-node=${name}`, `-bind=${address}`, `-rpc-addr=${address}:7373`, '-profile=local'];
  const child = spawn(serf, ['agent', ...own, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await closed;
  };
  t.after(() => end('SIGKILL'));
  const output = (): string => printed;
  const hasStarted = (): boolean => {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}\n${printed}`);
    return printed.includes('Log data will now stream in');
  };
  await until(`${name} runs`, hasStarted, output);
  return { address, pid: child.pid ?? 0, output, end };
}

/** Starts an agent with one handler that is told of everything. */
export async function startWithHandler(
  t: TestContext,
  folder: string,
  entry: Readonly<Record<string, unknown>>,
): Promise<RunningAgent> {
  const file = join(folder, 'agent.json');
  await writeFile(file, JSON.stringify({ log_level: 'debug', event_handlers: [entry] }));
  return startAgent(t, 'handler', `-config-file=${file}`);
}

/**
 * The flags with which an agent joins another. With the timing of one machine a join is given up after a
 * second, which a busy one may take.
 */
export function joining({ address }: RunningAgent): readonly string[] {
  return [`-retry-join=${address}`, '-retry-interval=1s'];
}

/** Runs a command of serf against an agent. */
export async function runSerf(agent: RunningAgent, command: string, ...words: string[]): Promise<void> {
  const args = [command, `-rpc-addr=${agent.address}:7373`, ...words];
  await once(spawn(serf, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'close');
}

/** Settles when `check` holds; fails with what `seen` tells when that takes too long. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  seen: () => string = () => '',
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}\n${seen()}`);
    await sleep(pollMs);
  }
}

/** A loopback address that nobody else has. */
export function privateAddress(): Promise<string> {
  return loopbackAddress();
}

const serf = fileURLToPath(new URL('../../../bin/serf', import.meta.url));
const pollMs = 100;
// The slowest thing waited for is a member found dead, some seconds; the rest is a busy machine.
const patienceMs = 60_000;
