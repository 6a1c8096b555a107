// One agent of a test cluster, real or ours alike: started with the flags that both understand, and asked
// through the command line of its own program.
// Next: cluster.ts.

import { readFileSync } from 'node:fs';
import { Child, type Outcome, run } from './child.ts';
import { eventually } from './eventually.ts';
import type { Program } from './programs.ts';

/** A member as `serf members -format=json` shows it. */
export interface Member {
  readonly name: string;
  /** `ip:port`. */
  readonly addr: string;
  readonly port: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly status: string;
  readonly protocol: { readonly max: number; readonly min: number; readonly version: number };
}

/** Where an agent listens. */
export interface AgentPlace {
  /** `ip:port` of gossip. */
  readonly gossip: string;
  /** `ip:port` of RPC. */
  readonly rpc: string;
}

/** A running agent. */
export class Agent implements AgentPlace {
  readonly program: Program;
  readonly name: string;
  readonly gossip: string;
  readonly rpc: string;
  #flags: readonly string[];
  #child: Child;

  constructor(program: Program, name: string, place: AgentPlace, flags: readonly string[]) {
    this.program = program;
    this.name = name;
    this.gossip = place.gossip;
    this.rpc = place.rpc;
    this.#flags = flags;
    this.#child = this.#spawn();
  }

  /** Waits until it streams its log; fails with its output when it ends before that. */
  async ready(): Promise<void> {
    const child = this.#child;
    await eventually(`${this.name} (${this.program.title}) has started`, () => {
      if (child.stdout.includes(readyLine) || !child.isRunning) return;
      throw new Error(`it printed:\n${child.stdout}`);
    });
    if (child.isRunning) return;
    const { exit, stdout, stderr } = await child.ended;
    throw new Error(`${this.name} (${this.program.title}) ended with ${exit}:\n${stdout}${stderr}`);
  }

  /** Everything it has printed since it was started last. */
  get output(): string {
    return this.#child.stdout + this.#child.stderr;
  }

  get isRunning(): boolean {
    return this.#child.isRunning;
  }

  /** Settles when it has ended. */
  get ended(): Promise<Outcome> {
    return this.#child.ended;
  }

  /** Settles as soon as its output is as `holds` wants it; false when it ends before. */
  printed(holds: (stdout: string) => boolean): Promise<boolean> {
    return this.#child.printed(holds);
  }

  /** The number of its process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How much memory it takes, and took at most. */
  memory(): { readonly residentBytes: number; readonly peakBytes: number } {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const bytesOf = (name: string): number =>
      Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
    return { residentBytes: bytesOf('VmRSS'), peakBytes: bytesOf('VmHWM') };
  }

  /** Runs a command of its own program against it: `agent.serf('members', '-status=alive')`. */
  serf(command: string, ...args: string[]): Promise<Outcome> {
    return this.serfOf(this.program, command, ...args);
  }

  /** Runs a command of any program against it. */
  serfOf(program: Program, command: string, ...args: string[]): Promise<Outcome> {
    return run(program.path, [command, `-rpc-addr=${this.rpc}`, ...args]);
  }

  /** All members it knows, through its own program. */
  async members(): Promise<readonly Member[]> {
    const { exit, stdout } = await this.serf('members', '-format=json');
    if (exit !== 0) throw new Error(`members of ${this.name}: ${stdout}`);
    return (JSON.parse(stdout) as { members: Member[] | null }).members ?? [];
  }

  /** What it thinks of each member: `{ web1: 'alive', web2: 'failed' }`. */
  async statuses(): Promise<Record<string, string>> {
    const members = await this.members();
    return Object.fromEntries(members.map(({ name, status }) => [name, status]));
  }

  /** Crashes it: no goodbye, nothing flushed. */
  async kill(): Promise<void> {
    this.#child.signal('SIGKILL');
    await this.#child.ended;
  }

  /** Ctrl-C; returns how it ended. */
  interrupt(): Promise<Outcome> {
    this.#child.signal('SIGINT');
    return this.#child.ended;
  }

  /** Tells it to leave, and waits for its end. A real agent that is interrupted cuts a slow leave off. */
  async leave(): Promise<void> {
    const { stdout } = await this.serf('leave');
    if (stdout !== 'Graceful leave complete\n') throw new Error(`leave of ${this.name}: ${stdout}`);
    await this.#child.ended;
  }

  /**
   * Starts it again where it was, after it has ended; with other flags if there are any, else with the same.
   */
  async restart(...flags: string[]): Promise<void> {
    if (flags.length > 0) this.#flags = flags;
    await this.#child.ended;
    this.#child = this.#spawn();
    await this.ready();
  }

  #spawn(): Child {
    const { path, agentEnv } = this.program;
    return new Child(path, agentArguments(this.name, this, this.#flags), agentEnv);
  }
}

/** The command line of an agent. Debug logs cost nothing and explain failures. */
export function agentArguments(name: string, place: AgentPlace, flags: readonly string[]): string[] {
  return [
    'agent',
    `-node=${name}`,
    `-bind=${place.gossip}`,
    `-rpc-addr=${place.rpc}`,
    '-log-level=debug',
    ...flags,
  ];
}

/** The last line of the banner. */
export const readyLine = '==> Log data will now stream in as it occurs:';
