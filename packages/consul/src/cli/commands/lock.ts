// `consul lock`: runs a command while it holds a lock, or one of several places.
// Upstream: command/lock/lock.go.

import { posix } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CommandCall, CommandFailure, orFail } from '@reeve/cli';
import { Lock } from '../../api/lock.ts';
import type { Lockable } from '../../api/locking.ts';
import { self } from '../../api/records/agent.ts';
import { Semaphore } from '../../api/semaphore.ts';
import type { RunningProgram } from '../../program/start-program.ts';
import { consulCommand } from '../consul-command.ts';
import { startHandler } from '../handler.ts';
import { connect, serverFlags } from '../http-flags.ts';
import { aborted, onShutdown } from '../shutdown.ts';

const lockFlags = {
  'child-exit-code': { kind: 'bool', help: 'Exit with 2 if the command fails.' },
  'monitor-retry': {
    kind: 'int',
    default: 3,
    help: 'So many failed questions in a row, a second apart, do not mean yet that the lock is lost.',
  },
  n: { kind: 'int', default: 1, help: 'How many may hold it at a time.' },
  name: { kind: 'string', help: 'The name of the session. Default: made of the command.' },
  'pass-stdin': { kind: 'bool', help: 'Let the command read our input.' },
  shell: { kind: 'bool', default: true, help: 'Whether the command is run by a shell ($SHELL or /bin/sh).' },
  timeout: { kind: 'duration', help: 'Give up if there is no lock after this time. Default: never.' },
  try: { kind: 'duration', help: 'The old name of -timeout.' },
  verbose: { kind: 'bool', help: 'Say what is going on.' },
  ...serverFlags,
} as const;

type LockCall = CommandCall<typeof lockFlags>;

/** The command. */
export const lockCommand = consulCommand({
  usage: 'consul lock [options] prefix child...',
  about: [
    'Waits for a lock, runs a command, and gives the lock up when it ends. If the lock is lost before, the',
    'command is told to end, and after 5 seconds made to. It finds CONSUL_LOCK_HELD=true in its environment.',
  ].join(' '),
  flags: lockFlags,
  async run(call) {
    const { args, io, ui, values } = call;
    if (values.n <= 0) throw new CommandFailure('Lock holder limit must be positive');
    if (args.length < 2) throw new CommandFailure('Key prefix and child command must be specified');
    const timeoutMs = values.timeout || values.try;
    if (timeoutMs < 0) throw new CommandFailure('Timeout must be positive');
    if (values['monitor-retry'] < 0) throw new CommandFailure("Number for 'monitor-retry' must be >= 0");
    const client = connect(call);
    await orFail('Error querying Consul agent', client.get('/v1/agent/self', self));
    const say = values.verbose ? (message: string) => ui.info(message) : () => {};
    const stop = onShutdown(io.signals);
    const lock = createLock(call, client, timeoutMs, say);
    try {
      say('Attempting lock acquisition');
      const lost = await orFail('Lock acquisition failed', lock.acquire(stop));
      if (lost === undefined)
        throw new CommandFailure('Shutdown triggered or timeout during lock acquisition');
      const failed = await runHolding(call, lost, stop, say);
      await giveUp(lock, say);
      return values['child-exit-code'] && failed ? childFailedExit : 0;
    } finally {
      await lock.end();
    }
  },
});

function createLock(
  { args, values }: LockCall,
  client: ReturnType<typeof connect>,
  timeoutMs: number,
  say: (message: string) => void,
): Lockable {
  const [given = '', ...words] = args;
  const prefix = given.replace(/^\//, '');
  const options = {
    client,
    sessionName: values.name || `Consul lock for '${words.join(' ')}' at '${prefix}'`,
    monitorRetries: values['monitor-retry'],
    timeoutMs: timeoutMs === 0 ? undefined : timeoutMs,
  };
  if (values.n > 1) {
    say(`Setting up semaphore (limit ${values.n}) at prefix: ${prefix}`);
    if (prefix === '') throw new CommandFailure('Lock setup failed: missing prefix');
    return new Semaphore(prefix, values.n, options);
  }
  const key = posix.join(prefix, '.lock');
  say(`Setting up lock at path: ${key}`);
  return new Lock(key, options);
}

/** Runs the command until it ends or has to. Whether it has failed by itself. */
async function runHolding(
  call: LockCall,
  lost: AbortSignal,
  stop: AbortSignal,
  say: (message: string) => void,
): Promise<boolean> {
  if (stop.aborted) {
    call.ui.error('Shutdown triggered during lock acquisition');
    return false;
  }
  say('Starting handler');
  if (call.values['pass-stdin']) say('Stdin passed to handler process');
  const handler = await start(call);
  if (handler === undefined) return true;
  const ended = handler.ended.then(({ failure }) => {
    if (failure !== undefined) call.ui.error(`Error running handler: ${failure}`);
    return failure === undefined ? 'done' : 'failed';
  });
  const outcome = await Promise.race([
    ended,
    aborted(stop).then(() => 'shutdown' as const),
    aborted(lost).then(() => 'lost' as const),
  ]);
  if (outcome === 'done' || outcome === 'failed') {
    say('Child terminated, releasing lock');
    return outcome === 'failed';
  }
  say(outcome === 'shutdown' ? 'Shutdown triggered, killing child' : 'Lock lost, killing child');
  await terminate(handler, ended, say);
  return false;
}

async function start({ args, io, ui, values }: LockCall): Promise<RunningProgram | undefined> {
  try {
    return await startHandler({
      words: args.slice(1),
      hasShell: values.shell,
      env: { ...io.env, CONSUL_LOCK_HELD: 'true' },
      signals: io.signals,
      input: values['pass-stdin'] ? 'inherit' : 'none',
    });
  } catch (error) {
    ui.error(`Error starting handler: ${(error as Error).message}`);
    return undefined;
  }
}

/** Asks the command to end, and ends it if it does not. */
async function terminate(
  handler: RunningProgram,
  ended: Promise<unknown>,
  say: (message: string) => void,
): Promise<void> {
  say(`Terminating child pid ${handler.pid}`);
  handler.kill('SIGTERM');
  const grace = new AbortController();
  const isLate = pause(graceMs, true, { signal: grace.signal }).catch(() => false);
  if (!(await Promise.race([ended.then(() => false), isLate]))) {
    grace.abort();
    say('Child terminated');
    return;
  }
  say('Child did not exit after grace period of 5s');
  say(`Killing child pid ${handler.pid}`);
  handler.kill('SIGKILL');
}

async function giveUp(lock: Lockable, say: (message: string) => void): Promise<void> {
  await orFail('Lock release failed', lock.release());
  const isRemoved = await orFail('Lock cleanup failed', lock.cleanUp());
  say(isRemoved ? 'Cleanup succeeded' : 'Cleanup aborted, lock in use');
}

/** Between telling a command to end and making it. */
const graceMs = 5000;
const childFailedExit = 2;
