// Leaving, crashing, coming back and being removed: whoever does it and whoever looks, all see the same.

import { equal } from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  type Agent,
  allAlive,
  Cluster,
  eventually,
  expectStatuses,
  type MixedCluster,
  peersMissing,
  startMixedCluster,
} from '@reeve/interop';

describe('departures', { skip: peersMissing(), concurrency: true }, () => {
  test('an agent that leaves is left to all others, and alive again when it comes back', async (t) => {
    const { cluster, mixed } = await start(t);
    const { all, real, ours } = mixed;
    await t.test('interrupted', async (t) => {
      cluster.reportFailure(t);
      equal((await ours[1].interrupt()).exit, 0);
      await expectDeparted(all, [ours[1]], 'left');
    });
    await t.test('asked to leave by command', async (t) => {
      cluster.reportFailure(t);
      for (const agent of [real[1], real[2], ours[2]]) {
        await agent.leave();
        equal((await agent.ended).exit, 0);
      }
      await expectDeparted(all, [real[1], ours[1], real[2], ours[2]], 'left');
    });
    await t.test('back again', async (t) => {
      cluster.reportFailure(t);
      for (const agent of [real[1], ours[1], real[2], ours[2]]) {
        await agent.restart(`-join=${all[0]?.gossip}`);
      }
      await expectStatuses(all, allAlive(all));
    });
  });

  test('an agent that is killed is failed to all others, and alive again when it comes back', async (t) => {
    const { mixed } = await start(t);
    const { all, real, ours } = mixed;
    await Promise.all([real[1].kill(), ours[1].kill()]);
    await expectDeparted(all, [real[1], ours[1]], 'failed');
    await real[1].restart(`-join=${ours[0].gossip}`);
    await ours[1].restart(`-join=${real[0].gossip}`);
    await expectStatuses(all, allAlive(all));
  });

  test('[67] a failed agent is left after a force-leave, gone after a prune, whoever asks', async (t) => {
    const { cluster, mixed } = await start(t);
    const { all, real, ours } = mixed;
    await Promise.all([real[1].kill(), ours[1].kill()]);
    await expectDeparted(all, [real[1], ours[1]], 'failed');
    await t.test('removed by the other kind', async (t) => {
      cluster.reportFailure(t);
      await forceLeave(ours[0], real[1].name);
      await forceLeave(real[0], ours[1].name);
      await expectDeparted(all, [real[1], ours[1]], 'left');
    });
    await t.test('pruned by the other kind', async (t) => {
      cluster.reportFailure(t);
      const rest = all.filter((agent) => agent.isRunning);
      // Gossip passes over one of four now and then, and no push/pull makes up for a prune: so say it again.
      await eventually('all have pruned both', async () => {
        await forceLeave(ours[0], '-prune', real[1].name);
        await forceLeave(real[0], '-prune', ours[1].name);
        await expectStatuses(rest, allAlive(rest), 5_000);
      });
    });
  });
});

async function start(t: TestContext): Promise<{ cluster: Cluster; mixed: MixedCluster }> {
  const cluster = await Cluster.of(t);
  return { cluster, mixed: await startMixedCluster(cluster) };
}

/** Again if the word of it was not out in time. */
async function forceLeave(agent: Agent, ...args: string[]): Promise<void> {
  await eventually(`${agent.name} has said it`, async () => {
    const { exit, stdout } = await agent.serf('force-leave', ...args);
    equal(exit, 0, stdout);
  });
}

/** All agents that run see these as `status`, and the others alive. */
async function expectDeparted(
  all: readonly Agent[],
  departed: readonly Agent[],
  status: 'left' | 'failed',
): Promise<void> {
  const gone = Object.fromEntries(departed.map(({ name }) => [name, status]));
  const running = all.filter((agent) => agent.isRunning);
  await expectStatuses(running, { ...allAlive(all), ...gone });
}
