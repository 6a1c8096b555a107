// Streams of people who mean no good.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lzwEncode } from '@reeve/bytes';
import {
  Keyring,
  lanProfile,
  type MemberlistDelegate,
  type MemberlistLimits,
  type MemberNode,
} from '@reeve/memberlist';
import type { Stream } from '@reeve/runtime';
import { compressedCodec, encodeMessage } from '../../dist/core/wire/messages.js';
import { encodePushPull } from '../../dist/core/wire/stream-message.js';
import { encryptedStreams, goldenKey, goldenStreams } from '../kit/golden.ts';
import { ackIn, ping, pushPullNode } from '../kit/messages.ts';
import { Scene } from '../kit/scene.ts';
import type { StrangeStream } from '../kit/stranger.ts';
import { readStream } from '../kit/streams.ts';

const none = new Uint8Array(0);
const question = encodePushPull({ join: false, nodes: [], userState: none });

function quietScene(config: object = {}, delegate: Partial<MemberlistDelegate> = {}): Scene {
  return new Scene({
    config: { probeIntervalMs: 1e9, gossipIntervalMs: 1e9, pushPullIntervalMs: 0, ...config },
    delegate,
  });
}

function limits(more: Partial<MemberlistLimits>): MemberlistLimits {
  return { ...lanProfile('x').limits, ...more };
}

/** Both doors are open: a packet and a stream are answered. */
function stillAnswers({ node, stranger }: Scene): void {
  assert.ok(stranger.ask(ping('n1', { sequence: 4_711 }), node.address).some((answer) => ackIn(answer)));
  assert.equal(readStream(stranger.askStream(question, node.address)).type, 'pushPull');
}

test('states that arrive together are exchanged one by one, and others get their turn between', () => {
  const happened: string[] = [];
  const localState = () => {
    happened.push('exchange');
    node.host.runtime.timers.after(0, () => happened.push('something else'));
    return none;
  };
  const { node, stranger, world } = quietScene({}, { localState });
  const streams = [1, 2, 3, 4].map(() => stranger.dial(node.address));
  for (const stream of streams) stream.write(question);
  assert.ok(world.runUntil(() => streams.every(({ ended }) => ended), 1_000));
  const alternating = happened.filter((what, at) => what !== happened[at - 1]);
  assert.deepEqual(happened, alternating);
  assert.equal(happened.filter((what) => what === 'exchange').length, 4);
});

test('exchanges that still wait when the node stops are not made', () => {
  let exchanges = 0;
  const localState = () => {
    exchanges += 1;
    node.host.runtime.timers.after(0, () => node.list.shutdown());
    return none;
  };
  const { node, stranger, world } = quietScene({}, { localState });
  for (const stream of [1, 2, 3].map(() => stranger.dial(node.address))) stream.write(question);
  world.run(1_000);
  assert.equal(exchanges, 1);
});

/** A list that is read and merged in many turns. */
const longList = encodePushPull({
  join: false,
  nodes: Array.from({ length: 5_000 }, (_, index) => pushPullNode(`listed-${index}`)),
  userState: none,
});

test('a long list is merged in turns, and others get theirs between', () => {
  const happened: string[] = [];
  const onJoin = ({ name }: MemberNode) => {
    if (name === 'n1') return;
    node.host.runtime.timers.after(0, () => happened.push('something else'));
    happened.push('join');
  };
  const { node, stranger, world } = quietScene({ limits: limits({ strangersMax: 5_000 }) }, { onJoin });
  stranger.askStream(longList, node.address);
  assert.ok(world.runUntil(() => node.list.nodeCount === 5_001, 1_000));
  const streaks = happened.join().split('something else');
  assert.ok(streaks.every((joins) => joins.split('join').length < 300));
});

test('however much of a long list is refused, it costs one line and one count', () => {
  const { node, stranger, world } = quietScene({ limits: limits({ strangersMax: 50 }) });
  stranger.askStream(longList, node.address);
  world.run(1_000);
  assert.equal(node.list.nodeCount, 51);
  assert.equal(node.refused, 1);
  assert.equal(node.logged('[WARN]').length, 1);
});

test('a partner that hangs up behind a long answer is heard to its end', () => {
  const { node, world } = quietScene();
  const answer = (stream: Stream) => () => {
    stream.write(longList);
    stream.end();
  };
  world.host('10.9.9.9').runtime.network.listen(
    { host: '10.9.9.9', port: 7946 },
    (stream) => ({ onData: answer(stream), onEnd: () => {}, onClosed: () => {} }),
    () => {},
  );
  assert.deepEqual(node.join('10.9.9.9'), { joined: 1 });
  assert.equal(node.list.nodeCount, 5_001);
});

test('a node that stops while it merges a long list merges no more of it, and the join ends', () => {
  const stopAtOnce = ({ name }: MemberNode): void => {
    if (name !== 'n1') node.host.runtime.timers.after(0, () => node.list.shutdown());
  };
  const { node, world } = quietScene({}, { onJoin: stopAtOnce });
  world.host('10.9.9.9').runtime.network.listen(
    { host: '10.9.9.9', port: 7946 },
    (stream) => ({ onData: () => stream.write(longList), onEnd: () => {}, onClosed: () => {} }),
    () => {},
  );
  assert.match(node.join('10.9.9.9').error?.message ?? '', /the node is not running/);
  world.run(1_000);
  assert.ok(node.list.nodeCount < 300, `${node.list.nodeCount}`);
});

test('every captured stream that stops half-way costs one line and one count', () => {
  const scene = quietScene();
  const { node, stranger, world } = scene;
  for (const bytes of goldenStreams) {
    for (let end = 1; end < bytes.length; end += 7) {
      const refused = node.refused;
      const stream = stranger.dial(node.address);
      stream.write(bytes.subarray(0, end));
      stream.end();
      assert.ok(world.runUntil(() => stream.ended, 1_000));
      world.run(5);
      assert.equal(node.refused, refused + 1);
    }
  }
  assert.equal(node.logged('[ERR]').length, node.refused);
  assert.match(node.logged('EOF')[0] ?? '', /memberlist: .*: unexpected EOF from=10\.9\.9\.9:\d+$/);
  assert.deepEqual(node.memberNames, ['n1']);
  stillAnswers(scene);
});

test('a stream that is reset half-way costs one line, one that never said anything none', () => {
  const scene = quietScene();
  const { node, stranger, world } = scene;
  const half = stranger.dial(node.address);
  half.write(Uint8Array.of(6, 0x83));
  world.run(10);
  stranger.host.crash();
  world.run(10);
  assert.match(
    node.logged('[ERR]')[0] ?? '',
    /Failed to read remote state: .*connection reset by peer from=/,
  );
  assert.equal(node.refused, 1);
  const silent = new Scene();
  const stream = silent.stranger.dial(silent.node.address);
  stream.end();
  silent.world.runUntil(() => stream.ended, 1_000);
  assert.equal(silent.node.refused, 0);
});

test('damaged streams are refused with one line at most, and never throw', () => {
  const lengths = [
    '7fffffff',
    'ffffffff',
    'db7fffffff',
    'ddffffffff',
    'dfffffffff',
    'c67fffffff',
    'd2ffffffff',
  ];
  for (const [streams, config] of [
    [goldenStreams, {}],
    [encryptedStreams, { keyring: new Keyring([goldenKey]) }],
  ] as const) {
    const scene = quietScene(config);
    const { node, stranger, world } = scene;
    const opened: StrangeStream[] = [];
    for (const bytes of streams) {
      for (let at = 0; at < bytes.length; at += 5) {
        const damaged = bytes.slice();
        const length = Buffer.from(lengths[at % lengths.length] ?? '', 'hex');
        damaged.set(length.subarray(0, damaged.length - at), at);
        const stream = stranger.dial(node.address);
        stream.write(damaged);
        opened.push(stream);
      }
    }
    world.run(25_000);
    assert.ok(
      opened.every(({ ended }) => ended),
      'none is left open',
    );
    assert.ok(node.refused <= opened.length);
    assert.ok(node.refused > opened.length / 4);
  }
});

test('[29] an unknown type closes the stream without an answer', () => {
  const { node, stranger } = quietScene();
  for (const type of [1, 2, 3, 7, 8 + 3, 12, 99, 255]) {
    assert.deepEqual(stranger.askStream(Uint8Array.of(type, 0x80), node.address), none);
  }
  assert.match(
    node.logged('invalid msgType (99)')[0] ?? '',
    /^\[ERR\] memberlist: Received invalid msgType \(99\) from=/,
  );
  assert.equal(node.logged('Received invalid msgType (2)').length, 1);
});

test('128 streams that say nothing are closed in time, and nobody else waits for them', () => {
  const scene = quietScene();
  const { node, stranger, world } = scene;
  const idle = Array.from({ length: 128 }, () => stranger.dial(node.address));
  stillAnswers(scene);
  assert.equal(node.logged('Too many pending push/pull requests').length, 1, 'the oldest one had to go');
  assert.equal(idle.filter(({ ended }) => ended).length, 1);
  world.run(10_100);
  assert.ok(idle.every(({ ended }) => ended));
  assert.equal(node.logged('i/o timeout').length, 127);
  stillAnswers(scene);
});

test('128 streams that drip their bytes are closed in time, and cost no more than they send', () => {
  const scene = quietScene();
  const { node, stranger, world } = scene;
  const bytes = encodePushPull({
    join: false,
    nodes: Array.from({ length: 200 }, (_, index) => pushPullNode(`n${index}`)),
    userState: none,
  });
  const drips = Array.from({ length: 128 }, () => stranger.dial(node.address));
  const startedAtMs = performance.now();
  for (let at = 0; at < 100; at++) {
    for (const stream of drips) stream.write(bytes.subarray(at, at + 1));
    world.run(95);
  }
  stillAnswers(scene);
  world.run(5_000);
  assert.ok(drips.every(({ ended }) => ended));
  assert.ok(performance.now() - startedAtMs < 10_000);
  assert.deepEqual(node.memberNames, ['n1']);
});

test('decompression bombs on streams', () => {
  const scene = quietScene();
  const { node, stranger, world } = scene;
  const buffer = lzwEncode(new Uint8Array(9 * 1024 * 1024));
  const bomb = encodeMessage('compress', compressedCodec, { algorithm: 0, buffer });
  for (let index = 0; index < 5; index++) {
    const answer = readStream(stranger.askStream(bomb, node.address));
    assert.ok(answer.type === 'error');
    assert.match(answer.error, /bytes when decompressed$/);
  }
  world.run(1_000);
  stillAnswers(scene);
});

test('what all streams hold is bounded, and there is room again when they are gone', () => {
  const scene = quietScene({ limits: limits({ streamsBytesMax: 1 << 20 }) });
  const { node, stranger, world } = scene;
  const start = encodePushPull({ join: false, nodes: [], userState: new Uint8Array(300_000) }).subarray(
    0,
    280_000,
  );
  const greedy = Array.from({ length: 8 }, () => {
    const stream = stranger.dial(node.address);
    stream.write(start);
    return stream;
  });
  world.run(200);
  const refused = node.logged('too many bytes are buffered over all streams').length;
  assert.ok(refused >= 5, `${refused}`);
  world.run(11_000);
  assert.ok(greedy.every(({ ended }) => ended));
  stillAnswers(scene);
});

test('answers that nobody takes are bounded, too', () => {
  const localState = () => new Uint8Array(300_000);
  const config = {
    probeIntervalMs: 1e9,
    pushPullIntervalMs: 0,
    limits: limits({ answersBytesMax: 1 << 20 }),
  };
  const scene = new Scene({ config, delegate: { localState } });
  const { node, stranger, world } = scene;
  for (let index = 0; index < 8; index++) stranger.dial(node.address).write(question);
  world.run(200);
  assert.equal(node.logged('Too many pending push/pull requests').length, 5);
  world.run(11_000);
  stillAnswers(scene);
});

test('made-up nodes in a list count as strangers, those of a partner we asked do not', () => {
  const nodes = Array.from({ length: 500 }, (_, index) => pushPullNode(`made-up-${index}`));
  const list = encodePushPull({ join: true, nodes, userState: none });
  const { node, stranger, world } = quietScene({ limits: limits({ strangersMax: 50 }) });
  stranger.askStream(list, node.address);
  assert.equal(node.list.nodeCount, 51);
  assert.equal(node.refused, 1);
  world.host('10.9.9.9').runtime.network.listen(
    { host: '10.9.9.9', port: 7946 },
    (stream) => ({ onData: () => stream.write(list), onEnd: () => {}, onClosed: () => {} }),
    () => {},
  );
  assert.equal(node.join('10.9.9.9').joined, 1);
  assert.equal(node.list.nodeCount, 501);
});

test('a list longer than the table is refused as a whole', () => {
  const nodes = Array.from({ length: 20 }, (_, index) => pushPullNode(`n${index}`));
  const { node, stranger } = quietScene({ limits: limits({ nodesMax: 10 }) });
  stranger.askStream(encodePushPull({ join: true, nodes, userState: none }), node.address);
  assert.match(
    node.logged('[ERR]')[0] ?? '',
    /Failed to read remote state: number of nodes in header \(20\) exceeds limit from=/,
  );
  assert.equal(node.list.nodeCount, 1);
});
