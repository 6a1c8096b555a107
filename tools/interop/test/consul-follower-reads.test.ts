// Reads at a follower of ours, whoever leads it: what it answers itself is what its leader would have said.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  type ConsulAgent,
  ConsulCluster,
  consul187,
  consulMissing,
  eventually,
  type Program,
  reeveConsul,
} from '@reeve/interop';

const leaders: Readonly<Record<string, Program>> = { ours: reeveConsul, 'the original': consul187 };
const modes = ['default', 'consistent'] as const;

for (const [title, program] of Object.entries(leaders)) {
  describe(`a follower of ours that ${title} leads`, { skip: consulMissing() }, () => {
    test('T0-14: reads that come together find every write, with a leader’s headers', async (t) => {
      const { leader, follower } = await followed(t, program);
      for (let round = 1; round <= 20; round++) {
        const value = `value ${round}`;
        assert.equal(await leader.put('/v1/kv/k', value), 'true');
        const found = await Promise.all([...modes, ...modes, ...modes].map((mode) => readAt(follower, mode)));
        assert.deepEqual(
          found.map(({ text }) => text),
          found.map(() => value),
        );
        const expected = await readAt(leader, 'default');
        for (const { headers } of found) assert.deepEqual(headers, expected.headers);
      }
      for (const mode of modes) await answersItself(follower, mode);
    });
  });
}

/** A cluster whose leader is of one program, and a follower of it that is ours. */
async function followed(t: TestContext, program: Program) {
  const cluster = await ConsulCluster.start(t, [program, program, reeveConsul]);
  if ((await cluster.leader()) === 's3') {
    await cluster.kill('s3');
    await cluster.leader();
    cluster.run('s3', reeveConsul);
  }
  const leader = cluster.server(await cluster.leader());
  const follower = cluster.server('s3');
  assert.notEqual(leader, follower);
  await eventually('it follows', () => follower.put('/v1/kv/ready', ''));
  return { leader, follower };
}

/** Reads until the follower has counted, in an interval of its metrics, some that it has answered itself. */
async function answersItself(follower: ConsulAgent, mode: (typeof modes)[number]): Promise<void> {
  const beganAtMs = Date.now();
  await eventually(`it answers ${mode} reads itself`, async () => {
    await Promise.all(Array.from({ length: 20 }, () => readAt(follower, mode)));
    const { Timestamp, Counters } = (await follower.getJson('/v1/agent/metrics')) as Metrics;
    assert.ok(Date.parse(Timestamp.replace(' +0000 UTC', 'Z')) >= beganAtMs, 'the interval is not over');
    assert.ok(Counters.some(({ Name }) => Name === 'consul.rpc.follower_reads'));
  });
}

interface Metrics {
  readonly Timestamp: string;
  readonly Counters: readonly { readonly Name: string }[];
}

async function readAt({ http }: ConsulAgent, mode: (typeof modes)[number]) {
  const response = await fetch(`http://${http}/v1/kv/k?raw&${mode}`);
  const names = ['x-consul-index', 'x-consul-knownleader', 'x-consul-lastcontact'];
  const headers = names.map((name) => response.headers.get(name));
  return { text: await response.text(), headers };
}
