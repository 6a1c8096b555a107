// How long nobody takes writes when the leader dies, and how long the others disagree about who leads.

import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from '@reeve/interop';
import type { ConsulServer } from '../consul/server.ts';
import { withServers } from '../consul/servers.ts';
import { untilAnswered } from '../consul/until-answered.ts';
import type { Figure, Measure, Say } from '../measure.ts';

const settings = [
  { name: 'default', title: 'default settings' },
  { name: 'fast', title: '`raft_multiplier` 1', raftMultiplier: 1 },
] as const;

/** The measure. */
export const consulFailover: Measure = {
  name: 'consul-failover',
  method: [
    'Three servers, 5 s after they have a leader it is killed (SIGKILL); until one of the others accepts',
    'a PUT, of which each is sent one every 20 ms. Beside that, both are asked for the leader every 20 ms',
    'for as long and 2 s more: how long they named different ones (the dead one and the new one, or none',
    'and one).',
  ].join(' '),
  figures: Object.fromEntries(settings.flatMap(figuresOf)),
  rounds: 5,
  run: async (program, _effort, say) => {
    const values: Record<string, number> = {};
    for (const setting of settings) Object.assign(values, await failOver(program, setting, say));
    return values;
  },
};

type Setting = (typeof settings)[number];

function failOver(program: Program, setting: Setting, say: Say): Promise<Record<string, number>> {
  const plan = 'raftMultiplier' in setting ? { raftMultiplier: setting.raftMultiplier } : {};
  return withServers(program, { count: 3, ...plan }, async (servers) => {
    const { leader, followers } = await servers.roles();
    await delay(calmMs);
    const killed = leader.kill();
    const startMs = performance.now();
    const views = new LeaderViews(followers);
    const writes = followers.map(
      (server) => (limitMs: number) => server.put('/v1/kv/bench/failover', 'v', limitMs),
    );
    const tookMs = (await untilAnswered('a write is accepted', writes)) - startMs;
    await killed;
    await delay(afterwardsMs);
    const disagreedMs = views.stop();
    say(`${setting.title}: ${Math.round(tookMs)} ms, disagreed for ${Math.round(disagreedMs)} ms`);
    return {
      [`${setting.name} write`]: tookMs / 1_000,
      [`${setting.name} disagreement`]: disagreedMs / 1_000,
    };
  });
}

/** Whom servers name as the leader, over a time. */
class LeaderViews {
  readonly #named: string[];
  readonly #timer: NodeJS.Timeout;
  #lastMs = performance.now();
  #disagreedMs = 0;

  constructor(servers: readonly ConsulServer[]) {
    this.#named = servers.map(() => '');
    this.#timer = setInterval(() => {
      this.#count();
      for (const [index, server] of servers.entries()) this.#ask(server, index);
    }, lookMs);
  }

  /** How long they disagreed. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#disagreedMs;
  }

  #ask(server: ConsulServer, index: number): void {
    const keep = (leader: string): void => {
      this.#named[index] = leader;
    };
    server.leader(askMsMax).then(keep, () => {}); // one that does not answer named somebody before
  }

  #count(): void {
    const nowMs = performance.now();
    if (new Set(this.#named).size > 1) this.#disagreedMs += nowMs - this.#lastMs;
    this.#lastMs = nowMs;
  }
}

function figuresOf({ name, title }: Setting): [string, Figure][] {
  return [
    [
      `${name} write`,
      {
        title: `writes again after the leader's death, ${title}`,
        unit: 's',
        better: 'lower',
        goal: { ratio: 1 / 3 },
      },
    ],
    [
      `${name} disagreement`,
      { title: `meanwhile others disagree who leads, ${title}`, unit: 's', better: 'lower' },
    ],
  ];
}

const calmMs = 5_000;
const afterwardsMs = 2_000;
const lookMs = 20;
const askMsMax = 1_000;
