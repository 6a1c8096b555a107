// The exchange of whole states, and what of a foreign one is believed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeMessage, streamErrorCodec } from '../../dist/core/wire/messages.js';
import { encodePushPull } from '../../dist/core/wire/stream-message.js';
import { at, clusterOf } from '../kit/cluster.ts';
import { alive, pushPullNode } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';
import { readStream } from '../kit/streams.ts';

const none = new Uint8Array(0);

/** Sends a state to the node and returns the answer. */
function exchange(
  scene: Scene,
  nodes: readonly ReturnType<typeof pushPullNode>[],
  join = false,
  userState = none,
) {
  const request = encodePushPull({ join, nodes, userState });
  const answer = readStream(scene.stranger.askStream(request, scene.node.address));
  assert.ok(answer.type === 'pushPull');
  return answer.pushPull;
}

test('[25] the answer tells every node we know, the dead and the left too, and echoes join', () => {
  const scene = new Scene();
  exchange(scene, [
    pushPullNode('x', { incarnation: 2, meta: Uint8Array.of(1) }),
    pushPullNode('y', { incarnation: 5 }),
  ]);
  exchange(scene, [pushPullNode('y', { incarnation: 5, state: 3 })]);
  for (const join of [false, true]) {
    const answer = exchange(scene, [], join);
    assert.equal(answer.join, join);
    const told = answer.nodes.map(({ name, state, incarnation }) => ({ name, state, incarnation }));
    assert.deepEqual(
      told.sort((a, b) => a.name.localeCompare(b.name)),
      [
        { name: 'n1', state: 0, incarnation: 1 },
        { name: 'x', state: 0, incarnation: 2 },
        { name: 'y', state: 3, incarnation: 5 },
      ],
    );
    assert.deepEqual(answer.nodes.find(({ name }) => name === 'x')?.meta, Uint8Array.of(1));
  }
});

test('[25] the answer is given before the state is merged', () => {
  const scene = new Scene();
  assert.deepEqual(
    exchange(scene, [pushPullNode('x')]).nodes.map(({ name }) => name),
    ['n1'],
  );
  assert.deepEqual(scene.node.memberNames, ['n1', 'x']);
});

test('[40] a foreign "dead" only raises suspicion in our own name, a foreign "left" is believed', () => {
  const scene = new Scene();
  exchange(
    scene,
    ['x', 'y', 'z', 'q'].map((name) => pushPullNode(name)),
  );
  exchange(scene, [
    pushPullNode('x', { state: 2 }),
    pushPullNode('y', { state: 3 }),
    pushPullNode('z', { state: 1 }),
    pushPullNode('q', { state: 9 }),
  ]);
  const states = ['x', 'y', 'z', 'q'].map((name) => scene.node.view(name)?.state);
  assert.deepEqual(states, ['suspect', 'left', 'suspect', 'alive']);
});

test('who finds itself dead in an answer refutes a suspicion of its own name', () => {
  const scene = new Scene();
  exchange(scene, [pushPullNode('n1', { state: 2, incarnation: 4, address: addressBytes('10.0.0.1') })]);
  assert.deepEqual(scene.node.logged('Refuting'), [
    '[WARN] memberlist: Refuting a suspect message (from: n1)',
  ]);
  assert.equal(scene.node.list.localNode.incarnation, 5);
});

test('the state of the layer above goes both ways', () => {
  const localState = (join: boolean) => Uint8Array.of(join ? 1 : 0, 42);
  const cluster = clusterOf(2, { delegate: { localState } });
  assert.deepEqual(at(cluster, 0).remoteStates, [Uint8Array.of(1, 42)]);
  assert.deepEqual(at(cluster, 1).remoteStates, [Uint8Array.of(1, 42)]);
  cluster.world.run(61_000);
  assert.deepEqual(at(cluster, 0).remoteStates.at(-1), Uint8Array.of(0, 42));
});

test('no state is no message', () => {
  const scene = new Scene();
  exchange(scene, []);
  assert.deepEqual(scene.node.remoteStates, []);
  exchange(scene, [], false, Uint8Array.of(7));
  assert.deepEqual(scene.node.remoteStates, [Uint8Array.of(7)]);
});

for (const [versions, text] of [
  [Uint8Array.of(1, 5, 9, 0, 0, 0), "Node 'bad' protocol version (9) is incompatible: [1, 5]"],
  [Uint8Array.of(1, 5, 2, 0, 0, 9), "Node 'bad' delegate protocol version (9) is incompatible: [0, 0]"],
  [none, "Node 'bad' protocol version (0) is incompatible: [1, 5]"],
] as const) {
  test(`[27] the versions [${versions}] refuse the whole state`, () => {
    const scene = new Scene();
    const answer = exchange(
      scene,
      [pushPullNode('good'), pushPullNode('bad', { versions })],
      true,
      Uint8Array.of(7),
    );
    assert.equal(answer.nodes.length, 1, 'the answer is complete all the same');
    assert.deepEqual(scene.node.memberNames, ['n1']);
    assert.deepEqual(scene.node.remoteStates, []);
    const [line] = scene.node.logged('Failed push/pull merge');
    assert.match(line ?? '', /^\[ERR\] memberlist: Failed push\/pull merge: .* from=10\.9\.9\.9:\d+$/);
    assert.ok(line?.includes(text), line);
    assert.equal(scene.node.refused, 1);
  });
}

test('[27] a node whose range excludes what we speak refuses the state as well', () => {
  const scene = new Scene();
  exchange(scene, [pushPullNode('new', { versions: Uint8Array.of(4, 9, 5, 0, 0, 0) })]);
  assert.deepEqual(
    scene.node.logged('incompatible').map((line) => line.replace(/ from=.*/, '')),
    ["[ERR] memberlist: Failed push/pull merge: Node 'n1' protocol version (2) is incompatible: [4, 5]"],
  );
  exchange(scene, [pushPullNode('new', { state: 2, versions: Uint8Array.of(4, 9, 2, 0, 0, 0) })]);
  assert.equal(scene.node.logged('incompatible').length, 1, 'only the living narrow the range');
});

test('the layer above may refuse a join, but not an ordinary exchange', () => {
  const seen: string[] = [];
  const scene = new Scene({
    delegate: {
      vetoMerge: (nodes) => {
        seen.push(...nodes.map(({ name, host, port }) => `${name} ${host}:${port}`));
        return 'closed';
      },
    },
  });
  exchange(scene, [pushPullNode('x', { port: 0 })], true);
  assert.deepEqual(seen, ['x 10.9.9.9:7946']);
  assert.match(scene.node.logged('closed')[0] ?? '', /Failed push\/pull merge: closed from=/);
  exchange(scene, [pushPullNode('x')], false);
  assert.deepEqual(scene.node.memberNames, ['n1', 'x']);
});

test('[46] partners are alive members only', () => {
  const cluster = clusterOf(5, { config: { pushPullIntervalMs: 1_000, gossipToTheDeadMs: 1_000_000 } });
  at(cluster, 3).host.crash();
  at(cluster, 4).leave();
  at(cluster, 4).list.shutdown();
  cluster.world.run(15_000);
  const first = at(cluster, 0);
  assert.equal(first.list.nodeCount, 5);
  const before = first.logged('Push/Pull with').length;
  cluster.world.run(30_000);
  assert.equal(first.logged('Push/Pull with').length, before, 'nobody dials the dead');
  const partners = new Set(
    first.logged('Initiating push/pull sync with: n').map((line) => line.split(' ').at(-2)),
  );
  assert.ok(partners.has('n2') && partners.has('n3'));
});

test('[46] in a larger cluster exchanges are rarer', () => {
  const syncs = (size: number) => {
    const cluster = clusterOf(size, { config: { pushPullIntervalMs: 1_000 } });
    const before = at(cluster, 0).logged('Initiating').length;
    cluster.world.run(12_000);
    return at(cluster, 0).logged('Initiating').length - before;
  };
  assert.ok(syncs(3) >= 11);
  const large = syncs(34);
  assert.ok(large >= 5 && large <= 7, `${large}`);
});

test('what goes wrong with an exchange is logged with the partner', () => {
  const cluster = clusterOf(2, { config: { pushPullIntervalMs: 1_000, probeIntervalMs: 60_000 } });
  at(cluster, 1).host.crash();
  cluster.world.run(2_000);
  assert.deepEqual(
    at(cluster, 0).logged('Push/Pull')[0],
    '[ERR] memberlist: Push/Pull with n2 failed: dial tcp 10.0.0.2:7946: connect: connection refused',
  );
});

test("an answer that is no state is an error in the original's words", () => {
  const scene = new Scene();
  const answers = [
    encodeMessage('error', streamErrorCodec, { error: 'Cannot' }),
    alive('x', 1),
    Uint8Array.of(99),
    new Uint8Array(0),
  ];
  const errors: (string | undefined)[] = [];
  scene.world.host('10.9.9.9').runtime.network.listen(
    { host: '10.9.9.9', port: 7946 },
    (stream) => ({
      onData: () => {
        stream.write(answers[errors.length] ?? none);
        stream.end();
      },
      onEnd: () => {},
      onClosed: () => {},
    }),
    () => {},
  );
  for (let left = answers.length; left > 0; left--) {
    errors.push(scene.node.join('10.9.9.9').error?.failures[0]);
  }
  const expected = 'expected pushPullMsg (6) from=10.9.9.9:7946';
  const unexpected = (type: number) =>
    `Failed to join 10.9.9.9: received invalid msgType (${type}), ${expected}`;
  assert.deepEqual(errors, [
    'Failed to join 10.9.9.9: remote error: Cannot',
    unexpected(4),
    unexpected(99),
    'Failed to join 10.9.9.9: EOF',
  ]);
});

test('an answer that never comes is given up after the timeout', () => {
  const scene = new Scene();
  scene.world.host('10.9.9.9').runtime.network.listen(
    { host: '10.9.9.9', port: 7946 },
    () => ({ onData: () => {}, onEnd: () => {}, onClosed: () => {} }),
    () => {},
  );
  const startedAtMs = scene.world.now;
  const { error } = scene.node.join('10.9.9.9');
  assert.match(error?.message ?? '', /Failed to join 10\.9\.9\.9: read tcp .*: i\/o timeout/);
  assert.ok(Math.abs(scene.world.now - startedAtMs - 10_000) < 20);
});

test('[79] an exchange measures both states, the nodes by state, and what waits for gossip', () => {
  const scene = new Scene();
  exchange(scene, [pushPullNode('x'), pushPullNode('y')]);
  exchange(scene, [pushPullNode('y', { state: 3 })]);
  const request = encodePushPull({ join: false, nodes: [], userState: none });
  const answerBytes = scene.stranger.askStream(request, scene.node.address).length;
  const { gauges, samples } = scene.node.host;
  const instances = ['alive', 'suspect', 'dead', 'left'].map((state) =>
    gauges.get(`memberlist.node.instances.${state}`),
  );
  assert.deepEqual(instances, [2, 0, 0, 1]);
  assert.equal(gauges.get('memberlist.size.local'), answerBytes);
  assert.equal(samples.get('memberlist.size.remote')?.at(-1), request.length);
  scene.world.run(60_000);
  assert.ok(samples.get('memberlist.queue.broadcasts')?.length);
});
