// `serf` as real child processes of the built program, on loopback addresses nobody else has.
// A test waits for what is printed, never for time; whatever it leaves running is killed when it ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loopbackAddress } from '@reeve/namespaces';

/** How a program ended, and all it printed. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number | null;
}

/** A `serf` that runs. */
export class SerfProcess {
  /** Settles when it has ended and all output is here. */
  readonly ended: Promise<Outcome>;
  readonly #child: ChildProcess;
  // Called whenever there is more output, and at the end.
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #hasEnded = false;

  /** `enter` is what runs the command line elsewhere, as NamespaceNetwork has it. */
  constructor(args: readonly string[], enter: readonly string[] = []) {
    const [command = '', ...rest] = [...enter, process.execPath, serfMain, ...args];
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#notify();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = once(child, 'close').then(([exit]) => {
      this.#hasEnded = true;
      this.#notify();
      return { stdout: this.#stdout, stderr: this.#stderr, exit: exit as number | null };
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Settles when `text` has been printed; fails when the program ends before or takes too long. */
  printed(text: string, limitMs = patienceMs): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void): void => {
        clearTimeout(deadline);
        this.#watchers.delete(check);
        outcome();
      };
      const fail = (): void => {
        const seen = `--- stdout\n${this.#stdout}--- stderr\n${this.#stderr}`;
        settle(() => reject(new Error(`never printed: ${text}\n${seen}`)));
      };
      const check = (): void => {
        if (this.#stdout.includes(text)) settle(resolve);
        else if (this.#hasEnded) fail();
      };
      const deadline = setTimeout(fail, limitMs);
      this.#watchers.add(check);
      check();
    });
  }

  #notify(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** Starts an agent that is killed when the test ends. */
export function startAgent(t: TestContext, ...args: readonly string[]): SerfProcess {
  return startAgentIn(t, [], ...args);
}

/** The same elsewhere: on a machine of a NamespaceNetwork, with what `enter` says of it. */
export function startAgentIn(
  t: TestContext,
  enter: readonly string[],
  ...args: readonly string[]
): SerfProcess {
  const agent = new SerfProcess(['agent', ...args], enter);
  t.after(async () => {
    agent.signal('SIGKILL');
    await agent.ended;
  });
  return agent;
}

/** Runs a command to its end. */
export function serf(...args: readonly string[]): Promise<Outcome> {
  return new SerfProcess(args).ended;
}

/** A loopback address that nobody else has. */
export function privateAddress(): Promise<string> {
  return loopbackAddress();
}

const serfMain = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
// The slowest thing waited for is a member found dead, some seconds; the rest is a busy machine.
const patienceMs = 60_000;
