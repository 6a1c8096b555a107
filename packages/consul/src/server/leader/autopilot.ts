// What a leader does with servers that come and go: it watches their health, lets those vote that have been
// healthy for a while, and removes the dead. Upstream: agent/consul/autopilot/autopilot.go. consul.md 8.7.
// Next: health-watch.ts, dead-servers.ts.

import { type AutopilotConfig, readAutopilot } from '../../core/index.ts';
import { pause } from '../../waiting/pause.ts';
import type { ServerContext } from '../server-context.ts';
import { findDeadServers, refusalToRemove } from './dead-servers.ts';
import type { GossipPool } from './gossip-pool.ts';
import { HealthWatch } from './health-watch.ts';
import { unknownHealth } from './server-health.ts';

/** Keeps the set of servers in order while this server leads. */
export class Autopilot {
  readonly #server: ServerContext;
  readonly #pool: GossipPool;
  /** Ends the present term; undefined while somebody else leads. */
  #term: AbortController | undefined;
  #health: HealthWatch;
  #isPruning = false;

  constructor(server: ServerContext, pool: GossipPool) {
    this.#server = server;
    this.#pool = pool;
    this.#health = new HealthWatch(server, pool);
  }

  /** This server leads. What was seen before its time counts no more. */
  start(): void {
    const term = new AbortController();
    this.#term = term;
    this.#health = new HealthWatch(this.#server, this.#pool);
    this.#server.leadership.clusterHealth = unknownHealth;
    void this.#every(healthIntervalMs, term.signal, () => this.#look(term.signal));
    void this.#every(intervalMs, term.signal, async () => {
      await this.#attempt('Error promoting servers', () => this.#promote());
      await this.#attempt(pruningFailed, () => this.#prune());
    });
  }

  /** It leads no more. */
  stop(): void {
    this.#term?.abort();
    this.#term = undefined;
  }

  /** A server has joined: with one more voter to come others may be removed. */
  async onServerJoined(): Promise<void> {
    await this.#attempt(pruningFailed, () => this.#prune());
  }

  async #every(intervalMs: number, term: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!term.aborted) {
      await pause(this.#server.runtime, intervalMs, term);
      if (!term.aborted) await work();
    }
  }

  async #attempt(failed: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log('err', `${failed}: error="${(error as Error).message}"`);
    }
  }

  async #look(term: AbortSignal): Promise<void> {
    const config = this.#config();
    if (config !== null) await this.#health.look(config, term);
  }

  /** Lets those vote that have been healthy for long enough. */
  async #promote(): Promise<void> {
    const term = this.#term;
    const { consensus } = this.#server;
    const config = this.#config();
    if (config === null) return;
    const stableForMs = config.serverStabilizationTimeNs / nsPerMs;
    const stable = consensus.servers.filter(({ id, isVoter }) => {
      const healthyForMs = this.#health.healthyForMs(id);
      return !isVoter && healthyForMs !== undefined && healthyForMs >= stableForMs;
    });
    for (const { id, address } of stable) {
      if (term !== this.#term) return;
      this.#log('info', `Promoting server to voter: server="Server (ID: "${id}" Address: "${address}")"`);
      await consensus.addVoter(id, address);
    }
    if (stable.length > 0) await this.#prune();
  }

  /** Declares failed servers left, on which raft lets go of them, and removes what gossip does not know. */
  async #prune(): Promise<void> {
    const config = this.#config();
    if (this.#term === undefined || this.#isPruning || config?.cleanupDeadServers !== true) return;
    this.#isPruning = true;
    try {
      await this.#removeDead(config);
    } finally {
      this.#isPruning = false;
    }
  }

  async #removeDead(config: AutopilotConfig): Promise<void> {
    const term = this.#term;
    const { consensus } = this.#server;
    const { nonvoters, failed, stale } = findDeadServers(this.#pool.members(), consensus.servers);
    for (const name of nonvoters) this.#forceLeave(name);
    const dead = failed.length + stale.length;
    if (dead === 0) return;
    const voters = consensus.servers.filter(({ isVoter }) => isVoter).length;
    const refusal = refusalToRemove(voters, config.minQuorum, dead);
    if (refusal !== undefined) return this.#log('debug', `Failed to remove dead servers: error="${refusal}"`);
    for (const name of failed) this.#forceLeave(name);
    for (const { id, address } of stale) {
      if (term !== this.#term) return;
      this.#log(
        'info',
        `Attempting removal of stale server: server="Server (ID: "${id}" Address: "${address}")"`,
      );
      await consensus.removeServer(id);
    }
  }

  #forceLeave(name: string): void {
    this.#log('info', `Attempting removal of failed server node: name=${name}`);
    this.#pool.forceLeave(name);
  }

  #config(): AutopilotConfig | null {
    return readAutopilot(this.#server.store.tables, null).value;
  }

  #log(level: 'debug' | 'info' | 'warn' | 'err', text: string): void {
    this.#server.runtime.log(level, `consul.autopilot: ${text}`);
  }
}

const pruningFailed = 'Error checking for dead servers to remove';
/** Upstream's numbers (ServerHealthInterval, AutopilotInterval). */
const healthIntervalMs = 2_000;
const intervalMs = 10_000;
const nsPerMs = 1e6;
