// One run of one handler: a shell, fed from its standard input, with its output and errors in one ring. A
// run ends when the shell has ended and everybody holding its output has closed it, so a handler that puts
// a program into the background without redirecting its output lasts as long as that program; as in the
// original. Upstream: cmd/serf/command/agent/invoke.go. Next: event-handlers.ts.

import { type ChildProcess, spawn } from 'node:child_process';
import { errorText } from '../error-text.ts';
import { OutputRing } from './output-ring.ts';

/** How a handler ended. */
export interface ScriptOutcome {
  /** The last `outputBytesMax` bytes of standard output and standard error, as they came. */
  readonly output: Uint8Array;
  /** Why it counts as failed: `exit status 3`, `signal: killed`. Absent when it succeeded. */
  readonly failure?: string;
}

/** A handler that is running. */
export interface ScriptRun {
  /** Never rejects; never settles after `abandon`. */
  readonly outcome: Promise<ScriptOutcome>;
  /** Stops listening; the handler itself is not touched and no longer keeps our process alive. */
  abandon(): void;
}

/**
 * Starts `command` in a shell with `environment` added to our own. With a `signal` it gets a process group of
 * its own, and when that aborts the whole group is asked to end and two seconds later killed; the run then
 * has failed with the signal's reason.
 */
export function runScript(
  command: string,
  environment: Readonly<Record<string, string>>,
  input: Uint8Array,
  signal?: AbortSignal,
): ScriptRun {
  let child: ChildProcess | undefined;
  const outcome = new Promise<ScriptOutcome>((resolve) => {
    const ring = new OutputRing(outputBytesMax);
    const fail = (failure: string) => resolve({ output: ring.contents(), failure });
    try {
      child = spawnShell(command, environment, signal !== undefined);
    } catch (error) {
      fail(errorText(error)); // a zero byte in a name a peer chose
      return;
    }
    child.once('error', (error) => fail(error.message));
    feed(child, ring, input);
    const group = child;
    signal?.addEventListener('abort', () => endGroup(group, () => fail(errorText(signal.reason))));
    child.once('close', (status, killer) => {
      if (signal?.aborted) fail(errorText(signal.reason));
      else if (killer !== null) fail(`signal: ${signalTexts.get(killer) ?? killer}`);
      else if (status !== 0) fail(`exit status ${status}`);
      else resolve({ output: ring.contents() });
    });
  });
  return { outcome, abandon: () => child && abandon(child) };
}

function spawnShell(
  command: string,
  environment: Readonly<Record<string, string>>,
  detached: boolean,
): ChildProcess {
  const [program, ...args] = process.platform === 'win32' ? ['cmd', '/C', command] : [...onePipe, command];
  return spawn(program, args, { env: { ...process.env, ...environment }, detached });
}

/** A shell that could not be started for want of file descriptors has no pipes either. */
function feed({ stdin, stdout, stderr }: ChildProcess, ring: OutputRing, input: Uint8Array): void {
  stdout?.on('data', (chunk: Uint8Array) => ring.write(chunk));
  stderr?.on('data', (chunk: Uint8Array) => ring.write(chunk));
  stdin?.on('error', () => {}); // a handler need not read its input
  stdin?.end(input);
}

// Who keeps our pipes open may have left the group; after the kill nobody is waited for.
function endGroup(child: ChildProcess, onKilled: () => void): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => {
    signalGroup(child, 'SIGKILL');
    onKilled();
    abandon(child);
  }, killAfterMs).unref();
  child.once('close', () => clearTimeout(timer));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // nobody of the group is left
  }
}

function abandon(child: ChildProcess): void {
  child.removeAllListeners('close');
  child.stdin?.destroy();
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}

// Output and errors through one pipe, or their order would be lost on the way: a shell that ties them
// together and becomes the shell that runs the handler.
const onePipe = ['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', '/bin/sh', '-c'] as const;

/** What is kept of a handler's output, and the most a query can be answered with before its own limit. */
export const outputBytesMax = 8192;

const killAfterMs = 2_000;

// In Go's words; the others are rare enough to be called by their names.
const signalTexts: ReadonlyMap<string, string> = new Map([
  ['SIGABRT', 'aborted'],
  ['SIGALRM', 'alarm clock'],
  ['SIGHUP', 'hangup'],
  ['SIGINT', 'interrupt'],
  ['SIGKILL', 'killed'],
  ['SIGPIPE', 'broken pipe'],
  ['SIGQUIT', 'quit'],
  ['SIGSEGV', 'segmentation fault'],
  ['SIGTERM', 'terminated'],
]);
