// What is told to whom, how often, and in packets of which size.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageTypes } from '../../dist/core/wire/message-types.js';
import { at, clusterOf } from '../kit/cluster.ts';
import { alive, alivesIn, bodiesOf, dead, deadsIn, messagesIn, pingsIn, suspect } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';

const far = { address: addressBytes('10.8.8.8') };

test('[35] in a cluster of three a broadcast is sent four times by each member', () => {
  const cluster = clusterOf(3, { config: { compression: false } });
  cluster.world.run(5_000);
  const sent = new Map<string, number>();
  cluster.world.network.onPacket((packet, from) => {
    const news = alivesIn([packet]).filter(({ node }) => node === 'n1').length;
    sent.set(from.host, (sent.get(from.host) ?? 0) + news);
  });
  let done = false;
  at(cluster, 0).meta = Uint8Array.of(1);
  at(cluster, 0).list.updateNode(5_000, (error) => {
    assert.equal(error, undefined);
    done = true;
  });
  cluster.world.run(5_000);
  assert.ok(done);
  assert.deepEqual([...sent.values()], [4, 4, 4]);
});

test('[36] newer news about a node replace the older ones', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(alive('x', 1, far));
  scene.tell(suspect('x', 1, 'a'));
  scene.tell(alive('x', 2, far));
  scene.stranger.packets.length = 0;
  scene.world.run(2_000);
  const aboutX = alivesIn(scene.stranger.packets).filter(({ node }) => node === 'x');
  assert.deepEqual([...new Set(aboutX.map(({ incarnation }) => incarnation))], [2]);
  assert.deepEqual(
    bodiesOf('suspect', scene.stranger.packets).filter((body) => Buffer.from(body).includes('a1a')),
    [],
  );
});

test('a refutation does not end the wait for our own news, which stay queued beside it', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.stranger.hearOut(scene.node);
  scene.node.list.updateNode(5_000, () => {});
  scene.tell(suspect('n1', 2, 'a'));
  const heard = alivesIn(scene.listen(300)).filter(({ node }) => node === 'n1');
  assert.deepEqual([...new Set(heard.map(({ incarnation }) => incarnation))].sort(), [2, 3]);
});

test('[44] a dead node is told the news for half a minute, one that left never', () => {
  const heardAfter = (forMs: number, goodbye: boolean) => {
    const scene = new Scene({ config: { gossipIntervalMs: 100 } });
    scene.introduce('s');
    scene.tell(dead('s', 1, goodbye ? 's' : 'a'));
    scene.listen(forMs);
    scene.tell(alive('x', 1, far));
    return alivesIn(scene.listen(1_000)).some(({ node }) => node === 'x');
  };
  assert.equal(heardAfter(1_000, false), true);
  assert.equal(heardAfter(28_000, false), true);
  assert.equal(heardAfter(31_000, false), false);
  assert.equal(heardAfter(0, true), false);
});

test('one who is told of his death that way comes back', () => {
  const cluster = clusterOf(3, { config: { probeIntervalMs: 60_000 } });
  const [first, second, third] = [at(cluster, 0), at(cluster, 1), at(cluster, 2)];
  second.list.sendTo(first.address, new Uint8Array(0));
  for (const member of [first, third]) {
    second.host.runtime.network.bindPackets(
      { host: second.host.ip, port: 0 },
      () => {},
      (bound) => {
        assert.ok(bound.ok);
        bound.value.send(dead('n2', 1, 'liar'), member.address);
      },
    );
  }
  cluster.world.run(20);
  assert.deepEqual([first.view('n2')?.state, third.view('n2')?.state], ['dead', 'dead']);
  cluster.awaitAgreement(2_000);
  assert.equal(second.list.localNode.incarnation, 2);
});

test('[18] gossip has a checksum for those who understand it, and none for others', () => {
  for (const [pMax, expected] of [
    [5, true],
    [4, false],
  ] as const) {
    const scene = new Scene();
    scene.introduce('s', { versions: Uint8Array.of(1, pMax, 2, 0, 0, 0) });
    const packets = scene.listen(400).filter((packet) => pingsIn([packet]).length === 0);
    assert.ok(packets.length > 0);
    for (const packet of packets) assert.equal(packet[0] === messageTypes.checksum, expected);
  }
});

test('[18] messages straight to an address have none, unless a member is named like the address', () => {
  const scene = new Scene();
  const firstByte = () => {
    scene.node.list.sendTo(scene.stranger.address, Uint8Array.of(1));
    return scene.listen(10).map(([type]) => type);
  };
  assert.deepEqual(firstByte(), [messageTypes.user]);
  scene.tell(alive('10.9.9.9', 1, far));
  assert.deepEqual(firstByte(), [messageTypes.checksum]);
});

test('one message goes bare, several in a compound', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.stranger.hearOut(scene.node);
  scene.tell(alive('x', 1, far));
  const [bare] = scene.listen(210);
  assert.equal(messagesIn(bare ?? assert.fail()).length, 1);
  assert.equal(bare?.[5], messageTypes.alive);
  scene.tell(alive('y', 1, far));
  const [both] = scene.listen(210);
  assert.equal(both?.[5], messageTypes.compound);
  assert.equal(messagesIn(both).length, 2);
});

test('no packet is larger than its budget, the checksum apart', () => {
  const scene = new Scene();
  scene.introduce('s');
  for (let index = 0; index < 200; index++) {
    scene.tell(alive(`node-${index}`, 1, { ...far, meta: new Uint8Array(index) }));
  }
  scene.stranger.ask(Uint8Array.of(0, 0x80), scene.node.address);
  scene.world.run(900);
  const sizes = scene.stranger.packets.map(({ length }) => length);
  assert.ok(Math.max(...sizes) <= 1_405, `${Math.max(...sizes)}`);
  assert.ok(Math.max(...sizes) > 1_300);
});

test('what the layer above has to say fills the space that is left', () => {
  const waiting = Array.from({ length: 50 }, (_, index) => new Uint8Array(100).fill(index));
  const asked: (readonly [overheadBytes: number, limitBytes: number])[] = [];
  const scene = new Scene({
    delegate: {
      takeBroadcasts: (overheadBytes, limitBytes) => {
        asked.push([overheadBytes, limitBytes]);
        return waiting.splice(0, Math.floor(limitBytes / (overheadBytes + 100)));
      },
    },
  });
  scene.introduce('s');
  scene.stranger.hearOut(scene.node);
  asked.length = 0;
  scene.stranger.packets.length = 0;
  waiting.push(...Array.from({ length: 50 }, () => new Uint8Array(100).fill(9)));
  scene.tell(alive('x', 1, far));
  const [packet] = scene.listen(210);
  const messages = messagesIn(packet ?? assert.fail());
  assert.deepEqual(
    messages.map(([type]) => type),
    [4, ...Array(13).fill(8)],
  );
  const aliveBytes = messages[0]?.length ?? 0;
  assert.deepEqual(asked[0], [3, 1_400 - 2 - 2 - aliveBytes]);
  assert.equal(packet?.length, 1_405);
});

/** A node, and a stranger who hears `count` messages of the layer above; `given`: how many in each packet. */
function sceneWithNews(count: number, given: number[] = []): Scene {
  let left = 0;
  const scene = new Scene({
    delegate: {
      takeBroadcasts: (overheadBytes, limitBytes) => {
        const taken = Math.min(left, Math.floor(limitBytes / (overheadBytes + 100)));
        left -= taken;
        if (taken > 0) given.push(taken);
        return Array.from({ length: taken }, () => new Uint8Array(100));
      },
    },
  });
  scene.introduce('s');
  scene.stranger.hearOut(scene.node);
  left = count;
  scene.node.list.gossipSoon();
  return scene;
}

test('while packets come out full, gossip does not wait for its next round', () => {
  const packets = sceneWithNews(13 * 10).listen(199);
  assert.equal(packets.filter(({ length }) => length > 1_000).length, 10);
});

test('a packet that is not full ends the round', () => {
  const asked: number[] = [];
  const packets = sceneWithNews(13 + 2, asked).listen(199);
  assert.deepEqual(
    packets.map((packet) => messagesIn(packet).length).sort((a, b) => b - a),
    [13, 2],
  );
  assert.deepEqual(asked, [13, 2]);
});

test('however much waits, a round of gossip tells each node 32 packets at most', () => {
  const packets = sceneWithNews(13 * 1_000).listen(199);
  assert.equal(packets.filter(({ length }) => length > 1_000).length, 32);
});

/** A node with a stranger to tell, and when its layer above was asked for news by rounds of gossip. */
function sceneWithRounds(): { scene: Scene; rounds: number[] } {
  const rounds: number[] = [];
  const scene: Scene = new Scene({
    config: { probeIntervalMs: 60_000 },
    delegate: {
      takeBroadcasts: () => {
        rounds.push(scene.world.now);
        return [];
      },
    },
  });
  scene.introduce('s');
  scene.stranger.hearOut(scene.node);
  scene.world.run(1_000);
  return { scene, rounds };
}

test('where nothing is queued there are no rounds of gossip', () => {
  const { scene, rounds } = sceneWithRounds();
  rounds.length = 0;
  scene.world.run(10_000);
  assert.deepEqual(rounds, []);
});

test('news, ours or of the layer above, go out with the round that was due anyway', () => {
  const { scene, rounds } = sceneWithRounds();
  const phase = (rounds.at(-1) ?? assert.fail()) % 200;
  const beginsAgain = [() => scene.tell(alive('x', 1, far)), () => scene.node.list.gossipSoon()];
  for (const [index, begin] of beginsAgain.entries()) {
    scene.world.run(5_070 + index);
    rounds.length = 0;
    const begunAt = scene.world.now;
    begin();
    scene.world.run(2_000);
    const [first = 0] = rounds;
    assert.ok(first > begunAt && first <= begunAt + 200, `${first - begunAt}`);
    assert.ok(Math.abs((first % 200) - phase) < 1e-6);
  }
});

test('who is alone does not gossip', () => {
  const scene = new Scene();
  scene.world.run(10_000);
  assert.ok(scene.node.list.queuedBroadcasts > 0);
  assert.equal(scene.node.host.samples.get('memberlist.gossip')?.length, 1);
});

test('a message of the layer above reaches it as it was sent', () => {
  const cluster = clusterOf(2);
  const [first, second] = [at(cluster, 0), at(cluster, 1)];
  first.list.sendTo(second.address, Uint8Array.of(1, 2, 3));
  cluster.world.run(10);
  assert.deepEqual(second.userMessages, [Uint8Array.of(1, 2, 3)]);
});

test('a death is passed on as it was heard', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(alive('x', 1, far));
  scene.tell(dead('x', 7, 'somebody'));
  assert.deepEqual(deadsIn(scene.listen(300))[0], { node: 'x', incarnation: 7, from: 'somebody' });
});
