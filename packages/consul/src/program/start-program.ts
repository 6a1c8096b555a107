// A program that somebody has run: `consul lock` and `consul watch`, watches of an agent, `consul exec`.
// Through a shell or without one, with our output or captured. Upstream: agent/exec/exec.go. What goes wrong
// is told in Go's words (os/exec).

import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { systemErrorText } from '@reeve/runtime';
import { programProblem } from './program-problem.ts';

/** What is run, and how. */
export interface ProgramCall {
  readonly words: readonly string[];
  /** The words are for `$SHELL`, or `/bin/sh`. */
  readonly hasShell: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** What it reads: a text, our own input, or nothing. */
  readonly input: { readonly text: string } | 'inherit' | 'none';
  /** Where output and errors go: where ours go, or here, mixed as they come; the next waits for the last. */
  readonly output: 'inherit' | ((chunk: Uint8Array) => Promise<void> | void);
}

/** How a program has ended. */
export interface ProgramEnd {
  /** -1 if a signal ended it, as Go has it. */
  readonly exitCode: number;
  /** Undefined if all is well, else `exit status 3` or `signal: terminated`. */
  readonly failure: string | undefined;
}

/** A program that has started. */
export interface RunningProgram {
  readonly pid: number;
  /** Its end, and that of its output if this is captured. */
  readonly ended: Promise<ProgramEnd>;
  kill(signal: NodeJS.Signals): void;
  /** Our process may end before it. */
  release(): void;
}

/** Starts it. @throws Error in Go's words if that cannot be done */
export async function startProgram(call: ProgramCall): Promise<RunningProgram> {
  const { words, hasShell, env, input, output } = call;
  const [file = '', ...args] = hasShell ? [env.SHELL || '/bin/sh', '-c', words.join(' ')] : words;
  const problem = programProblem(file, env.PATH);
  if (problem !== undefined) throw new Error(problem);
  const stdin = input === 'inherit' ? 'inherit' : input === 'none' ? 'ignore' : 'pipe';
  const child =
    output === 'inherit'
      ? spawn(file, args, { env, stdio: [stdin, 'inherit', 'inherit'] })
      : spawn('/bin/sh', ['-c', oneOutput, 'sh', file, ...args], { env, stdio: [stdin, 'pipe', 'ignore'] });
  const ended = new Promise<ProgramEnd>((resolve) => {
    const end = output === 'inherit' ? 'exit' : 'close';
    child.once(end, (code: number | null, signal: NodeJS.Signals | null) => {
      resolve({ exitCode: code ?? -1, failure: failureOf(code, signal) });
    });
  });
  await started(child, file);
  if (output !== 'inherit' && child.stdout !== null) capture(child.stdout, output);
  child.stdin?.on('error', () => {}); // it need not read
  if (typeof input === 'object') child.stdin?.end(input.text);
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    release: () => release(child),
  };
}

function release(child: ChildProcess): void {
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
}

function capture(from: Readable, output: (chunk: Uint8Array) => Promise<void> | void): void {
  from.on('data', async (chunk: Uint8Array) => {
    from.pause();
    await output(chunk);
    from.resume();
  });
}

function started(child: ChildProcess, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new Error(`fork/exec ${file}: ${systemErrorText(error)}`, { cause: error }));
    });
  });
}

function failureOf(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `signal: ${signalTexts.get(signal) ?? signal}`;
  return code === 0 ? undefined : `exit status ${code}`;
}

/** Through one pipe, or the order of output and errors would be lost; then the shell becomes the program. */
const oneOutput = 'exec "$@" 2>&1';
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
