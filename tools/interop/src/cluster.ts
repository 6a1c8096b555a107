// The agents of one test. They live on a loopback network of their own and are killed when the test ends,
// whether it passed or not. A failed test prints the last log lines of each agent.

import { deepStrictEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { LoopbackNetwork } from '@reeve/namespaces';
import { Agent, type AgentPlace, agentArguments } from './agent.ts';
import { type Outcome, run } from './child.ts';
import { eventually } from './eventually.ts';
import type { Program } from './programs.ts';

/** The agents of one test, and where they live. */
export class Cluster {
  /** For files of the agents; removed with the cluster. */
  readonly folder = mkdtempSync(join(tmpdir(), 'reeve-interop-'));
  readonly #network: LoopbackNetwork;
  readonly #agents: Agent[] = [];

  private constructor(network: LoopbackNetwork) {
    this.#network = network;
  }

  /** An empty cluster that lives as long as the test. */
  static async of(test: TestContext): Promise<Cluster> {
    const cluster = await Cluster.open();
    cluster.reportFailure(test);
    test.after(() => cluster.close());
    return cluster;
  }

  /** An empty cluster, which the caller closes. */
  static async open(): Promise<Cluster> {
    return new Cluster(await LoopbackNetwork.claim());
  }

  /** Kills all agents and gives back what they had. */
  async close(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.kill()));
    this.#network.release();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Prints the agents' last words if this test fails; for subtests, since every failure is reported where it
   * is.
   */
  reportFailure(test: TestContext): void {
    test.after(() => {
      if (!(test as TestedContext).passed) process.stderr.write(`${test.name}\n${this.#report()}`);
    });
  }

  /** Starts an agent with flags that every program understands, and waits until it runs. */
  start(program: Program, name: string, ...flags: string[]): Promise<Agent> {
    return this.startAt(this.nextPlace(), program, name, ...flags);
  }

  /** The same at a place of the caller's choice. */
  async startAt(place: AgentPlace, program: Program, name: string, ...flags: string[]): Promise<Agent> {
    const agent = new Agent(program, name, place, flags);
    this.#agents.push(agent);
    await agent.ready();
    return agent;
  }

  /** Runs an agent that is expected to give up by itself. */
  startToFail(program: Program, name: string, ...flags: string[]): Promise<Outcome> {
    return run(program.path, agentArguments(name, this.nextPlace(), flags));
  }

  /** An address that no agent has; with the ports that agents use. */
  nextPlace(): AgentPlace {
    const host = this.#network.nextAddress();
    return { gossip: `${host}:${this.#network.port}`, rpc: `${host}:${rpcPort}` };
  }

  #report(): string {
    return this.#agents.map(lastWords).join('');
  }
}

/** Waits until each of these agents shows exactly these members with these statuses. */
export async function expectStatuses(
  agents: readonly Agent[],
  statuses: Readonly<Record<string, string>>,
  withinMs?: number,
): Promise<void> {
  for (const agent of agents) {
    const what = `${agent.name} (${agent.program.title}) sees ${JSON.stringify(statuses)}`;
    await eventually(what, async () => deepStrictEqual(await agent.statuses(), statuses), withinMs);
  }
}

/** `{ a: 'alive', b: 'alive' }` for these agents. */
export function allAlive(agents: readonly Agent[]): Record<string, string> {
  return Object.fromEntries(agents.map(({ name }) => [name, 'alive']));
}

function lastWords(agent: Agent): string {
  const state = agent.isRunning ? 'running' : 'ended';
  const lines = agent.output.trimEnd().split('\n').slice(-reportLines);
  return `--- ${agent.name} (${agent.program.title}, ${agent.gossip}, ${state})\n${lines.join('\n')}\n`;
}

/** Node has it since 20.12; its types for Node 20 do not name it. */
type TestedContext = TestContext & { readonly passed: boolean };

const rpcPort = 7373;
const reportLines = 40;
