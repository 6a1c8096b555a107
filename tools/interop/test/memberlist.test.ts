// Our memberlist without the serf layer as a member of real clusters, of either release.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  type Agent,
  Cluster,
  EmbeddedNode,
  type EmbeddedOptions,
  eventually,
  expectStatuses,
  type Program,
  peersMissing,
  serf094,
  serf0101,
} from '@reeve/interop';
import { Keyring } from '@reeve/memberlist';

describe('our memberlist without serf', { skip: peersMissing(), concurrency: true }, () => {
  for (const program of [serf094, serf0101])
    describe(`beside ${program.title}`, { concurrency: true }, () => {
      test('[31] it joins a real agent, which shows it alive with tags and protocol 5', async (t) => {
        const { real, ours } = await pair(t, program, { tags: { role: 'web', empty: '' } });
        const { joined, error } = await ours.join(real.gossip);
        equal(error, undefined);
        equal(joined, 1);
        await expectStatuses([real], { real: 'alive', ours: 'alive' });
        const shown = (await real.members()).find(({ name }) => name === 'ours');
        deepEqual(shown?.tags, { role: 'web', empty: '' });
        deepEqual(shown?.protocol, { min: 2, max: 5, version: 5 });
        deepEqual(ours.aliveNames, ['ours', 'real']);
      });

      test('[32] a real agent joins it, whose tags it sees', async (t) => {
        const { real, ours } = await pair(t, program, {}, ['-tag=k=v']);
        equal(
          (await real.serf('join', ours.gossip)).stdout,
          'Successfully joined cluster by contacting 1 nodes.\n',
        );
        await expectStatuses([real], { real: 'alive', ours: 'alive' });
        deepEqual(hexOf(ours.heard.get('real')?.meta), 'ff81a16ba176');
      });

      test('[11] probes are answered both ways, ours by acks with a coordinate of 130 bytes', async (t) => {
        const { real, ours } = await pair(t, program);
        await ours.join(real.gossip);
        await eventually('five probes were answered', () => ok((ours.answers.get('real')?.length ?? 0) >= 5));
        for (const payload of ours.answers.get('real') ?? []) {
          equal(payload.length, 130);
          equal(payload[0], 1);
        }
        await eventually('nobody had reason to doubt', async () => {
          equal(ours.healthScore, 0);
          match((await real.serf('info')).stdout, /health_score = 0$/m);
        });
      });

      test('messages of the layer above reach it unchanged by gossip', async (t) => {
        const { real, ours } = await pair(t, program);
        await ours.join(real.gossip);
        await real.serf('event', '-coalesce=false', 'deploy', 'v1');
        const event = await eventually('the event came', () => {
          const found = ours.messages.find(([type]) => type === 3);
          ok(found, 'no user event among the messages');
          return found;
        });
        equal(hexOf(event), '0384a24343c2a54c54696d6501a44e616d65a66465706c6f79a75061796c6f6164a27631');
      });

      test('changed tags arrive in both directions', async (t) => {
        const { real, ours } = await pair(t, program);
        await ours.join(real.gossip);
        await real.serf('tags', '-set', 'k=new');
        await eventually('ours hears of it', () =>
          equal(hexOf(ours.heard.get('real')?.meta), 'ff81a16ba36e6577'),
        );
        await ours.setTags({ k: 'newer' });
        await eventually('the real agent shows it', async () => {
          const shown = (await real.members()).find(({ name }) => name === 'ours');
          deepEqual(shown?.tags, { k: 'newer' });
        });
      });

      test('when it leaves after a leave intent it is seen as left', async (t) => {
        const { real, ours } = await pair(t, program);
        await ours.join(real.gossip);
        await expectStatuses([real], { real: 'alive', ours: 'alive' });
        await ours.leave({ intent: true });
        await expectStatuses([real], { real: 'alive', ours: 'left' });
      });

      test('[49] when it leaves without a leave intent it is seen as failed', async (t) => {
        const { real, ours } = await pair(t, program);
        await ours.join(real.gossip);
        await expectStatuses([real], { real: 'alive', ours: 'alive' });
        await ours.leave({ intent: false });
        await expectStatuses([real], { real: 'alive', ours: 'failed' });
      });

      test('when it is killed it is seen as failed, and as alive when it comes back', async (t) => {
        const { cluster, real, ours } = await pair(t, program);
        await ours.join(real.gossip);
        await expectStatuses([real], { real: 'alive', ours: 'alive' });
        ours.stop();
        await expectStatuses([real], { real: 'alive', ours: 'failed' });
        const again = await startOurs(t, cluster, {}, ours.gossip);
        await again.join(real.gossip);
        await expectStatuses([real], { real: 'alive', ours: 'alive' });
      });

      test('it sees a real agent leave as left, and a killed one as dead', async (t) => {
        const { cluster, real, ours } = await pair(t, program);
        await ours.join(real.gossip);
        const other = await cluster.start(program, 'other', `-join=${ours.gossip}`);
        await eventually('all are there', () => deepEqual(ours.aliveNames, ['other', 'ours', 'real']));
        await other.leave();
        await eventually('one left', () => equal(ours.heard.get('other')?.state, 'left'));
        await real.kill();
        await eventually('one died', () => equal(ours.heard.get('real')?.state, 'dead'));
        match(ours.log.join('\n'), /Suspect real has failed, no acks received/);
      });

      for (const compression of [true, false]) {
        const setting = compression ? 'on' : 'off';
        test(`with a key, and compression ${setting} at our side, all of it works too`, async (t) => {
          const keyring = new Keyring([Buffer.alloc(32, 'A')]);
          const key = `-encrypt=${Buffer.alloc(32, 'A').toString('base64')}`;
          const flags = compression ? ['-disable-compression', key] : [key];
          const { cluster, real, ours } = await pair(t, program, { keyring, compression }, flags);
          equal((await ours.join(real.gossip)).joined, 1);
          const other = await cluster.start(program, 'other', key, `-join=${ours.gossip}`);
          await expectStatuses([real, other], { real: 'alive', other: 'alive', ours: 'alive' });
          await eventually('both answer', () =>
            deepEqual([...ours.answers.keys()].sort(), ['other', 'real']),
          );
          await other.kill();
          await eventually('one died', () => equal(ours.heard.get('other')?.state, 'dead'));
          await expectStatuses([real], { real: 'alive', other: 'failed', ours: 'alive' });
        });
      }
    });
});

interface Pair {
  readonly cluster: Cluster;
  readonly real: Agent;
  readonly ours: EmbeddedNode;
}

/** A real agent named `real` and a node of ours named `ours` that have not heard of each other. */
async function pair(
  t: TestContext,
  program: Program,
  options: EmbeddedOptions = {},
  flags: readonly string[] = [],
): Promise<Pair> {
  const cluster = await Cluster.of(t);
  const real = await cluster.start(program, 'real', ...flags);
  return { cluster, real, ours: await startOurs(t, cluster, options) };
}

async function startOurs(
  t: TestContext,
  cluster: Cluster,
  options: EmbeddedOptions,
  gossip?: string,
): Promise<EmbeddedNode> {
  const place = gossip === undefined ? cluster.nextPlace() : { gossip, rpc: '' };
  const node = await EmbeddedNode.start('ours', place, options);
  t.after(() => node.stop());
  return node;
}

function hexOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}
