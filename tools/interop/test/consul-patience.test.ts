// Patience: the leader is killed under load, again and again, and each time started again. No write that was
// acknowledged is lost, and no term has two leaders. How long nobody takes writes is told, not asserted.
//
// REEVE_CONSUL_KILLS says how often those of ours alone lose their leader. The settings are the default ones.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ConsulAgent,
  ConsulCluster,
  consul187,
  consulMissing,
  eventually,
  type Program,
  reeveConsul,
} from '@reeve/interop';

interface Trial {
  readonly programs: readonly Program[];
  readonly kills: number;
}

const trials: Record<string, Trial> = {
  'three of ours': {
    programs: [reeveConsul, reeveConsul, reeveConsul],
    kills: Number(process.env.REEVE_CONSUL_KILLS ?? 4),
  },
  'two of ours and one of the original': { programs: [reeveConsul, reeveConsul, consul187], kills: 2 },
};

for (const [title, { programs, kills }] of Object.entries(trials)) {
  describe(`Consul servers, ${title}`, { skip: consulMissing() }, () => {
    test(`T0-5: kill -9 of the leader under load, ${kills} times: what was taken is there`, async (t) => {
      const cluster = await ConsulCluster.start(t, programs, ...defaultSettings);
      const lives = new Lives();
      for (const server of cluster.running.values()) lives.add(server);
      await cluster.leader();
      const writers = Array.from({ length: writerCount }, (_, index) => new Writer(cluster, index));
      const gapsMs: number[] = [];
      for (let kill = 0; kill < kills; kill++) {
        const before = takenBy(writers).length;
        await eventually('writes are taken', () => assert.ok(takenBy(writers).length >= before + 200));
        const leader = await cluster.leader();
        await cluster.kill(leader);
        const sinceMs = performance.now();
        gapsMs.push((await firstTakenAfter(sinceMs, writers)) - sinceMs);
        const program = programs[Number(leader.slice(1)) - 1] as Program;
        lives.add(cluster.run(leader, program, ...defaultSettings));
      }
      await Promise.all(writers.map((writer) => writer.stop()));
      const taken = takenBy(writers);
      const sorted = gapsMs.map(Math.round).sort((a, b) => a - b);
      t.diagnostic(
        `${taken.length} writes acknowledged; without any after each death, ms: ${sorted.join(' ')}`,
      );
      await cluster.leader();
      for (const [name, server] of cluster.running) {
        await eventually(`${name} has all that was acknowledged`, async () => {
          const kept = new Set((await server.getJson('/v1/kv/w/?keys&stale')) as string[]);
          assert.deepEqual(
            taken.filter((key) => !kept.has(key)),
            [],
          );
        });
      }
      const elected = lives.leadersByTerm();
      assert.ok(elected.size > kills, `${elected.size} elections`);
      for (const [term, leaders] of elected) assert.equal(leaders.size, 1, `term ${term}: ${[...leaders]}`);
    });
  });
}

/** Writes new keys, one at a time, to one server after the other. */
class Writer {
  /** What was acknowledged. */
  readonly taken: string[] = [];
  /** When the last of those was asked for that were acknowledged. */
  askedMs = 0;
  takenMs = 0;
  readonly #done: Promise<void>;
  #isStopped = false;

  constructor(cluster: ConsulCluster, index: number) {
    this.#done = this.#write(cluster, index);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #write(cluster: ConsulCluster, index: number): Promise<void> {
    for (let number = 1; !this.#isStopped; number++) {
      const servers = [...cluster.running.values()];
      const server = servers[(index + number) % servers.length];
      const key = `w/${index}-${number}`;
      const askedMs = performance.now();
      if (await isTaken(server, key)) {
        this.taken.push(key);
        this.askedMs = askedMs;
        this.takenMs = performance.now();
      } else {
        await pause(refusedMs);
      }
    }
  }
}

/** Whoever has died, or has no leader, has not said yes. */
async function isTaken(server: ConsulAgent | undefined, key: string): Promise<boolean> {
  try {
    return (await server?.put(`/v1/kv/${key}`, key))?.trim() === 'true';
  } catch {
    return false;
  }
}

function takenBy(writers: readonly Writer[]): string[] {
  return writers.flatMap(({ taken }) => taken);
}

/** When the first write was acknowledged that was asked for later than this. */
async function firstTakenAfter(sinceMs: number, writers: readonly Writer[]): Promise<number> {
  return await eventually('writes are taken again', () => {
    const later = writers.filter(({ askedMs }) => askedMs > sinceMs).map(({ takenMs }) => takenMs);
    assert.ok(later.length > 0);
    return Math.min(...later);
  });
}

/** All processes of a cluster, those that were killed as well. */
class Lives {
  readonly #lives: ConsulAgent[] = [];

  add(server: ConsulAgent): void {
    this.#lives.push(server);
  }

  /** Who has won in which term, by what they have logged. */
  leadersByTerm(): ReadonlyMap<number, ReadonlySet<string>> {
    const leaders = new Map<number, Set<string>>();
    for (const { address, child } of this.#lives) {
      let term = 0;
      for (const [, candidacy] of child.stdout.matchAll(electionLines)) {
        if (candidacy !== undefined) term = Number(candidacy);
        else leaders.set(term, (leaders.get(term) ?? new Set()).add(address));
      }
    }
    return leaders;
  }
}

const electionLines = /entering candidate state: .*term=(\d+)|election won/g;
const defaultSettings = ['-hcl=performance { raft_multiplier = 5 }', '-log-level=info'];
const writerCount = 8;
/** Before the next try. */
const refusedMs = 10;
