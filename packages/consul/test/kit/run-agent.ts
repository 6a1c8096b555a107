// An agent as its operator has it: started by flags, on an address of its own, with its ports where they
// always are, and with signals. Only the process is missing.

import { Resolver } from 'node:dns/promises';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CommandIo, Env, SignalName } from '@reeve/cli';
import { loopbackAddress } from '@reeve/namespaces';
import { agentCommand } from '../../dist/cli/commands/agent.js';

/** One run of `consul agent`. */
export class AgentRun {
  readonly address: string;
  /** The exit code. */
  readonly ended: Promise<number>;
  stdout = '';
  stderr = '';
  readonly #signals = new EventEmitter();
  #watch = (): void => {};

  constructor(address: string, flags: readonly string[], env: Env = {}) {
    this.address = address;
    const io: CommandIo = {
      stdout: { write: (text) => this.#print(text) },
      stderr: {
        write: (text) => {
          this.stderr += text;
        },
      },
      env,
      signals: this.#signals,
    };
    const addresses = [`-bind=${address}`, `-client=${address}`];
    this.ended = agentCommand.run([...addresses, '-node=n1', ...flags], io);
  }

  /** Settles when `text` has been printed; rejects if the agent ends before. */
  async printed(text: string): Promise<void> {
    const isPrinted = new Promise<true>((resolve) => {
      this.#watch = () => this.stdout.includes(text) && resolve(true);
      this.#watch();
    });
    const outcome = await Promise.race([isPrinted, this.ended]);
    if (outcome !== true) throw new Error(`it ended with ${outcome}: ${this.stdout}${this.stderr}`);
  }

  signal(name: SignalName): void {
    this.#signals.emit(name);
  }

  /** The answer to a request: `ask('PUT /v1/kv/a', 'value')`. */
  async ask(request: string, body?: string): Promise<{ readonly status: number; readonly text: string }> {
    const [method = '', path = ''] = request.split(' ');
    const content = body === undefined ? {} : { body };
    const response = await fetch(`http://${this.address}:8500${path}`, { method, ...content });
    return { status: response.status, text: await response.text() };
  }

  /** The first address of a name, and how long it may be kept, in seconds. */
  async dig(name: string): Promise<{ readonly address: string; readonly ttl: number }> {
    const resolver = new Resolver();
    resolver.setServers([`${this.address}:8600`]);
    const [found] = await resolver.resolve4(name, { ttl: true });
    if (found === undefined) throw new Error(`${name} has no address`);
    return found;
  }

  /** A response that goes on until the test ends. */
  async follow(path: string): Promise<Followed> {
    const response = await fetch(`http://${this.address}:8500${path}`);
    if (response.body === null) throw new Error('it has no body');
    return new Followed(response.body);
  }

  #print(text: string): void {
    this.stdout += text;
    this.#watch();
  }
}

/** A body as it comes. */
export class Followed {
  body = '';
  #look = (): void => {};

  constructor(body: AsyncIterable<Uint8Array>) {
    void this.#read(body);
  }

  /** Settles when the body is as `pattern` wants it. */
  printed(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => pattern.test(this.body) && resolve();
      this.#look();
    });
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of body) {
        this.body += Buffer.from(chunk).toString();
        this.#look();
      }
    } catch {
      // the agent has ended
    }
  }
}

/** Starts an agent; it ends with the test. */
export function startAgent(t: TestContext, ...flags: readonly string[]): Promise<AgentRun> {
  return startAgentIn(t, {}, ...flags);
}

/** The same, in an environment of its own. */
export async function startAgentIn(t: TestContext, env: Env, ...flags: readonly string[]): Promise<AgentRun> {
  const run = new AgentRun(await loopbackAddress(), flags, env);
  t.after(async () => {
    run.signal('SIGTERM');
    await run.ended;
  });
  return run;
}

/** A folder that goes with the test. */
export function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-consul-'));
  // Behind whatever else ends with the test: a server goes on writing until then.
  t.after(() => t.after(() => rmSync(folder, { recursive: true, force: true })));
  return folder;
}
