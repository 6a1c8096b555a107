// What operators and callers ask for: joins in turn, broadcasts in order, queues that are watched.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile } from '@reeve/memberlist';
import { defaultSerfConfig } from '@reeve/serf/core';
import { JoinQueue } from '../dist/core/join.js';
import { broadcastJoin } from '../dist/core/join-intent.js';
import { startQuery } from '../dist/core/query.js';
import { checkQueueDepths } from '../dist/core/queue-depth.js';
import { sendUserEvent } from '../dist/core/user-event.js';
import { bytesOf } from './support/bytes.js';
import { createRig, nodeCalled } from './support/rig.js';

test('joins run one after the other, each with its own wish about old events', () => {
  const { machine, gossip } = createRig();
  const joins = new JoinQueue(machine);
  const ended: string[] = [];
  joins.join(['10.0.0.2'], true, ({ joined }) => ended.push(`first ${joined}`));
  joins.join(['10.0.0.3'], false, ({ joined, error }) => ended.push(`second ${joined} ${error?.message}`));
  assert.equal(gossip.joins.length, 1);
  assert.equal(machine.ignoresOldEvents, true);
  gossip.joins[0]?.done({ joined: 1 });
  assert.equal(gossip.joins.length, 2);
  assert.equal(machine.ignoresOldEvents, false);
  gossip.joins[1]?.done({ joined: 0, error: new Error('refused') });
  assert.deepEqual(ended, ['first 1', 'second 0 refused']);
});

test('[48] only a join that reached somebody is told to the others', () => {
  const { machine, gossip } = createRig();
  const joins = new JoinQueue(machine);
  joins.join(['10.0.0.2'], true, () => {});
  gossip.joins[0]?.done({ joined: 0, error: new Error('refused') });
  assert.equal(machine.queues.intents.size, 0);
  joins.join(['10.0.0.2', '10.0.0.3'], true, ({ error }) => assert.equal(error, undefined));
  gossip.joins[1]?.done({ joined: 1, error: new Error('one of two refused') });
  assert.equal(machine.queues.intents.size, 1);
});

test('joins that wait are bounded', () => {
  const { limits } = defaultSerfConfig(lanProfile('me'));
  const { machine } = createRig({ limits: { ...limits, waitingJoinsMax: 1 } });
  const joins = new JoinQueue(machine);
  const errors: (string | undefined)[] = [];
  for (let i = 0; i < 3; i++) joins.join(['10.0.0.2'], true, ({ error }) => errors.push(error?.message));
  assert.deepEqual(errors, ['too many joins are waiting: at most 1']);
});

test('intents are gossiped before queries, queries before events, as far as there is room', () => {
  const { machine, delegate, host } = createRig();
  sendUserEvent(machine, 'deploy', bytesOf(''), false);
  startQuery(machine, 'load', bytesOf(''), {}, { onAck() {}, onResponse() {}, onDone() {} });
  broadcastJoin(machine);
  const all = delegate.takeBroadcasts(3, 1_400);
  assert.deepEqual(
    all.map(([type]) => type),
    [1, 4, 3],
  );
  const [intent, query] = all.map(({ length }) => length + 3) as [number, number];
  const room = intent + query + 3;
  assert.deepEqual(
    delegate.takeBroadcasts(3, room).map(([type]) => type),
    [1, 4],
  );
  assert.equal(host.samples.get('serf.msgs.sent')?.length, 5);
});

test('events and queries are sent twice as often as intents', () => {
  const { machine, delegate } = createRig();
  sendUserEvent(machine, 'deploy', bytesOf(''), false);
  startQuery(machine, 'load', bytesOf(''), {}, { onAck() {}, onResponse() {}, onDone() {} });
  broadcastJoin(machine);
  const sent = new Map<number, number>();
  for (let left = true; left; ) {
    const types = delegate.takeBroadcasts(3, 1_400).map(([type = 0]) => type);
    for (const type of types) sent.set(type, (sent.get(type) ?? 0) + 1);
    left = types.length > 0;
  }
  assert.deepEqual(Object.fromEntries(sent), { 1: 4, 4: 8, 3: 8 });
});

test('long queues are warned about, too long ones are cut', () => {
  const { machine, host, lines } = createRig({ queueDepthWarning: 3, queueDepthMax: 5 });
  for (let i = 0; i < 3; i++) machine.queues.events.queue({ message: bytesOf(`event ${i}`) });
  for (let i = 0; i < 8; i++) machine.queues.intents.queue({ message: bytesOf(`intent ${i}`) });
  lines();
  checkQueueDepths(machine);
  assert.deepEqual(lines(), [
    '[WARN] serf: Intent queue depth: 8',
    '[WARN] serf: Intent queue depth (8) exceeds limit (5), dropping messages!',
    '[WARN] serf: Event queue depth: 3',
  ]);
  assert.equal(machine.queues.intents.size, 5);
  assert.deepEqual(host.samples.get('serf.queue.Intent'), [8]);
  assert.deepEqual(host.samples.get('serf.queue.Query'), [0]);
});

test('the limit of queues can grow with the cluster', () => {
  const { machine, join, lines } = createRig({ queueDepthMin: 4, queueDepthMax: 1 });
  for (let i = 0; i < 5; i++) machine.queues.intents.queue({ message: bytesOf(`intent ${i}`) });
  for (const name of ['web1', 'web2']) join(nodeCalled(name, '10.0.0.2'));
  lines();
  checkQueueDepths(machine);
  assert.equal(machine.queues.intents.size, 5, 'twice three members');
});
