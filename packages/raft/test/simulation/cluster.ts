// A cluster of simulated servers, held to all properties after every event, and a client that writes to it.

import { type Configuration, defaultConfig, type RaftConfig } from '@reeve/raft';
import { raftProperties } from '@reeve/raft/properties';
import { SeededRandom, VirtualWorld } from '@reeve/runtime/virtual';
import { type LogPlace, SimulatedServer } from './server.ts';
import { stateMachineSafety } from './state-machine-safety.ts';

/** How a cluster is made. */
export interface ClusterOptions {
  readonly seed: number;
  readonly servers: number;
  readonly config?: Partial<RaftConfig>;
  /** The longest a write takes, milliseconds. */
  readonly writeMsMax?: number;
  /** Memory if not said. */
  readonly logPlace?: LogPlace;
}

/** Servers `1` to `n` and what became of the writes. */
export class Cluster {
  readonly world: VirtualWorld;
  readonly random: SeededRandom;
  readonly servers: readonly SimulatedServer[];
  /** Commands whose end was told, with their index. */
  readonly acknowledged = new Map<string, number>();
  readonly failed = new Map<string, string>();
  readonly #properties = raftProperties();
  readonly #stateMachineSafety = stateMachineSafety();
  proposed = 0;
  verified = 0;
  /** Whether properties are looked at. */
  isChecked = true;

  constructor(options: ClusterOptions) {
    const { seed, servers, config, writeMsMax = 5, logPlace = 'memory' } = options;
    this.world = new VirtualWorld({ seed });
    this.random = new SeededRandom(seed + 1);
    const hosts = Array.from({ length: servers }, (_, i) => this.world.host(`10.0.0.${i + 1}`));
    const settings = { ...defaultConfig, ...config };
    const writeMs = (): number => this.random.float() * writeMsMax;
    for (const { files } of hosts) files.keepsSector = () => this.random.float() < 0.5;
    this.servers = hosts.map((host) => new SimulatedServer(host, settings, writeMs, logPlace));
    this.world.onRan((host) => {
      const server = this.servers.find((it) => it.host === host);
      const node = server?.node;
      if (server === undefined || node === undefined || !this.isChecked) return;
      const { id, durableTerm } = server;
      const watched = { id, state: node.state, durableTerm };
      for (const property of this.#properties) property.onRan(watched);
      this.#stateMachineSafety(server);
    });
  }

  /** All servers as voters. */
  get everybody(): Configuration {
    return { servers: this.servers.map(({ id, address }) => ({ suffrage: 'voter', id, address })) };
  }

  /** Starts all, and tells those who take part of each other. */
  start(configuration = this.everybody): void {
    for (const server of this.servers) {
      const takesPart = configuration.servers.some(({ id }) => id === server.id);
      server.start(takesPart ? configuration : undefined);
    }
  }

  /** The leader of the newest term among those that run. */
  get leader(): SimulatedServer | undefined {
    const leaders = this.servers.filter(({ node }) => node?.state.role === 'leader');
    return leaders.toSorted((a, b) => (b.node?.state.term ?? 0) - (a.node?.state.term ?? 0))[0];
  }

  /** Waits for a leader that has committed something of its own. */
  awaitLeader(limitMs = 30_000): SimulatedServer {
    const isReady = (): boolean => {
      const state = this.leader?.node?.state;
      return state?.leadership !== undefined && state.commitIndex >= state.leadership.startIndex;
    };
    if (!this.world.runUntil(isReady, limitMs) || this.leader === undefined) throw new Error('no leader');
    return this.leader;
  }

  /** Writes by the leader, if there is one; the end is noted. */
  write(text = `command ${this.proposed + 1}`): void {
    const node = this.leader?.node;
    if (node === undefined) return;
    this.proposed++;
    node.apply(Buffer.from(text), 1_000, (result) => {
      if (result.ok) this.acknowledged.set(text, result.value.index);
      else this.failed.set(text, result.error.message);
    });
  }

  /**
   * Asks one that thinks it leads whether it does. If so, what was acknowledged before by whomever is
   * committed there: it may answer a read.
   */
  verify(): void {
    const leaders = this.servers.filter(({ node }) => node?.state.role === 'leader');
    const node = leaders[this.random.below(Math.max(leaders.length, 1))]?.node;
    if (node === undefined) return;
    const lastAcknowledged = Math.max(0, ...this.acknowledged.values());
    node.verifyLeader((result) => {
      const { leadership, commitIndex } = node.state;
      if (!result.ok || leadership === undefined || commitIndex < leadership.startIndex) return;
      this.verified++;
      if (commitIndex < lastAcknowledged)
        throw new Error(`a verified leader lacks entry ${lastAcknowledged}`);
    });
  }

  /** Waits until all that run have applied the same, the leader's all. */
  awaitAgreement(limitMs = 60_000): boolean {
    return this.world.runUntil(() => {
      const states = this.servers.map(({ node }) => node?.state);
      const last = this.leader?.node?.state.log.lastIndex;
      return last !== undefined && states.every((state) => state?.appliedIndex === last);
    }, limitMs);
  }
}
