// A node is declared dead, or says goodbye.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alive, alivesIn, compound, dead, deadsIn, suspect, user } from '../kit/messages.ts';
import { Scene } from '../kit/scene.ts';

test('who is said to be dead is dead, and the news is passed on', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(alive('x', 1));
  scene.tell(dead('x', 1, 'a'));
  assert.equal(scene.node.view('x')?.state, 'dead');
  assert.deepEqual(scene.node.memberNames, ['n1', 's']);
  assert.equal(scene.node.events.at(-1), 'leave x');
  assert.deepEqual(deadsIn(scene.listen(300))[0], { node: 'x', incarnation: 1, from: 'a' });
});

test('who says so itself has left', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1));
  scene.tell(dead('x', 1, 'x'));
  assert.equal(scene.node.view('x')?.state, 'left');
  assert.equal(scene.node.events.at(-1), 'leave x');
});

test('what else a packet says is known before the goodbye in it', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1));
  scene.tell(compound([dead('x', 1, 'x'), user('x leaves')]));
  assert.deepEqual(scene.node.events.slice(-2), ['user x leaves', 'leave x']);
});

test('an older death is ignored, and nobody dies twice', () => {
  const scene = new Scene();
  scene.tell(alive('x', 3));
  scene.tell(dead('x', 2, 'a'));
  assert.equal(scene.node.view('x')?.state, 'alive');
  scene.tell(dead('x', 3, 'a'));
  scene.tell(dead('x', 4, 'x'));
  assert.equal(scene.node.view('x')?.state, 'dead');
  assert.equal(scene.node.events.filter((event) => event === 'leave x').length, 1);
  scene.tell(dead('nobody', 1, 'a'));
  assert.equal(scene.node.view('nobody'), undefined);
});

test('a death ends the suspicion, whether or not the dead come back', () => {
  const scene = new Scene();
  for (const name of ['x', 'y']) {
    scene.tell(alive(name, 1));
    scene.tell(suspect(name, 1, 'a'));
    scene.tell(dead(name, 1, 'a'));
  }
  scene.tell(alive('y', 2));
  scene.world.run(4_100);
  assert.deepEqual(scene.node.logged('Marking'), []);
});

test('our own death is refuted', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(dead('n1', 1, 'gravedigger'));
  assert.equal(scene.node.list.localNode.state, 'alive');
  assert.equal(scene.node.list.localNode.incarnation, 2);
  assert.deepEqual(scene.node.logged('Refuting'), [
    '[WARN] memberlist: Refuting a dead message (from: gravedigger)',
  ]);
  assert.ok(alivesIn(scene.listen(300)).some(({ node, incarnation }) => node === 'n1' && incarnation === 2));
  assert.equal(scene.node.events.includes('leave n1'), false);
});

test('a forged goodbye in our name is refuted, too', () => {
  const scene = new Scene();
  scene.tell(dead('n1', 5, 'n1'));
  assert.equal(scene.node.list.localNode.state, 'alive');
  assert.equal(scene.node.list.localNode.incarnation, 6);
});

test('an accusation with the highest incarnation is not believed, as it could not be refuted', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1));
  const top = 2 ** 32 - 1;
  for (const accusation of [suspect('x', top, 'a'), dead('x', top, 'a'), dead('x', top, 'x')]) {
    scene.tell(accusation);
    assert.equal(scene.node.view('x')?.state, 'alive');
  }
  scene.tell(suspect('n1', top, 'a'));
  scene.tell(dead('n1', top, 'a'));
  assert.equal(scene.node.list.localNode.incarnation, 1);
  assert.equal(scene.node.refused, 5);
});
