// How a leader finds its servers: it asks all of them how far they are, and remembers since when each is as
// healthy as it is. Upstream: agent/consul/autopilot/autopilot.go (updateClusterHealth). consul.md 8.7.
// Next: server-health.ts.

import { endpointText } from '@reeve/runtime';
import type { Member } from '@reeve/serf/core';
import { type AutopilotConfig, type GoTime, neverTime } from '../../core/index.ts';
import { type RaftStats, type ServerHealth, status } from '../../rpc/methods/index.ts';
import { pause } from '../../waiting/pause.ts';
import { serverOf } from '../gossip/server-member.ts';
import type { ServerContext } from '../server-context.ts';
import type { GossipPool } from './gossip-pool.ts';
import { clusterHealth, serverHealth } from './server-health.ts';

/** What is known of servers during one leadership. */
export class HealthWatch {
  readonly #server: ServerContext;
  readonly #pool: GossipPool;
  /** By raft's id; bounded by raft's configuration. */
  #stability: ReadonlyMap<string, Stability> = new Map();

  constructor(server: ServerContext, pool: GossipPool) {
    this.#server = server;
    this.#pool = pool;
  }

  /** For how long a server has been healthy; undefined while it is not, or nobody has looked. */
  healthyForMs(id: string): number | undefined {
    const known = this.#stability.get(id);
    return known?.isHealthy === true ? this.#server.runtime.clock.now() - known.sinceMs : undefined;
  }

  /** Asks all servers at once, so that the answers are of the same moment. Nothing is noted after `term`. */
  async look(config: AutopilotConfig, term: AbortSignal): Promise<void> {
    const { consensus, leadership } = this.#server;
    const members = this.#serverMembers();
    const { index: lastIndex } = consensus.lastLog();
    const asked = [...members].map(async ([id, member]) => [id, await this.#askStats(member)] as const);
    const stats = new Map(await Promise.all(asked));
    if (term.aborted) return;
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
      this.#server.runtime.log('warn', `consul.autopilot: error getting server health from server: ${why}`);
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

/** Half of the time between two looks, as upstream. */
const answerTimeoutMs = 1_000;
const nsPerMs = 1e6;
const msPerSecond = 1e3;
