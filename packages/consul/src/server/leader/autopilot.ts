// What a leader does with servers that come and go: it watches their health, lets those vote that have been
// healthy for a while, and removes the dead. Upstream: agent/consul/autopilot/autopilot.go. consul.md 8.7.
// Next: server-health.ts, dead-servers.ts.

import { endpointText } from '@reeve/runtime';
import type { Member } from '@reeve/serf/core';
import { type AutopilotConfig, type GoTime, neverTime, readAutopilot } from '../../core/index.ts';
import { type RaftStats, type ServerHealth, status } from '../../rpc/methods/index.ts';
import { pause } from '../../waiting/pause.ts';
import { serverOf } from '../gossip/server-member.ts';
import type { ServerContext } from '../server-context.ts';
import { findDeadServers, refusalToRemove } from './dead-servers.ts';
import type { GossipPool } from './gossip-pool.ts';
import { clusterHealth, serverHealth, unknownHealth } from './server-health.ts';

/** Keeps the set of servers in order while this server leads. */
export class Autopilot {
  readonly #server: ServerContext;
  readonly #pool: GossipPool;
  /** Ends the present term; undefined while somebody else leads. */
  #term: AbortController | undefined;
  /** By raft's id; bounded by raft's configuration. */
  #stability: ReadonlyMap<string, Stability> = new Map();
  #isPruning = false;

  constructor(server: ServerContext, pool: GossipPool) {
    this.#server = server;
    this.#pool = pool;
  }

  /** This server leads. What an earlier leader had seen nobody knows: everybody's stability begins anew. */
  start(): void {
    const term = new AbortController();
    this.#term = term;
    this.#stability = new Map();
    this.#server.leadership.clusterHealth = unknownHealth;
    void this.#every(healthIntervalMs, term.signal, () => this.#look());
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

  /** Asks all servers at once how far they are, so that the answers are of the same moment. */
  async #look(): Promise<void> {
    const term = this.#term;
    const { consensus, leadership } = this.#server;
    const config = this.#config();
    if (config === null) return;
    const members = this.#serverMembers();
    const { index: lastIndex } = consensus.lastLog();
    const asked = [...members].map(async ([id, member]) => [id, await this.#askStats(member)] as const);
    const stats = new Map(await Promise.all(asked));
    if (term !== this.#term) return;
    const measure = { config, lastIndex, lastTerm: consensus.lastLog().term };
    const healths = consensus.servers.map((server) => {
      const isLeader = server.address === consensus.leaderAddress;
      const member = members.get(server.id);
      return serverHealth({ server, isLeader, member, stats: stats.get(server.id) }, measure);
    });
    this.#noteStability(healths, (id) => stats.get(id) !== undefined);
    const since = (id: string) => this.#stability.get(id)?.since ?? neverTime;
    leadership.clusterHealth = clusterHealth(
      healths.map((health) => ({ ...health, stableSince: since(health.id) })),
    );
  }

  /** Who has not left, by raft's id. */
  #serverMembers(): Map<string, Member> {
    const members = this.#pool.members().filter((member) => member.status !== 'left');
    return new Map(
      members.map((member) => [serverOf(member)?.id ?? '', member] as const).filter(([id]) => id),
    );
  }

  async #askStats(member: Member): Promise<RaftStats | undefined> {
    const { runtime } = this.#server;
    const asServer = serverOf(member);
    if (asServer === undefined) return undefined;
    const over = new AbortController();
    const ask = async () =>
      this.#server.callerAt(endpointText(asServer)).call(status.raftStats, {}, over.signal);
    const late = pause(runtime, answerTimeoutMs, over.signal).then(() => {
      throw new Error('context deadline exceeded');
    });
    try {
      return await Promise.race([ask(), late]);
    } catch (error) {
      const why = `server=${member.name} error="${(error as Error).message}"`;
      this.#log('warn', `error getting server health from server: ${why}`);
      return undefined;
    } finally {
      late.catch(() => {}); // it is over either way
      over.abort();
    }
  }

  /** A server that was never reached is stable since never, as upstream shows it. */
  #noteStability(healths: readonly ServerHealth[], isReached: (id: string) => boolean): void {
    const { clock } = this.#server.runtime;
    const before = this.#stability;
    this.#stability = new Map(
      healths.map(({ id, healthy }) => {
        const known = before.get(id);
        if (known?.isHealthy === healthy) return [id, known];
        const since = isReached(id) ? wallTime(clock.wallTime()) : neverTime;
        return [id, { isHealthy: healthy, sinceMs: clock.now(), since }];
      }),
    );
  }

  /** Lets those vote that have been healthy for long enough. */
  async #promote(): Promise<void> {
    const term = this.#term;
    const { consensus, runtime } = this.#server;
    const config = this.#config();
    if (config === null) return;
    const stableFor = config.serverStabilizationTimeNs / nsPerMs;
    const stable = consensus.servers.filter(({ id, isVoter }) => {
      const { isHealthy, sinceMs = 0 } = this.#stability.get(id) ?? {};
      return !isVoter && isHealthy === true && runtime.clock.now() - sinceMs >= stableFor;
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

/** Since when a server's health is what it is. */
interface Stability {
  readonly isHealthy: boolean;
  /** On the clock that never jumps. */
  readonly sinceMs: number;
  readonly since: GoTime;
}

function wallTime(unixMs: number): GoTime {
  const unixSeconds = Math.floor(unixMs / msPerSecond);
  const nanoseconds = Math.floor((unixMs - unixSeconds * msPerSecond) * nsPerMs);
  return { unixSeconds, nanoseconds, zoneMinutes: null };
}

const pruningFailed = 'Error checking for dead servers to remove';
/** Upstream's numbers (ServerHealthInterval, AutopilotInterval). */
const healthIntervalMs = 2_000;
const intervalMs = 10_000;
const answerTimeoutMs = healthIntervalMs / 2;
const nsPerMs = 1e6;
const msPerSecond = 1e3;
