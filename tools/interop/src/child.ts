// A program that runs: what it has printed so far, how it ended, and how to end it. None outlives this
// process, not even when the runner ends it because time is up. Next: agent.ts.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** How a program ended and everything it printed. */
export interface Outcome {
  /** The exit code; null when a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A started program. */
export class Child {
  /** Settles when it has ended and its output is complete. */
  readonly ended: Promise<Outcome>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  #stdout = '';
  #stderr = '';

  constructor(path: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#process = child;
    running.add(this);
    child.once('close', () => running.delete(this));
    this.ended = once(child, 'close').then(([exit]) => ({
      exit: exit as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
    this.ended.catch(() => {}); // a program that cannot be started at all: whoever waits for it hears of it
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Settles when what it has printed is as `holds` wants it, with true; or with false when it has ended. */
  printed(holds: (stdout: string) => boolean): Promise<boolean> {
    const { stdout } = this.#process;
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds(this.#stdout)) return;
        stdout.off('data', look);
        resolve(true);
      };
      stdout.on('data', look);
      void this.ended.finally(() => resolve(false));
      look();
    });
  }

  /** The number of its process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return (
      this.#process.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    );
  }

  /** Sends a signal; does nothing when it has already ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#process.kill(signal);
  }
}

/** Runs a command to its end. One that hangs is killed, which shows as an exit of null. */
export async function run(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = new Child(path, args, env);
  const timeout = setTimeout(() => child.signal('SIGKILL'), commandMsMax);
  try {
    return await child.ended;
  } finally {
    clearTimeout(timeout);
  }
}

/** The slowest command is a force-leave nobody acknowledges. */
const commandMsMax = 30_000;

/** Whatever has to be killed when we end. */
const running = new Set<Child>();
process.once('exit', () => {
  for (const child of running) child.signal('SIGKILL');
});
process.once('SIGTERM', () => process.exit(1)); // the runner's way to say that time is up
