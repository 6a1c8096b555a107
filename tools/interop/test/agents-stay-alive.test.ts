// Five quiet minutes: nobody is ever taken for failed. (The file's name puts it first in the alphabet, so
// that it runs beside all the others.)

import { doesNotMatch, equal } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allAlive, Cluster, expectStatuses, holds, peersMissing, startMixedCluster } from '@reeve/interop';

describe('five minutes', { skip: peersMissing() }, () => {
  test('[31] in a mixed, encrypted cluster under load nobody is ever seen as failed', async (t) => {
    const cluster = await Cluster.of(t);
    const key = `-encrypt=${Buffer.alloc(32, 'A').toString('base64')}`;
    const { all, real } = await startMixedCluster(cluster, (_name, index) =>
      index % 2 === 0 ? [key] : [key, '-disable-compression'],
    );
    let events = 0;
    await holds('nobody is seen as failed', fiveMinutesMs, async () => {
      for (const agent of all) doesNotMatch(agent.output, /EventMember(Failed|Leave)/, agent.name);
      events += 1;
      equal((await real[0].serf('event', '-coalesce=false', `tick-${events}`)).exit, 0);
    });
    await expectStatuses(all, allAlive(all));
  });
});

const fiveMinutesMs = 300_000;
