// A node is said to be alive.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile } from '@reeve/memberlist';
import { alive, alivesIn, compound, dead, deadsIn, pingsIn, versions } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';

const meta = (text: string) => Uint8Array.from(Buffer.from(text));

test('an unknown node joins, and the news is passed on', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(alive('x', 3, { address: addressBytes('10.0.0.7'), port: 1234, meta: meta('m') }));
  const { node } = scene;
  assert.deepEqual(node.events, ['join n1', 'join s', 'join x']);
  const { host, port, incarnation, state, versions: known } = node.view('x') ?? assert.fail();
  assert.deepEqual(
    { host, port, incarnation, state },
    { host: '10.0.0.7', port: 1234, incarnation: 3, state: 'alive' },
  );
  assert.deepEqual(known, { pMin: 1, pMax: 5, pCur: 2, dMin: 0, dMax: 0, dCur: 0 });
  const passedOn = alivesIn(scene.listen(300)).find((message) => message.node === 'x');
  assert.deepEqual(passedOn?.meta, meta('m'));
  assert.equal(passedOn?.incarnation, 3);
});

test('only a higher incarnation is news', () => {
  const scene = new Scene();
  scene.tell(alive('x', 3, { meta: meta('old') }));
  scene.tell(alive('x', 3, { meta: meta('new') }));
  scene.tell(alive('x', 2, { meta: meta('new') }));
  assert.deepEqual(scene.node.view('x')?.meta, meta('old'));
  scene.tell(alive('x', 4, { meta: meta('new') }));
  assert.deepEqual(scene.node.view('x')?.meta, meta('new'));
  assert.deepEqual(scene.node.events.slice(1), ['join x', 'update x']);
});

test('the same meta at a higher incarnation is no update', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1));
  scene.tell(alive('x', 2));
  assert.deepEqual(scene.node.events.slice(1), ['join x']);
  assert.equal(scene.node.view('x')?.incarnation, 2);
});

test('a dead node that is alive at a higher incarnation joins again', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1));
  scene.tell(dead('x', 1, 'y'));
  scene.tell(alive('x', 1));
  assert.equal(scene.node.view('x')?.state, 'dead');
  scene.tell(alive('x', 2));
  assert.deepEqual(scene.node.events.slice(1), ['join x', 'leave x', 'join x']);
});

test('port 0 stands for the own port', () => {
  const scene = new Scene({ config: { bind: { host: '10.0.0.1', port: 4321 } } });
  scene.tell(alive('x', 1, { port: 0 }));
  assert.equal(scene.node.view('x')?.port, 4321);
});

test('an IPv4 address mapped into IPv6 is the IPv4 address', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1, { address: Uint8Array.of(...new Uint8Array(10), 255, 255, 10, 0, 0, 7) }));
  scene.tell(alive('x', 2, { address: addressBytes('10.0.0.7') }));
  assert.equal(scene.node.view('x')?.incarnation, 2);
});

test('[45] a known name at another address is a conflict: logged, told, not applied', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1, { address: addressBytes('10.0.0.7') }));
  scene.tell(alive('x', 9, { address: addressBytes('10.0.0.8') }));
  assert.equal(scene.node.view('x')?.host, '10.0.0.7');
  assert.equal(scene.node.view('x')?.incarnation, 1);
  assert.deepEqual(scene.node.events.slice(1), ['join x', 'conflict x']);
  assert.deepEqual(scene.node.logged('Conflicting'), [
    '[ERR] memberlist: Conflicting address for x. Mine: 10.0.0.7:7946 Theirs: 10.0.0.8:7946 Old state: 0',
  ]);
});

test('[45] our own name at another address is a conflict, too', () => {
  const scene = new Scene();
  scene.tell(alive('n1', 9));
  assert.deepEqual(scene.node.events, ['join n1', 'conflict n1']);
  assert.equal(scene.node.list.localNode.incarnation, 1);
});

test('[41] a node that left comes back at another address as soon as nobody answers at the old one', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1, { address: addressBytes('10.0.0.7') }));
  scene.tell(dead('x', 1, 'x'));
  scene.tell(alive('x', 1, { address: addressBytes('10.0.0.8'), port: 77 }));
  assert.equal(scene.node.view('x')?.host, '10.0.0.7');
  scene.world.run(500);
  assert.equal(scene.node.view('x')?.host, '10.0.0.8');
  assert.deepEqual(scene.node.events.slice(1), ['join x', 'leave x', 'join x']);
  assert.deepEqual(scene.node.logged('Updating'), [
    '[INFO] memberlist: Updating address for left or failed node x from 10.0.0.7:7946 to 10.0.0.8:77',
  ]);
});

test('a forged goodbye and a life elsewhere take no name over: its owner is asked, and told', () => {
  const scene = new Scene();
  scene.stranger.answersPings = true;
  scene.introduce('s');
  scene.tell(compound([dead('s', 1, 's'), alive('s', 2, { address: addressBytes('10.0.0.8') })]));
  scene.tell(alive('s', 2, { address: addressBytes('10.0.0.8') }));
  scene.world.run(300);
  const heard = scene.stranger.packets;
  assert.equal(pingsIn(heard).filter(({ node }) => node === 's').length, 1);
  assert.deepEqual(deadsIn(heard).at(0), { node: 's', incarnation: 1, from: 's' });
  scene.tell(alive('s', 2)); // it refutes
  scene.world.run(10_000);
  const { host, state } = scene.node.view('s') ?? assert.fail();
  assert.deepEqual({ host, state }, { host: '10.9.9.9', state: 'alive' });
});

test('who has left and still answers for a while is asked again', () => {
  const scene = new Scene();
  scene.stranger.answersPings = true;
  scene.introduce('s');
  scene.tell(dead('s', 1, 's'));
  scene.tell(alive('s', 2, { address: addressBytes('10.0.0.8') }));
  scene.world.run(800);
  assert.equal(scene.node.view('s')?.state, 'left');
  scene.stranger.answersPings = false;
  scene.world.run(1_500);
  assert.equal(scene.node.view('s')?.host, '10.0.0.8');
});

test('who has left and never stops answering keeps its address, as long as it is remembered', () => {
  const scene = new Scene();
  scene.stranger.answersPings = true;
  scene.introduce('s');
  scene.tell(dead('s', 1, 's'));
  scene.tell(alive('s', 2, { address: addressBytes('10.0.0.8') }));
  scene.world.run(15_000);
  const { host, state } = scene.node.view('s') ?? assert.fail();
  assert.deepEqual({ host, state }, { host: '10.9.9.9', state: 'left' });
});

test('[41] a failed node comes back at another address only once it is forgotten', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1, { address: addressBytes('10.0.0.7') }));
  scene.tell(dead('x', 1, 'y'));
  const comesBack = () => {
    scene.tell(alive('x', 5, { address: addressBytes('10.0.0.8') }));
    return scene.node.view('x')?.host === '10.0.0.8';
  };
  assert.equal(comesBack(), false);
  assert.match(scene.node.logged('Conflicting')[0] ?? '', /Old state: 2$/);
  scene.world.run(29_900);
  assert.equal(comesBack(), false);
  scene.world.run(3_000);
  assert.equal(comesBack(), true);
});

test('a failed node comes back at another address once reclaiming is allowed', () => {
  const scene = new Scene({ config: { deadNodeReclaimMs: 5_000 } });
  scene.tell(alive('x', 1, { address: addressBytes('10.0.0.7') }));
  scene.tell(dead('x', 1, 'y'));
  scene.world.run(4_000);
  scene.tell(alive('x', 2, { address: addressBytes('10.0.0.8') }));
  assert.equal(scene.node.view('x')?.state, 'dead');
  scene.world.run(2_000);
  scene.tell(alive('x', 2, { address: addressBytes('10.0.0.8') }));
  scene.world.run(500);
  assert.equal(scene.node.view('x')?.host, '10.0.0.8');
});

for (const [what, more, reason] of [
  [
    'of impossible versions',
    { versions: Uint8Array.of(3, 2, 2) },
    'protocol version(s) are wrong: 3 <= 2 <= 2 should be >0',
  ],
  [
    'of a minimum version 0',
    { versions: Uint8Array.of(0, 5, 2) },
    'protocol version(s) are wrong: 0 <= 2 <= 5 should be >0',
  ],
  ['with too much meta', { meta: new Uint8Array(513) }, 'its meta is over 512 bytes'],
] as const) {
  test(`an alive message ${what} is ignored with a warning`, () => {
    const scene = new Scene();
    scene.tell(alive('x', 1, more));
    assert.equal(scene.node.view('x'), undefined);
    const where = "Ignoring an alive message for 'x' (10.9.9.9:7946) because";
    assert.deepEqual(scene.node.logged('Ignoring'), [`[WARN] memberlist: ${where} ${reason}`]);
    assert.equal(scene.node.refused, 1);
  });
}

test('a node whose versions nobody here speaks is not believed in: it would end all exchanges', () => {
  const scene = new Scene();
  const vectors = [
    ...[0, 1, 2, 5].map((length) => versions.slice(0, length)),
    Uint8Array.of(5, 5, 5, 0, 0, 0),
    Uint8Array.of(1, 5, 9, 0, 0, 0),
    Uint8Array.of(1, 1, 1, 0, 0, 0),
    Uint8Array.of(1, 5, 2, 1, 5, 5),
  ];
  for (const [i, vector] of vectors.entries()) scene.tell(alive(`x${i}`, 1, { versions: vector }));
  assert.deepEqual(scene.node.memberNames, ['n1']);
  assert.equal(scene.node.refused, vectors.length);
  assert.match(
    scene.node.logged('Ignoring')[0] ?? '',
    /because nobody here speaks its protocol version\(s\)$/,
  );
});

test('of a longer version vector the six versions we know are passed on', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(alive('x', 1, { versions: Uint8Array.of(...versions, 7, 8, 9) }));
  const passedOn = alivesIn(scene.listen(300)).find((message) => message.node === 'x');
  assert.deepEqual(passedOn?.versions, versions);
});

test('the layer above may refuse an alive message', () => {
  const vetoAlive = ({ name }: { name: string }) => (name === 'x' ? 'not one of us' : undefined);
  const scene = new Scene({ delegate: { vetoAlive } });
  scene.tell(alive('x', 1));
  scene.tell(alive('y', 1));
  assert.deepEqual(scene.node.memberNames, ['n1', 'y']);
  assert.deepEqual(scene.node.logged('ignoring'), [
    "[WARN] memberlist: ignoring alive message for 'x': not one of us",
  ]);
});

test('an echo of our own alive message is ignored', () => {
  const scene = new Scene();
  const { node } = scene;
  scene.tell(alive('n1', 1, { address: addressBytes('10.0.0.1') }));
  assert.equal(node.list.localNode.incarnation, 1);
  assert.equal(node.list.healthScore, 0);
});

test('[39] what others remember of us from before a restart is refuted', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(alive('n1', 4, { address: addressBytes('10.0.0.1'), meta: Uint8Array.of(255, 128) }));
  const { node } = scene;
  assert.equal(node.list.localNode.incarnation, 5);
  assert.equal(node.list.healthScore, 1);
  assert.deepEqual(node.logged('Refuting'), [
    "[WARN] memberlist: Refuting an alive message for 'n1' (10.0.0.1:7946) " +
      'meta:([255 128] VS []), vsn:([1 5 2 0 0 0] VS [1 5 2 0 0 0])',
  ]);
  const refutations = alivesIn(scene.listen(300)).filter((message) => message.node === 'n1');
  assert.ok(refutations.some(({ incarnation }) => incarnation === 5));
});

test('our own incarnation with other meta is refuted, a lower one is not worth it', () => {
  const scene = new Scene();
  const address = addressBytes('10.0.0.1');
  scene.tell(alive('n1', 0, { address, meta: meta('old') }));
  assert.equal(scene.node.list.localNode.incarnation, 1);
  scene.tell(alive('n1', 1, { address, meta: meta('old') }));
  assert.equal(scene.node.list.localNode.incarnation, 2);
});

test('who has left does not come back to life by an alive message about itself', () => {
  const scene = new Scene();
  scene.node.leave();
  scene.tell(alive('n1', 9, { address: addressBytes('10.0.0.1') }));
  assert.equal(scene.node.list.localNode.state, 'left');
});

test('an address without brackets is logged for IPv6, as upstream does', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1, { address: addressBytes('2001:db8::1') }));
  scene.tell(alive('x', 2, { address: addressBytes('2001:db8::2') }));
  assert.match(scene.node.logged('Conflicting')[0] ?? '', /Mine: 2001:db8::1:7946 Theirs: 2001:db8::2:7946/);
});

test('who has answered us is no stranger any more, and makes room for the next one', () => {
  const limits = { ...lanProfile('x').limits, strangersMax: 1 };
  const scene = new Scene({ config: { limits } });
  scene.stranger.answersPings = true;
  scene.introduce('s');
  scene.tell(alive('x', 1));
  assert.equal(scene.node.view('x'), undefined);
  assert.ok(scene.world.runUntil(() => scene.node.pings.length > 0, 3_000));
  scene.tell(alive('x', 1));
  assert.equal(scene.node.view('x')?.state, 'alive');
  scene.tell(alive('y', 1));
  assert.equal(scene.node.view('y'), undefined);
});
