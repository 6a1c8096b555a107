// Encryption and compression: mixed settings understand each other, and keys are changed under way.

import { deepEqual, equal, match } from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Agent,
  allAlive,
  Cluster,
  EventLog,
  eventually,
  expectStatuses,
  peersMissing,
  reeve,
  sendEvent,
  serf094,
  serf0101,
  startMixedCluster,
  stdinHex,
} from '@reeve/interop';

describe('encryption and compression', { skip: peersMissing(), concurrency: true }, () => {
  for (const key of [undefined, keyOf(32, 'A')]) {
    const how = key ? 'encrypted' : 'in the clear';
    test(`agents with and without compression understand each other ${how}`, async (t) => {
      const cluster = await Cluster.of(t);
      const log = new EventLog(cluster);
      const { all, real, ours } = await startMixedCluster(cluster, (_name, index) => [
        log.flag,
        ...(key ? [`-encrypt=${key}`] : []),
        ...([0, 1, 4].includes(index) ? ['-disable-compression'] : []),
      ]);
      const payload = new TextEncoder().encode('abc'.repeat(100));
      const handled = { type: 'user', name: 'deploy', stdin: stdinHex(payload) };
      await sendEvent(ours[1], 'deploy', payload);
      await eventually('all handled ours', () => {
        for (const agent of all) deepEqual(log.of(agent), [handled]);
      });
      await sendEvent(real[0], 'deploy', payload);
      await eventually('all handled the real one', () => {
        for (const agent of all) deepEqual(log.of(agent), [handled, handled]);
      });
      await Promise.all([real[2].kill(), ours[2].kill()]);
      const rest = all.filter((agent) => agent.isRunning);
      await expectStatuses(rest, { ...allAlive(all), real3: 'failed', ours3: 'failed' });
    });
  }

  for (const bytes of [16, 24]) {
    test(`keys of ${bytes} bytes work as well`, async (t) => {
      const cluster = await Cluster.of(t);
      const flag = `-encrypt=${keyOf(bytes, 'B')}`;
      const ours = await cluster.start(reeve, 'ours', flag);
      const real = await cluster.start(serf0101, 'real', flag, `-join=${ours.gossip}`);
      await expectStatuses([ours, real], allAlive([ours, real]));
    });
  }

  test('[61] keys are installed, used, listed and removed through any agent', async (t) => {
    const cluster = await Cluster.of(t);
    const [first, second] = [keyOf(32, 'A'), keyOf(16, 'B')];
    const { all, real, ours } = await startMixedCluster(cluster, () => [`-encrypt=${first}`]);
    const keys = (agent: Agent, ...args: string[]): Promise<string> =>
      eventually(`keys ${args.join(' ')} reaches everybody`, async () => {
        const { stdout, exit } = await agent.serf('keys', ...args);
        equal(exit, 0, stdout); // again if the query passed somebody over: all of these can be repeated
        return stdout;
      });
    match(await keys(ours[0], '-install', second), /Successfully installed key!/);
    for (const agent of [real[0], ours[1], real[1]]) {
      deepEqual(keyCounts(await keys(agent, '-list')), { [first]: '6/6', [second]: '6/6' });
    }
    match(await keys(real[0], '-use', second), /Successfully changed primary key!/);
    match(await keys(ours[2], '-remove', first), /Successfully removed key!/);
    for (const agent of [ours[0], real[2]]) {
      deepEqual(keyCounts(await keys(agent, '-list')), { [second]: '6/6' });
    }
    const late = await cluster.start(serf094, 'late', `-encrypt=${second}`, `-join=${ours[1].gossip}`);
    await expectStatuses([...all, late], allAlive([...all, late]));
  });
});

/** `KEY  [3/3]` lines of `keys -list`. */
function keyCounts(stdout: string): Record<string, string> {
  return Object.fromEntries(
    [...stdout.matchAll(/^\s*(\S+=*)\s+\[(\d+\/\d+)\]$/gm)].map(([, key, count]) => [key, count]),
  );
}

function keyOf(bytes: number, letter: string): string {
  return Buffer.alloc(bytes, letter).toString('base64');
}
