// User events across programs: every node's handlers get each event once, byte for byte.
//
// Gossip promises no order for events that are under way together (upstream's receivers even take the newest
// first), so order is checked with events that are sent when the one before has arrived everywhere.

import { deepEqual } from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Agent,
  Cluster,
  EventLog,
  eventually,
  type HandledEvent,
  peersMissing,
  reeve,
  sendEvent,
  serf094,
  serf0101,
  startMixedCluster,
  stdinHex,
} from '@reeve/interop';

describe('user events', { skip: peersMissing(), concurrency: true }, () => {
  test('binary payloads sent from any node reach every handler in order, exactly once', async (t) => {
    const cluster = await Cluster.of(t);
    const log = new EventLog(cluster);
    const { all, real, ours } = await startMixedCluster(cluster, () => [log.flag]);
    const sent: HandledEvent[] = [];
    for (const [index, payload] of oddPayloads.entries()) {
      const sender = pick(index % 2 === 0 ? ours : real, index >> 1);
      await sendEvent(sender, `event-${index}`, payload);
      sent.push({ type: 'user', name: `event-${index}`, stdin: stdinHex(payload) });
      await expectHandled(log, all, sent);
    }
  });

  test('a burst from all nodes at once reaches every handler completely and without doubles', async (t) => {
    const cluster = await Cluster.of(t);
    const log = new EventLog(cluster);
    const { all } = await startMixedCluster(cluster, () => [log.flag]);
    const sends = all.flatMap((agent) =>
      Array.from({ length: burstEvents }, (_, i) => ({ agent, name: `${agent.name}-${i}` })),
    );
    await Promise.all(sends.map(({ agent, name }) => sendEvent(agent, name, new TextEncoder().encode(name))));
    const expected = sends.map(({ name }) => name).sort();
    for (const agent of all) {
      await eventually(`${agent.name} handled all`, () =>
        deepEqual(
          log
            .of(agent)
            .map(({ name }) => name)
            .sort(),
          expected,
        ),
      );
    }
  });

  for (const program of [serf094, serf0101]) {
    test(`[69] of coalescable events ours and ${program.title} handle the last one alone`, async (t) => {
      const cluster = await Cluster.of(t);
      const log = new EventLog(cluster);
      const ours = await cluster.start(reeve, 'ours', log.flag);
      const real = await cluster.start(program, 'real', log.flag, `-join=${ours.gossip}`);
      for (const version of ['v0', 'v1', 'v2', 'v3']) {
        for (const sender of [ours, real]) await sendEvent(sender, sender.name, bytesOf(version), true);
      }
      const stdin = stdinHex(bytesOf('v3'));
      const expected = ['ours', 'real'].map((name) => ({ type: 'user', name, stdin }));
      for (const agent of [ours, real]) {
        await eventually(`${agent.name} handled the last ones`, () =>
          deepEqual(log.of(agent).toSorted(byName), expected),
        );
      }
    });
  }
});

async function expectHandled(
  log: EventLog,
  agents: readonly Agent[],
  events: readonly HandledEvent[],
): Promise<void> {
  for (const agent of agents) {
    await eventually(`${agent.name} handled ${events.at(-1)?.name}`, () => deepEqual(log.of(agent), events));
  }
}

function byName(a: HandledEvent, b: HandledEvent): number {
  return a.name.localeCompare(b.name);
}

function pick(agents: readonly [Agent, Agent, Agent], index: number): Agent {
  return agents[index % 3] ?? agents[0];
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Each is smaller than an event may be (512 bytes, name included). */
const oddPayloads: readonly Uint8Array[] = [
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
  bytesOf(''),
  bytesOf('\0'),
  bytesOf('\n'),
  bytesOf('two\nlines\n'),
  bytesOf('no line end'),
  bytesOf('\xff\xfe\xc3\x28'),
  bytesOf('x'.repeat(31)),
  bytesOf('y'.repeat(32)),
  bytesOf('\r\n'.repeat(200)),
];
const burstEvents = 5;
