// The harness itself, with the real programs alone: what must hold before anything of ours is judged by it.

import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  allAlive,
  Cluster,
  EventLog,
  eventually,
  expectStatuses,
  NotInTime,
  peersMissing,
  sendEvent,
  serf094,
  serf0101,
  stdinHex,
} from '@reeve/interop';

describe('the harness, with the real programs alone', { skip: peersMissing(), concurrency: true }, () => {
  test('a condition that never holds fails with its name, its deadline and the last reason', async () => {
    const never = eventually(
      'the moon is green',
      () => {
        throw new Error('it is grey');
      },
      300,
    );
    await rejects(never, new NotInTime('the moon is green', 300, new Error('it is grey')));
  });

  test('both releases of Serf become one cluster, and its tags arrive', async (t) => {
    const cluster = await Cluster.of(t);
    const old = await cluster.start(serf094, 'old', '-tag=role=web', '-tag=dc=east');
    const recent = await cluster.start(serf0101, 'recent', `-join=${old.gossip}`);
    await expectStatuses([old, recent], allAlive([old, recent]));
    const seen = (await recent.members()).find(({ name }) => name === 'old');
    deepEqual(seen?.tags, { role: 'web', dc: 'east' });
    equal(seen?.addr, old.gossip);
  });

  test('a killed agent is seen as failed, and as alive once it is started again', async (t) => {
    const cluster = await Cluster.of(t);
    const a = await cluster.start(serf094, 'a');
    const b = await cluster.start(serf0101, 'b', `-join=${a.gossip}`);
    await b.kill();
    await expectStatuses([a], { a: 'alive', b: 'failed' });
    await b.restart();
    await expectStatuses([a, b], { a: 'alive', b: 'alive' });
  });

  test('an agent that is told to leave is seen as left', async (t) => {
    const cluster = await Cluster.of(t);
    const a = await cluster.start(serf0101, 'a');
    const b = await cluster.start(serf094, 'b', `-join=${a.gossip}`);
    await expectStatuses([a, b], allAlive([a, b]));
    await b.leave();
    equal((await b.ended).exit, 0);
    await expectStatuses([a], { a: 'alive', b: 'left' });
  });

  test('an agent that cannot start says why', async (t) => {
    const cluster = await Cluster.of(t);
    const { exit, stdout } = await cluster.startToFail(serf094, 'a', `-join=${cluster.nextPlace().gossip}`);
    equal(exit, 1);
    match(stdout, /connection refused/);
    await rejects(cluster.start(serf094, 'b', '-profile=nosuch'), /Unknown profile: nosuch/);
  });

  test('a handler gets the payload of a user event byte for byte', async (t) => {
    const cluster = await Cluster.of(t);
    const log = new EventLog(cluster);
    const a = await cluster.start(serf094, 'a', log.flag);
    const b = await cluster.start(serf0101, 'b', log.flag, `-join=${a.gossip}`);
    await expectStatuses([a, b], allAlive([a, b]));
    const payload = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await sendEvent(a, 'bytes', payload);
    for (const agent of [a, b]) {
      await eventually(`${agent.name} has the event`, () =>
        deepEqual(log.of(agent), [{ type: 'user', name: 'bytes', stdin: stdinHex(payload) }]),
      );
    }
  });
});
