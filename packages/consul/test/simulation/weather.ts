// What happens to the servers of a storm, by chance.

import type { ConsulServer } from '../../dist/server/consul-server.js';
import type { Cluster } from '../kit/cluster.js';
import type { Crew } from './crew.ts';
import { Diary, type Happened } from './diary.ts';
import { Lateness } from './lateness.ts';
import { electionInTheDark, leadersByTurns, transfer, transferBehindTheBack } from './leader-events.ts';
import { block, cutPowerOfMost, cutPowerOfOne, jumpClock } from './machine-events.ts';
import { leave, remove } from './membership-events.ts';
import { cutOff, cutOneWay, delay, heal, split } from './network-events.ts';
import type { Scene, StormEvent } from './scene.ts';

/** Faults of one run. */
export class Weather {
  readonly #scene: Scene;
  /** What servers have that have applied something. */
  readonly #states = new WeakMap<ConsulServer, unknown>();

  constructor(cluster: Cluster, crew: Crew) {
    const diary = new Diary(() => cluster.world.now);
    const lateness = new Lateness(cluster, () => diary.count('late'));
    this.#scene = { cluster, crew, diary, lateness };
    const { network } = cluster.world;
    network.onPacket((_packet, from, to, travelMs) => {
      if (travelMs.length === 0 && network.separated(from.host, to.host)) diary.count('cutOff');
    });
    network.onStreamBytes((_bytes, from, to) => {
      if (network.separated(from.host, to.host)) diary.count('heldUp');
    });
  }

  /** Everything that happened so far. */
  get happened(): Happened {
    return this.#scene.diary.happened(this.#told());
  }

  /** All faults with their times, a line each. */
  get diary(): readonly string[] {
    return this.#scene.diary.lines;
  }

  /** Has something happen, by chance. */
  async change(): Promise<void> {
    const event = events[this.#scene.cluster.random.below(events.length)];
    await event?.(this.#scene);
  }

  /** Looks at servers after a step of time. Who has another state all at once was sent it by a leader. */
  look(): void {
    const { cluster, diary } = this.#scene;
    for (const server of cluster.servers.values()) {
      const { tables } = server.context.store;
      const before = this.#states.get(server);
      if (server.consensus.appliedIndex === 0 || before === tables) continue;
      if (before !== undefined) diary.count('installs');
      this.#states.set(server, tables);
    }
  }

  /** Ends all faults. */
  async makePeace(): Promise<void> {
    heal(this.#scene);
    await this.#scene.crew.gather();
  }

  /** What servers say themselves. */
  #told(): Partial<Happened> {
    const { cluster, crew } = this.#scene;
    const hosts = crew.allNames.map((name) => cluster.host(name));
    const logged = (text: string) =>
      hosts.reduce((sum, { logLines }) => sum + logLines.filter((line) => line.includes(text)).length, 0);
    const counted = (name: string) => hosts.reduce((sum, { counters }) => sum + (counters.get(name) ?? 0), 0);
    return {
      elections: counted('raft.state.leader'),
      followerReads: counted('rpc.follower_reads'),
      restores: logged('raft: restored snapshot'),
      promotions: logged('consul.autopilot: Promoting server to voter'),
      deadRemoved: logged('consul.autopilot: Attempting removal'),
    };
  }
}

/** As often as each stands here. */
const events: readonly StormEvent[] = [
  ...[heal, heal, heal, heal],
  ...[cutOff, cutOneWay, split, split, delay],
  ...[block, jumpClock, jumpClock, cutPowerOfOne, cutPowerOfOne, cutPowerOfMost, cutPowerOfMost],
  ...[transfer, transferBehindTheBack, transferBehindTheBack],
  ...[electionInTheDark, electionInTheDark, leadersByTurns, leadersByTurns],
  ...[leave, remove],
];
