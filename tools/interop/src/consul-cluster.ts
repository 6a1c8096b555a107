// Servers of Consul, the original's and ours, that make one cluster. Each has an address and a directory for
// its data, which it finds again when it is started again.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { LoopbackNetwork } from '@reeve/namespaces';
import { ConsulAgent, scratchFolder } from './consul-agent.ts';
import { eventually } from './eventually.ts';
import type { Program } from './programs.ts';

/** The servers of one test. */
export class ConsulCluster {
  readonly #network: LoopbackNetwork;
  readonly #folder: string;
  readonly #addresses = new Map<string, string>();
  readonly #running = new Map<string, ConsulAgent>();

  private constructor(network: LoopbackNetwork, folder: string) {
    this.#network = network;
    this.#folder = folder;
  }

  /** Starts a server of each program, s1, s2 and so on; they end with the test. */
  static async start(
    t: TestContext,
    programs: readonly Program[],
    ...args: readonly string[]
  ): Promise<ConsulCluster> {
    const cluster = new ConsulCluster(await LoopbackNetwork.claim(), scratchFolder(t));
    t.after(() => cluster.#close());
    for (const [at, program] of programs.entries())
      cluster.run(`s${at + 1}`, program, `-bootstrap-expect=${programs.length}`, ...args);
    return cluster;
  }

  /** Those that run, by name. */
  get running(): ReadonlyMap<string, ConsulAgent> {
    return this.#running;
  }

  /** A server that runs. */
  server(name: string): ConsulAgent {
    const server = this.#running.get(name);
    assert.ok(server, `${name} does not run`);
    return server;
  }

  /** Starts a server, for the first time or again; it joins s1 and s2. */
  run(name: string, program: Program, ...args: readonly string[]): ConsulAgent {
    const address = this.#addresses.get(name) ?? this.#network.nextAddress();
    this.#addresses.set(name, address);
    const joins = ['s1', 's2'].flatMap((other) => this.#addresses.get(other) ?? []);
    const server = new ConsulAgent(program, address, [
      ...['-server', `-node=${name}`, `-data-dir=${join(this.#folder, name)}`, '-serf-wan-port=-1'],
      ...joins.map((other) => `-retry-join=${other}`),
      ...['-retry-interval=1s', '-hcl=performance { raft_multiplier = 3, leave_drain_time = "1s" }', ...args],
    ]);
    this.#running.set(name, server);
    return server;
  }

  /** Starts a server of another name, with a directory of its own, at the address of one that has gone. */
  replace(gone: string, name: string, program: Program, ...args: readonly string[]): ConsulAgent {
    this.#addresses.set(name, this.#addresses.get(gone) ?? this.#network.nextAddress());
    return this.run(name, program, ...args);
  }

  /** `kill -9`. */
  async kill(name: string): Promise<void> {
    await this.server(name).kill();
    this.#running.delete(name);
  }

  /** Waits until the server has ended by itself; its exit code. */
  async ended(name: string): Promise<number | null> {
    const { exit } = await this.server(name).child.ended;
    this.#running.delete(name);
    return exit;
  }

  /** Waits until all that run say that the same one of them leads; its name. */
  leader(): Promise<string> {
    return eventually('all say that the same one leads', async () => {
      const said = await Promise.all(
        [...this.#running.values()].map((it) => it.getJson('/v1/status/leader')),
      );
      const found = [...this.#running].find(([, { address }]) =>
        said.every((it) => it === `${address}:8300`),
      );
      assert.ok(found, said.join());
      return found[0];
    });
  }

  /** The names of raft's servers as the one that leads has them, those without a vote in brackets. */
  async peers(): Promise<string[]> {
    const { Servers } = (await this.server(await this.leader()).getJson(
      '/v1/operator/raft/configuration',
    )) as { Servers: readonly { Node: string; Voter: boolean }[] };
    return Servers.map(({ Node, Voter }) => (Voter ? Node : `(${Node})`)).sort();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.kill(name)));
    this.#network.release();
  }
}
