// Packets of people who mean no good. Whatever comes: nothing is thrown, one input costs one line and one
// count at most, and the node still answers a ping.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lzwEncode } from '@reeve/bytes';
import { Keyring } from '@reeve/memberlist';
import { compressMessage } from '../../dist/core/wire/compress.js';
import { compressedCodec, encodeMessage, indirectPingCodec } from '../../dist/core/wire/messages.js';
import { encryptedPackets, goldenKey, goldenPackets } from '../kit/golden.ts';
import { ackIn, alive, compound, dead, ping, suspect, user, versions } from '../kit/messages.ts';
import { Scene } from '../kit/scene.ts';

/** Sends each packet, checks that none costs more than a line and a count, and returns all these lines. */
function survives(scene: Scene, packets: Iterable<Uint8Array>): string[] {
  const { node, stranger, world } = scene;
  const { logLines } = node.host;
  const all: string[] = [];
  for (const packet of packets) {
    const refused = node.refused;
    logLines.length = 0;
    stranger.send(packet, node.address);
    world.run(2);
    const complaints = logLines.filter((line) => /^\[(WARN|ERR)\]/.test(line) && !line.includes('Refuting'));
    assert.ok(complaints.length <= 1, `${complaints.length} lines for ${hexOf(packet)}`);
    assert.equal(complaints.length, node.refused - refused, hexOf(packet));
    all.push(...complaints);
  }
  assert.equal(node.list.localNode.state, 'alive');
  return all;
}

/** A scene whose node probes nobody and gossips to nobody, so that only the input matters. */
function quietScene(config: object = {}): Scene {
  return new Scene({
    config: { probeIntervalMs: 1e9, gossipIntervalMs: 1e9, pushPullIntervalMs: 0, ...config },
  });
}

function stillAnswers({ node, stranger }: Scene): void {
  const answers = stranger.ask(ping('n1', { sequence: 4_711 }), node.address);
  assert.ok(answers.some((answer) => ackIn(answer)?.sequence === 4_711));
}

test('a captured packet harms nobody, at whatever byte it is cut', () => {
  const scene = quietScene();
  const cuts = goldenPackets.flatMap((packet) => Array.from(packet, (_, end) => packet.subarray(0, end)));
  assert.ok(survives(scene, cuts).length > 2_000);
  stillAnswers(scene);
});

test('a captured packet that is encrypted harms nobody, at whatever byte it is cut', () => {
  const scene = quietScene({ keyring: new Keyring([goldenKey]) });
  const cuts = encryptedPackets.flatMap((packet) => Array.from(packet, (_, end) => packet.subarray(0, end)));
  assert.equal(survives(scene, cuts).length, cuts.length);
});

test('a huge length harms nobody, at whatever place of a captured packet', () => {
  const scene = quietScene();
  const lengths = ['7fffffff', '80000000', 'ffffffff', 'db7fffffff', 'ddffffffff', 'dfffffffff', 'c67fffffff']
    .concat(['cf0000010000000000', 'd3ffffffffffffffff', 'd2ffffffff'])
    .map((hex) => Buffer.from(hex, 'hex'));
  for (const packet of goldenPackets.slice(0, 12)) {
    for (const length of lengths) {
      const damaged = Array.from(packet.subarray(length.length), (_, at) => {
        const copy = packet.slice();
        copy.set(length, at);
        return copy;
      });
      survives(scene, damaged);
    }
  }
  stillAnswers(scene);
});

test('compounds in compounds, and compressed messages in compressed ones, harm nobody', () => {
  const scene = quietScene();
  const nests = [ping('n1')];
  for (let depth = 1; depth < 200; depth++) nests.push(compound([nests.at(-1) ?? ping('')]));
  const tooDeep = survives(scene, nests);
  assert.equal(tooDeep.length, 200 - 9);
  for (const line of tooDeep) assert.match(line, /messages are nested too deeply from=/);
  const packed = [compressMessage(ping('n1'))];
  for (let depth = 1; depth < 20; depth++) packed.push(compressMessage(packed.at(-1) ?? ping('')));
  assert.equal(survives(scene, packed).length, 20 - 8);
  let doubled: Uint8Array = ping('other');
  while (doubled.length < 30_000) doubled = compound([doubled, doubled]);
  survives(scene, [doubled]);
  stillAnswers(scene);
});

test('msgpack that is nested 3,000 deep harms nobody', () => {
  const scene = quietScene();
  const deep = (tag: number) => Uint8Array.of(0, 0x81, 0xa1, 0x78, ...new Uint8Array(3_000).fill(tag), 0xc0);
  survives(scene, [deep(0x91), deep(0x81), Uint8Array.of(0, ...new Uint8Array(60_000).fill(0xdf))]);
  stillAnswers(scene);
});

test('a packet of more messages than any honest one is cut off, with one line', () => {
  const scene = quietScene();
  const pings = compound(Array.from({ length: 255 }, () => Uint8Array.of(0, 0x80)));
  const flood = compound([pings, pings, pings, pings]);
  const answers = scene.stranger.ask(flood, scene.node.address);
  assert.ok(answers.length > 255 && answers.length <= 512, `${answers.length}`);
  assert.equal(scene.node.refused, 1);
  assert.equal(scene.node.logged('too many messages in one packet').length, 1);
});

test('a packet of nothing but bad messages is one line', () => {
  const scene = quietScene();
  const bad = [99, 12, 6, 13, 3, 4, 5].map((type) => Uint8Array.of(type));
  survives(scene, [
    compound(Array.from({ length: 255 }, (_, index) => bad[index % bad.length] ?? ping(''))),
    compound(Array.from({ length: 255 }, () => new Uint8Array(0))),
    compound(
      Array.from({ length: 255 }, (_, index) => alive(`x${index}`, 1, { address: Uint8Array.of(1, 2, 3) })),
    ),
    compound(Array.from({ length: 255 }, () => ping('other'))),
  ]);
  assert.equal(scene.node.refused, 4);
});

test('a decompression bomb harms nobody', () => {
  const scene = quietScene();
  const bomb = (bytes: number) => {
    const buffer = lzwEncode(new Uint8Array(bytes));
    return encodeMessage('compress', compressedCodec, { algorithm: 0, buffer });
  };
  const fills = compressMessage(user('x'.repeat(60_000)));
  const bombs = [
    bomb(65_537),
    bomb(1 << 20),
    bomb(1 << 23),
    compressMessage(bomb(1 << 20)),
    compound(Array.from({ length: 100 }, () => fills)), // each for itself is small enough
  ];
  const start = process.cpuUsage();
  assert.equal(survives(scene, bombs).length, bombs.length);
  assert.ok(process.cpuUsage(start).user < 1_000_000); // microseconds of ours
  assert.equal(scene.node.userMessages.length, 1);
  stillAnswers(scene);
});

test('an address that is none harms nobody, wherever an address is', () => {
  const scene = quietScene();
  const lengths = [0, 1, 3, 5, 15, 17, 100];
  const request = { sequence: 1, port: 1, node: 'x', nack: true, sourcePort: 1, sourceNode: '' };
  for (const address of lengths.map((length) => new Uint8Array(length))) {
    survives(scene, [
      ping('n1', { sourceAddress: address, sourcePort: 7 }),
      encodeMessage('indirectPing', indirectPingCodec, {
        ...request,
        target: address,
        sourceAddress: address,
      }),
      alive('x', 1, { address }),
      alive('n1', 9, { address }),
    ]);
  }
  assert.deepEqual(scene.node.memberNames, ['n1']);
  assert.equal(scene.node.refused, 3 * lengths.length);
  stillAnswers(scene);
});

test('a version vector of whatever length harms nobody', () => {
  const scene = quietScene();
  for (let length = 0; length < 300; length += 7) {
    survives(scene, [alive(`x${length}`, 1, { versions: new Uint8Array(length).fill(1) })]);
  }
  stillAnswers(scene);
});

test('a name has at most 512 bytes, and none harms anybody', () => {
  const scene = quietScene();
  const lines: string[] = [];
  for (const length of [0, 1, 511, 512, 513, 1_024, 60_000]) {
    const name = 'x'.repeat(length);
    lines.push(
      ...survives(scene, [
        alive(name, 1),
        suspect(name, 1, name),
        suspect('n1', 1, name),
        dead('n1', 1, name),
        ping(name),
        encodeMessage('indirectPing', indirectPingCodec, {
          ...{ sequence: 1, target: Uint8Array.of(10, 9, 9, 9), port: 1, node: name, nack: false },
          ...{ sourceAddress: new Uint8Array(0), sourcePort: 0, sourceNode: name },
        }),
      ]),
    );
  }
  assert.equal(scene.node.view('x'.repeat(512))?.state, 'suspect');
  assert.equal(scene.node.view('x'.repeat(513)), undefined);
  for (const line of lines) assert.ok(line.length < 1_100, `a line of ${line.length}`);
  stillAnswers(scene);
});

test('what a node is made to pass on fits a packet, under the longest label and encrypted', () => {
  const scene = new Scene({ config: { packetBytesMax: 1_400 - (2 + 255) - 29 } });
  scene.introduce('s');
  const name = (letter: string) => letter.repeat(512);
  scene.tell(alive(name('a'), 1, { meta: new Uint8Array(512), versions: new Uint8Array(60_000).fill(1) }));
  scene.tell(alive(name('b'), 2 ** 31, { address: new Uint8Array(16).fill(9), meta: new Uint8Array(512) }));
  scene.tell(suspect(name('b'), 2 ** 31, name('c')));
  assert.equal(scene.node.view(name('b'))?.state, 'suspect');
  assert.ok(
    scene.world.runUntil(() => scene.node.list.queuedBroadcasts === 0, 10_000),
    'nothing is stuck',
  );
});

test('accusers of a suspect are kept only as far as they count', () => {
  const scene = quietScene();
  for (const name of ['w', 'x', 'y', 'z']) scene.tell(alive(name, 1));
  for (let index = 0; index < 1_000; index++) scene.tell(suspect('x', 1, `accuser-${index}`));
  assert.equal(scene.node.list.queuedBroadcasts, 5);
});

test('a table has room for only so many strangers, and for the acquainted all the same', () => {
  const limits = { ...new Scene().node.config.limits, strangersMax: 50 };
  const scene = quietScene({ limits });
  const names = Array.from({ length: 5_000 }, (_, index) => alive(`made-up-${index}`, 1, { versions }));
  const lines = survives(scene, chunks(names, 100).map(compound));
  assert.equal(scene.node.list.nodeCount, 51);
  assert.equal(lines.length, 50);
  assert.match(
    lines[0] ?? '',
    /because there are too many that nobody knows$|: there are too many that nobody knows$/,
  );
  stillAnswers(scene);
});

test('random bytes harm nobody', () => {
  const scene = quietScene();
  let seed = 1;
  const noise = (length: number) =>
    Uint8Array.from({ length }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 16;
    });
  survives(
    scene,
    Array.from({ length: 3_000 }, (_, index) => noise(index % 200)),
  );
  stillAnswers(scene);
});

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 100)).toString('hex');
}
