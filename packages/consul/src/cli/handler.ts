// A command that `consul lock` and `consul watch` run: through a shell or without one, with our output, and
// with our signals. Upstream: agent/exec/exec.go, agent/util.go (ForwardSignals). Texts are Go's (os/exec).

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { onSignals, quote, type SignalSource } from '@reeve/cli';
import { systemErrorText } from '../api/system-error.ts';

/** What is run, and how. */
export interface HandlerCall {
  readonly words: readonly string[];
  readonly hasShell: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly signals: SignalSource;
  /** What it reads: a text, our own input, or nothing. */
  readonly input: { readonly text: string } | 'inherit' | 'none';
}

/** A command that has started. */
export interface Handler {
  readonly pid: number;
  /** Its end: undefined if all is well, else `exit status 3` or `signal: terminated`. */
  readonly ended: Promise<string | undefined>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts it. @throws Error in Go's words if that cannot be done */
export async function startHandler(call: HandlerCall): Promise<Handler> {
  const { words, hasShell, env, input, signals } = call;
  const [file = '', ...args] = hasShell ? [env.SHELL || '/bin/sh', '-c', words.join(' ')] : words;
  const stdin = input === 'inherit' ? 'inherit' : input === 'none' ? 'ignore' : 'pipe';
  const options: SpawnOptions = { env, stdio: [stdin, 'inherit', 'inherit'] };
  const child = spawn(file, args, options);
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('exit', (code, signal) => resolve(endText(code, signal)));
  });
  await started(child, file);
  if (typeof input === 'object') {
    child.stdin?.on('error', () => {}); // it need not read
    child.stdin?.end(input.text);
  }
  const ignore = onSignals(signals, ['SIGINT', 'SIGTERM'], (signal) => void child.kill(signal));
  void ended.then(ignore);
  return { pid: child.pid ?? 0, ended, kill: (signal) => void child.kill(signal) };
}

function started(child: ChildProcess, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      const isMissing = !file.includes('/') && (error as NodeJS.ErrnoException).code === 'ENOENT';
      const text = isMissing
        ? `exec: ${quote(file)}: executable file not found in $PATH`
        : `fork/exec ${file}: ${systemErrorText(error)}`;
      reject(new Error(text, { cause: error }));
    });
  });
}

function endText(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `signal: ${signalTexts.get(signal) ?? signal}`;
  return code === 0 ? undefined : `exit status ${code}`;
}

const signalTexts = new Map<NodeJS.Signals, string>([
  ['SIGHUP', 'hangup'],
  ['SIGINT', 'interrupt'],
  ['SIGQUIT', 'quit'],
  ['SIGABRT', 'aborted'],
  ['SIGKILL', 'killed'],
  ['SIGSEGV', 'segmentation fault'],
  ['SIGPIPE', 'broken pipe'],
  ['SIGALRM', 'alarm clock'],
  ['SIGTERM', 'terminated'],
  ['SIGUSR1', 'user defined signal 1'],
  ['SIGUSR2', 'user defined signal 2'],
]);
