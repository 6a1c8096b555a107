// Restarts with a snapshot, on the real memberlist.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf } from './support/bytes.js';
import { Cluster, type Node, payloadsTold } from './support/cluster.js';

test('[66] a crashed node rejoins from its snapshot, one that left does not, unless told to', () => {
  const cluster = new Cluster();
  const a = cluster.start('a');
  const snapshot = { snapshotPath: '/serf.snap' };
  const b = cluster.start('b', snapshot);
  cluster.join(b, a);
  cluster.run(1_000);
  b.host.crash();
  const crashed = cluster.start('b', snapshot);
  const rejoined = '[INFO] serf: Re-joined to previously known node: a: 10.0.0.1:7946';
  cluster.until(() => crashed.host.logLines.includes(rejoined), 10_000);
  assert.equal(crashed.serf.members().length, 2);

  crashed.serf.leave(() => crashed.serf.shutdown());
  cluster.until(() => crashed.isDown);
  crashed.host.crash();
  const alone = cluster.start('b', snapshot);
  cluster.run(5_000);
  assert.equal(alone.serf.members().length, 1);

  alone.host.crash();
  const back = cluster.start('b', { ...snapshot, rejoinAfterLeave: true });
  cluster.until(() => back.serf.members().length === 2, 10_000);
});

test('[66] a node that was always alone says at a restart that it could not rejoin', () => {
  const cluster = new Cluster();
  const snapshot = { snapshotPath: '/serf.snap' };
  const a = cluster.start('a', snapshot);
  const warning = '[WARN] serf: Failed to re-join any previously known node';
  cluster.run(1_000);
  assert.ok(!a.host.logLines.includes(warning));
  a.serf.shutdown();
  cluster.until(() => a.isDown);
  a.host.crash();
  cluster.start('a', snapshot);
  cluster.run(1_000);
  assert.ok(a.host.logLines.includes(warning));
});

test('after a restart from a snapshot all three clocks go on where they stood', () => {
  const cluster = new Cluster();
  const [a] = cluster.converge('a', 'c') as [Node, Node];
  const b = cluster.start('b', { snapshotPath: '/serf.snap' });
  cluster.join(b, a);
  for (const payload of ['1', '2']) a.serf.userEvent('deploy', bytesOf(payload), false);
  a.serf.query('load', bytesOf(''), {}, { onAck() {}, onResponse() {}, onDone() {} });
  cluster.run(5_000);
  const clocksOf = ({ serf }: Node) =>
    ['member_time', 'event_time', 'query_time'].map((clock) => Number(serf.stats().get(clock)));
  const before = clocksOf(b);
  assert.ok(before.every((time) => time > 1));
  for (const { host } of cluster.nodes) host.crash(); // nobody is left to learn them from
  assert.deepEqual(clocksOf(cluster.start('b', { snapshotPath: '/serf.snap' })), before);
});

test('after a restart from a snapshot events from before are not told again', () => {
  const cluster = new Cluster();
  const [a] = cluster.converge('a', 'c') as [Node, Node];
  const b = cluster.start('b', { snapshotPath: '/serf.snap' });
  cluster.join(b, a);
  for (const payload of ['1', '2']) a.serf.userEvent('deploy', bytesOf(payload), false);
  cluster.until(() => payloadsTold(b).length === 2);
  cluster.run(1_000);
  b.host.crash();
  a.serf.userEvent('deploy', bytesOf('3'), false);
  const again = cluster.start('b', { snapshotPath: '/serf.snap' });
  cluster.until(() => payloadsTold(again).length > 0, 60_000);
  cluster.run(5_000);
  assert.deepEqual(payloadsTold(again), ['3']);
});
