// New keys for a running cluster of both programs, asked for by either one's command line: install, use,
// remove. Meanwhile events go on; not one packet may fail to be decrypted.

import { deepEqual, doesNotMatch, equal } from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Agent,
  allAlive,
  Cluster,
  EventLog,
  eventually,
  expectStatuses,
  type MixedCluster,
  type Program,
  peersMissing,
  reeve,
  sendEvent,
  serf094,
  serf0101,
  startMixedCluster,
} from '@reeve/interop';

describe('key rotation', { skip: peersMissing(), concurrency: true }, () => {
  test('[61] keys change three times under traffic, and no packet and no event is lost', async (t) => {
    const cluster = await Cluster.of(t);
    const log = new EventLog(cluster);
    const mixed = await startMixedCluster(cluster, () => [`-encrypt=${allKeys[0]}`, log.flag]);
    const traffic = new Traffic(mixed.all);
    let [previous] = allKeys;
    for (const [index, [program, agent]] of rotations(mixed).entries()) {
      const next = allKeys[index + 1] ?? '';
      await change(program, agent, '-install', next);
      await change(program, agent, '-use', next);
      await change(program, agent, '-remove', previous);
      await eventually(`all have ${next} alone`, async () => {
        const { stdout, stderr } = await agent.serfOf(program, 'keys', '-list');
        const keys = [...stdout.matchAll(/^(\S+) +\[(.+)\]$/gm)].map(([, key, members]) => [key, members]);
        deepEqual(keys, [[next, '6/6']], stdout + stderr);
      });
      previous = next;
    }
    const sent = await traffic.stop();
    for (const agent of mixed.all) {
      await eventually(`${agent.name} has handled all events`, () =>
        deepEqual(
          log
            .of(agent)
            .map(({ name }) => name)
            .sort(),
          sent,
        ),
      );
      doesNotMatch(agent.output, /decrypt|No installed keys/i);
    }
    await expectStatuses(mixed.all, allAlive(mixed.all));
  });

  test('a key that some member cannot do without stays, and both programs say who and why', async (t) => {
    const cluster = await Cluster.of(t);
    const ours = await cluster.start(reeve, 'ours', `-encrypt=${allKeys[0]}`);
    const real = await cluster.start(serf0101, 'real', `-encrypt=${allKeys[0]}`, `-join=${ours.gossip}`);
    await expectStatuses([ours, real], allAlive([ours, real]));
    await eventually('all four outcomes are the same', async () => {
      const outcomes = [];
      for (const [program, agent] of [
        [serf0101, real],
        [reeve, ours],
        [serf0101, ours],
        [reeve, real],
      ] as const) {
        const { exit, stdout, stderr } = await agent.serfOf(program, 'keys', `-remove=${allKeys[0]}`);
        outcomes.push({ exit, lines: stdout.split('\n').sort(), stderr });
      }
      const [first, ...others] = outcomes;
      equal(first?.exit, 1);
      for (const outcome of others) deepEqual(outcome, first);
    });
  });
});

/** Whose command line changes the keys, through which agent. */
function rotations({ real, ours }: MixedCluster): readonly (readonly [Program, Agent])[] {
  return [
    [serf094, real[0]],
    [reeve, ours[0]],
    [serf0101, ours[1]],
  ];
}

/** An answer can get lost (one datagram, sent once), and the change is then asked for again. */
async function change(program: Program, agent: Agent, flag: string, key: string): Promise<void> {
  await eventually(`keys ${flag} ${key} through ${agent.name}`, async () => {
    const { exit, stdout, stderr } = await agent.serfOf(program, 'keys', `${flag}=${key}`);
    equal(exit, 0, stdout + stderr);
  });
}

/** Events from everybody, one after the other, until it is stopped. */
class Traffic {
  readonly #agents: readonly Agent[];
  readonly #sent: string[] = [];
  readonly #done: Promise<void>;
  #isOver = false;

  constructor(agents: readonly Agent[]) {
    this.#agents = agents;
    this.#done = this.#send();
  }

  /** The names of all events, sorted. */
  async stop(): Promise<string[]> {
    this.#isOver = true;
    await this.#done;
    return this.#sent.sort();
  }

  async #send(): Promise<void> {
    while (!this.#isOver) {
      const agent = this.#agents[this.#sent.length % this.#agents.length] as Agent;
      const name = `event-${this.#sent.length}`;
      await sendEvent(agent, name, new Uint8Array(64));
      this.#sent.push(name);
      await new Promise((resolve) => setTimeout(resolve, eventIntervalMs));
    }
  }
}

/** One for the start, one for each change. */
const allKeys = ['A', 'B', 'C', 'D'].map((letter) => Buffer.alloc(32, letter).toString('base64')) as [
  string,
  ...string[],
];
const eventIntervalMs = 100;
