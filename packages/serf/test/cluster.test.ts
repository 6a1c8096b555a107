// Whole nodes on the real memberlist, in virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyring, lanProfile } from '@reeve/memberlist';
import { coordinateDistanceMs, type SerfConfig } from '@reeve/serf/core';
import { encodeUserEvent } from '../dist/core/wire/user-event.js';
import { bytesOf, textOf } from './support/bytes.js';
import { Cluster, type Node, payloadsTold, statusAt, statusesOf } from './support/cluster.js';

test('nodes that join one another all know each other, with tags', () => {
  const cluster = new Cluster();
  const a = cluster.start('a', { tags: new Map([['role', 'web']]) });
  const b = cluster.start('b');
  const c = cluster.start('c');
  cluster.join(b, a);
  cluster.join(c, b);
  cluster.until(() => [a, b, c].every(({ serf }) => serf.members().length === 3));
  const seen = c.serf.members().find(({ name }) => name === 'a');
  assert.equal(seen?.tags.get('role'), 'web');
  assert.deepEqual([seen?.delegateCur, seen?.protocolCur, seen?.host], [5, 2, '10.0.0.1']);
});

test('[48] after a join a join intent is gossiped with the time of the clock before', () => {
  const cluster = new Cluster();
  const a = cluster.start('a');
  const b = cluster.start('b');
  cluster.join(b, a);
  assert.equal(b.serf.stats().get('member_time'), '2');
  cluster.until(() => a.host.logLines.includes('[DEBUG] serf: messageJoinType: b'));
  assert.equal(a.serf.stats().get('member_time'), '2');
});

test('a node leaves, the others see it as left', () => {
  const cluster = new Cluster();
  const nodes = cluster.converge('a', 'b', 'c');
  const [a, b, c] = nodes as [Node, Node, Node];
  const errors: (Error | undefined)[] = [];
  c.serf.leave((error) => errors.push(error));
  c.serf.leave((error) => errors.push(error));
  assert.equal(c.serf.state, 'leaving');
  cluster.until(() => c.serf.state === 'left');
  assert.deepEqual(
    errors.map((error) => error?.message),
    ['Leave already in progress', undefined],
  );
  assert.deepEqual(statusesOf(a.serf), ['a=alive', 'b=alive', 'c=left']);
  assert.deepEqual(statusesOf(b.serf), ['a=alive', 'b=alive', 'c=left']);
  assert.equal(a.told().at(-1), 'member-leave c');
  c.serf.shutdown();
  assert.equal(c.serf.state, 'shutdown');
  assert.ok(!c.host.logLines.includes('[WARN] serf: Shutdown without a Leave'));
  cluster.run(30_000);
  assert.equal(statusAt(a, 'c'), 'left');
});

test('a node leaves alone within a second, and twice is no error afterwards', () => {
  const cluster = new Cluster();
  const a = cluster.start('a');
  let left = 0;
  a.serf.leave(() => left++);
  cluster.run(1_100);
  assert.equal(left, 1);
  a.serf.leave(() => left++);
  assert.equal(left, 2);
  a.serf.join(['10.0.0.9'], true, ({ error }) => {
    assert.equal(error?.message, "Serf can't Join after Leave or Shutdown");
  });
});

test('a node that is shut down in the middle of leaving is done leaving', () => {
  const cluster = new Cluster();
  const [, b] = cluster.converge('a', 'b') as [Node, Node];
  let isDone = false;
  b.serf.leave(() => {
    isDone = true;
  });
  b.serf.shutdown();
  cluster.run(10);
  assert.equal(isDone, true);
  assert.equal(b.isDown, true);
  assert.equal(b.serf.state, 'shutdown');
  b.serf.leave((error) => assert.equal(error?.message, 'Leave called after Shutdown'));
});

test('two nodes that leave at the same moment delay each other but both leave', () => {
  const cluster = new Cluster();
  const [a, b] = cluster.converge('a', 'b') as [Node, Node];
  a.serf.leave(() => {});
  b.serf.leave(() => {});
  cluster.until(() => a.serf.state === 'left' && b.serf.state === 'left', 15_000);
});

test('[49] a node that is killed has failed within seconds, and is back alive after a restart', () => {
  const cluster = new Cluster();
  const [a, b] = cluster.converge('a', 'b', 'c') as [Node, Node, Node];
  b.host.crash();
  cluster.until(() => statusAt(a, 'b') === 'failed', 30_000);
  assert.equal(a.told().at(-1), 'member-failed b');
  const again = cluster.start('b');
  cluster.join(again, a);
  cluster.until(() => statusAt(a, 'b') === 'alive');
  assert.equal(a.told().at(-1), 'member-join b');
});

test('[50] a node refutes a leave that somebody else claims', () => {
  const cluster = new Cluster();
  const [a, b] = cluster.converge('a', 'b', 'c') as [Node, Node, Node];
  cluster.run(3_000); // until everybody has heard all join intents
  a.serf.forceLeave('b', false, () => {});
  assert.equal(statusAt(a, 'b'), 'leaving');
  cluster.until(() => statusAt(a, 'b') === 'alive');
  assert.ok(b.host.logLines.includes('[DEBUG] serf: Refuting an older leave intent'));
});

test('[67] a failed member is forced to leave, and pruned everywhere', () => {
  const cluster = new Cluster();
  const [a, b, c] = cluster.converge('a', 'b', 'c') as [Node, Node, Node];
  c.host.crash();
  cluster.until(() => statusAt(a, 'c') === 'failed' && statusAt(b, 'c') === 'failed');
  a.serf.forceLeave('c', false, (error) => assert.ifError(error));
  cluster.until(() => statusAt(b, 'c') === 'left');
  a.serf.forceLeave('c', true, (error) => assert.ifError(error));
  cluster.until(() => statusAt(a, 'c') === undefined && statusAt(b, 'c') === undefined);
  assert.deepEqual(b.told().slice(-3), ['member-failed c', 'member-leave c', 'member-reap c']);
});

test('[67] after a partition heals the two halves find each other again', () => {
  const cluster = new Cluster();
  const nodes = cluster.converge('a', 'b', 'c') as [Node, Node, Node];
  const [a, b, c] = nodes;
  const heal = cluster.world.network.partition(c.host);
  cluster.until(
    () => statusAt(a, 'c') === 'failed' && statusAt(c, 'a') === 'failed' && statusAt(b, 'c') === 'failed',
  );
  cluster.run(40_000); // beyond gossip to the dead
  heal();
  cluster.until(
    () => nodes.every(({ serf }) => serf.members().every(({ status }) => status === 'alive')),
    120_000,
  );
});

test('a change of tags reaches everybody as an update', () => {
  const cluster = new Cluster();
  const [a, b] = cluster.converge('a', 'b') as [Node, Node];
  let isDone = false;
  a.serf.setTags(new Map([['role', 'db']]), (error) => {
    assert.ifError(error);
    isDone = true;
  });
  cluster.until(() => isDone);
  cluster.until(() => b.serf.members().some(({ tags }) => tags.get('role') === 'db'));
  assert.equal(b.told().at(-1), 'member-update a');
  assert.equal(a.serf.localMember().tags.get('role'), 'db');
  a.serf.setTags(new Map([['big', 'x'.repeat(600)]]), (error) => {
    assert.equal(error?.message, 'Encoded length of tags exceeds limit of 512 bytes');
  });
  assert.equal(a.serf.tags.get('role'), 'db');
});

test('[63] a node that speaks protocol 2 is known by its role alone', () => {
  const cluster = new Cluster();
  const tags = new Map([
    ['role', 'web'],
    ['dc', 'east'],
  ]);
  const a = cluster.start('a', { protocolVersion: 2, tags });
  const b = cluster.start('b');
  cluster.join(b, a);
  assert.deepEqual(b.serf.members().find(({ name }) => name === 'a')?.tags, new Map([['role', 'web']]));
});

test('[51] a user event reaches everybody once', () => {
  const cluster = new Cluster();
  const nodes = cluster.converge('a', 'b', 'c', 'd');
  nodes[0]?.serf.userEvent('deploy', bytesOf('v1'), false);
  cluster.run(35_000); // with a push/pull or two
  for (const { events, name } of nodes) {
    const told = events.flatMap((event) => (event.kind === 'user' ? [textOf(event.payload)] : []));
    assert.deepEqual(told, ['v1'], name);
  }
});

test('[53] a join without replay ignores earlier events, one with replay tells them in order', () => {
  const cluster = new Cluster();
  const a = cluster.start('a');
  for (const payload of ['1', '2', '3']) a.serf.userEvent('deploy', bytesOf(payload), false);
  const [fresh, curious] = [cluster.start('fresh'), cluster.start('curious')];
  cluster.join(fresh, a, true);
  cluster.join(curious, a, false);
  a.serf.userEvent('deploy', bytesOf('4'), false);
  cluster.run(5_000);
  assert.deepEqual(payloadsTold(fresh), ['4']);
  assert.deepEqual(payloadsTold(curious), ['1', '2', '3', '4']);
});

test('[57] a query is acknowledged and answered by everybody, who asks included', () => {
  const cluster = new Cluster();
  const nodes = cluster.converge('a', 'b', 'c');
  const [acks, answers] = [new Set<string>(), new Map<string, string>()];
  let isDone = false;
  nodes[0]?.serf.query(
    'load',
    bytesOf('?'),
    { requestAck: true },
    {
      onAck: (from) => acks.add(from),
      onResponse: (from, payload) => answers.set(from, textOf(payload)),
      onDone: () => {
        isDone = true;
      },
    },
  );
  for (const node of nodes) answerNextQuery(cluster, node, `from ${node.name}`);
  cluster.until(() => isDone);
  assert.deepEqual([...acks].sort(), ['a', 'b', 'c']);
  assert.deepEqual([...answers].sort(), [
    ['a', 'from a'],
    ['b', 'from b'],
    ['c', 'from c'],
  ]);
});

test('[58] answers that are relayed arrive although the direct way is blocked', () => {
  const cluster = new Cluster();
  const nodes = cluster.converge('a', 'b', 'c') as [Node, Node, Node];
  const [a, b] = nodes;
  const answers: string[] = [];
  a.serf.query(
    'load',
    bytesOf(''),
    { nodes: ['b'], relayFactor: 2 },
    {
      onAck: () => {},
      onResponse: (from) => answers.push(from),
      onDone: () => {},
    },
  );
  cluster.until(() => b.events.some(({ kind }) => kind === 'query'));
  cluster.world.network.dropPackets((_packet, from, to) => from.host === b.host.ip && to.host === a.host.ip);
  answerNextQuery(cluster, b, 'fine');
  cluster.run(100);
  assert.deepEqual(answers, ['b']);
});

test('[56] a query with filters is told to whom it is meant for', () => {
  const cluster = new Cluster();
  const a = cluster.start('a', { tags: new Map([['role', 'web']]) });
  const b = cluster.start('b', { tags: new Map([['role', 'WebServer']]) });
  const c = cluster.start('c', { tags: new Map([['role', 'db']]) });
  cluster.join(b, a);
  cluster.join(c, a);
  a.serf.query('load', bytesOf(''), { tags: new Map([['role', '(?i)^web']]) }, ignoreAnswers);
  cluster.run(3_000);
  const asked = [a, b, c].filter(({ events }) => events.some(({ kind }) => kind === 'query'));
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['a', 'b'],
  );
});

test('[61] keys are rotated in a running encrypted cluster', () => {
  const cluster = new Cluster();
  const [old, fresh] = [new Uint8Array(32).fill(0x41), new Uint8Array(32).fill(0x42)];
  const encrypted = (name: string): Partial<SerfConfig> => ({
    memberlist: {
      ...lanProfile(name),
      bind: { host: cluster.world.host(name).ip, port: 7946 },
      keyring: new Keyring([old]),
    },
    keyringFile: '/keyring.json',
  });
  const nodes = ['a', 'b', 'c'].map((name) => cluster.start(name, encrypted(name))) as [Node, Node, Node];
  const [a, b, c] = nodes;
  cluster.join(b, a);
  cluster.join(c, a);
  assert.equal(a.serf.encryptionEnabled, true);
  cluster.until(() => nodes.every(({ serf }) => serf.members().length === 3));
  const key = Buffer.from(fresh).toString('base64');
  const oldKey = Buffer.from(old).toString('base64');
  const { keyManager } = a.serf;
  for (const step of [
    (done: (error?: Error) => void) => keyManager.installKey(key, {}, ({ error }) => done(error)),
    (done: (error?: Error) => void) => keyManager.useKey(key, {}, ({ error }) => done(error)),
    (done: (error?: Error) => void) => keyManager.removeKey(oldKey, {}, ({ error }) => done(error)),
  ]) {
    let isDone = false;
    step((error) => {
      assert.ifError(error);
      isDone = true;
    });
    cluster.until(() => isDone, 4_000);
  }
  let listed: ReadonlyMap<string, number> | undefined;
  keyManager.listKeys({}, ({ response }) => {
    listed = response.keys;
  });
  cluster.until(() => listed !== undefined);
  assert.deepEqual(listed, new Map([[key, 3]]));
  assert.equal(textOf(c.host.files.read('/keyring.json') ?? new Uint8Array()), `[\n  "${key}"\n]`);
  cluster.run(10_000);
  assert.deepEqual(statusesOf(c.serf), ['a=alive', 'b=alive', 'c=alive']);
});

test('[62] of two nodes with one name the one in the minority shuts down, the other stays', () => {
  const cluster = new Cluster();
  const [a, b] = cluster.converge('a', 'b') as [Node, Node];
  const first = cluster.start('dup', {}, 'host1');
  cluster.join(first, a);
  cluster.until(() => statusAt(b, 'dup') === 'alive');
  const second = cluster.start('dup', {}, 'host2');
  second.serf.join([a.host.ip], true, () => {});
  cluster.until(() => second.isDown, 10_000);
  assert.equal(second.serf.state, 'shutdown');
  assert.ok(
    second.host.logLines.includes(
      `[ERR] serf: Node name conflicts with another node at ${first.host.ip}:7946. ` +
        'Names must be unique! (Resolution enabled: true)',
    ),
  );
  assert.ok(
    second.host.logLines.includes('[WARN] serf: minority in name conflict resolution, quitting [0 / 2]'),
  );
  assert.ok(second.host.logLines.includes('[WARN] serf: Shutdown without a Leave'));
  cluster.run(5_000);
  assert.equal(first.serf.state, 'alive');
});

test('[68] two nodes estimate the time between them after some probes', () => {
  const cluster = new Cluster();
  const [a, b] = cluster.converge('a', 'b') as [Node, Node];
  cluster.run(60_000);
  for (const { serf } of [a, b]) {
    const [mine, theirs] = [serf.coordinate('a'), serf.coordinate('b')];
    assert.ok(mine && theirs);
    const estimateMs = coordinateDistanceMs(mine, theirs);
    assert.ok(estimateMs > 1 && estimateMs < 5, `${estimateMs} ms for a path of 2 to 3 ms`);
  }
  assert.equal(a.serf.coordinate('nobody'), undefined);
});

test('what memberlist cannot start is an error in the original words', () => {
  const cluster = new Cluster();
  const a = cluster.start('a');
  let message: string | undefined;
  const config = { ...lanProfile('b'), bind: { host: a.host.ip, port: 7946 } };
  cluster.create('b', { memberlist: config }, 'a').start((error) => {
    message = error?.message;
  });
  cluster.until(() => message !== undefined);
  assert.match(message ?? '', /^Failed to create memberlist: /);
});

test('a node that is shut down while it starts says so and opens nothing', () => {
  const cluster = new Cluster();
  for (const overrides of [{}, { snapshotPath: '/serf.snap' }]) {
    const serf = cluster.create('a', overrides);
    const errors: (string | undefined)[] = [];
    serf.start((error) => errors.push(error?.message));
    serf.shutdown();
    cluster.run(100);
    assert.deepEqual(errors, ['the node was shut down while it started']);
  }
  assert.ok(cluster.start('a'), 'its port is free');
});

test('a leave that is cut short by a shutdown complains about nothing', () => {
  const cluster = new Cluster();
  const a = cluster.start('a');
  const left: string[] = [];
  a.serf.leave(() => left.push('done'));
  a.serf.shutdown();
  cluster.run(10_000);
  assert.deepEqual(left, ['done']);
  assert.ok(!a.host.logLines.some((line) => line.includes('timeout waiting for leave broadcast')));
});

test('numbers for operators', () => {
  const cluster = new Cluster();
  const [a] = cluster.converge('a', 'b') as [Node, Node];
  assert.deepEqual([...a.serf.stats().keys()].sort(), [
    ...[
      'coordinate_resets',
      'encrypted',
      'event_queue',
      'event_time',
      'failed',
      'health_score',
      'intent_queue',
    ],
    ...['left', 'member_time', 'members', 'query_queue', 'query_time'],
  ]);
  assert.equal(a.serf.stats().get('members'), '2');
  assert.equal(a.serf.stats().get('encrypted'), 'false');
});

test('a node that is shut down does nothing more', () => {
  const cluster = new Cluster();
  const [a, b] = cluster.converge('a', 'b') as [Node, Node];
  const asked: string[] = [];
  b.serf.query('load', bytesOf(''), {}, { ...ignoreAnswers, onDone: () => asked.push('done') });
  b.serf.shutdown();
  b.serf.shutdown();
  assert.deepEqual(asked, ['done']);
  const told = b.events.length;
  let packets = 0;
  cluster.world.network.onPacket((_packet, from) => {
    if (from.host === b.host.ip) packets++;
  });
  a.serf.userEvent('deploy', bytesOf(''), false);
  cluster.run(60_000);
  assert.equal(packets, 0);
  assert.equal(b.events.length, told);
  assert.equal(b.isDown, true);
});

test('an event at the top of Lamport time is told to nobody, and makes nobody deaf for others', () => {
  const cluster = new Cluster();
  const nodes = cluster.converge('a', 'b', 'c') as [Node, Node, Node];
  const [a, b] = nodes;
  const top = Number.MAX_SAFE_INTEGER - 1;
  inject(cluster, a, encodeUserEvent({ lTime: top, name: 'late', payload: bytesOf(''), canCoalesce: false }));
  cluster.run(1_000);
  b.serf.userEvent('after', bytesOf('1'), false);
  b.serf.userEvent('after', bytesOf('2'), false);
  cluster.run(5_000);
  for (const node of nodes) assert.deepEqual(payloadsTold(node).toSorted(), ['1', '2'], node.name);
});

const ignoreAnswers = { onAck: () => {}, onResponse: () => {}, onDone: () => {} };

function answerNextQuery(cluster: Cluster, node: Node, answer: string): void {
  const isQuery = ({ kind }: { kind: string }): boolean => kind === 'query';
  cluster.until(() => node.events.some(isQuery));
  const query = node.events.findLast(isQuery);
  assert.ok(query?.kind === 'query');
  query.respond(bytesOf(answer));
}

/** Sends a serf message to a node, from a stranger. */
function inject(cluster: Cluster, node: Node, message: Uint8Array): void {
  const { network } = cluster.world.host('stranger').runtime;
  network.bindPackets(
    { host: cluster.world.host('stranger').ip, port: 0 },
    () => {},
    (bound) => {
      assert.ok(bound.ok);
      bound.value.send(Uint8Array.of(8, ...message), { host: node.host.ip, port: 7946 });
    },
  );
}

test('what the layer below believes can be watched: incarnations, the dead, what waits to be sent', () => {
  const cluster = new Cluster();
  const [a, b] = cluster.converge('a', 'b') as [Node, Node];
  const beliefs = () => a.serf.gossipNodes.map(({ name, state }) => `${name}=${state}`).sort();
  assert.deepEqual(beliefs(), ['a=alive', 'b=alive']);
  cluster.until(() => a.serf.queuedBroadcasts === 0);
  b.host.crash();
  cluster.until(() => statusAt(a, 'b') === 'failed');
  assert.deepEqual(beliefs(), ['a=alive', 'b=dead']);
  assert.ok(a.serf.queuedBroadcasts > 0);
});
