// Which incarnations are believed, from whom, and who is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushPullNode } from '../../dist/core/wire/messages.js';
import { encodePushPull } from '../../dist/core/wire/stream-message.js';
import { alive, dead, pushPullNode, suspect } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';

const half = 2 ** 31;

test('hearsay brings nobody beyond half of all incarnations but by small steps', () => {
  const scene = new Scene();
  const incarnation = () => scene.node.view('x')?.incarnation;
  scene.tell(alive('x', half + 17));
  assert.equal(incarnation(), undefined, 'an unknown one neither');
  scene.tell(alive('x', 1));
  for (const claim of [2 ** 32 - 1, 2 ** 32 - 2, half + 1]) scene.tell(alive('x', claim));
  assert.equal(incarnation(), 1);
  for (const step of [0, 16, 32]) scene.tell(alive('x', half + step));
  assert.equal(incarnation(), half + 32);
  scene.tell(alive('x', half + 49));
  assert.equal(incarnation(), half + 32);
});

test('accusations have the same reach, also those of ourselves', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1));
  for (const accusation of [suspect('x', half + 1, 'a'), dead('x', 2 ** 32 - 2, 'a')]) scene.tell(accusation);
  assert.equal(scene.node.view('x')?.state, 'alive');
  for (const claim of [2 ** 32 - 2, half]) scene.tell(suspect('n1', claim, 'a'));
  assert.equal(scene.node.list.localNode.incarnation, half + 1);
  scene.tell(dead('n1', half + 17, 'a'));
  assert.equal(scene.node.list.localNode.incarnation, half + 18);
});

/** A scene whose stranger is a member, and answers whoever asks it with this list. */
function sceneOfAsked(...nodes: PushPullNode[]): Scene {
  const scene = new Scene();
  const { host } = scene.stranger.address;
  const list = encodePushPull({ join: false, nodes, userState: new Uint8Array(0) });
  scene.stranger.host.runtime.network.listen(
    { host, port: 7946 },
    (stream) => ({ onData: () => stream.write(list), onEnd: () => {}, onClosed: () => {} }),
    () => {},
  );
  scene.stranger.answersPings = true;
  scene.introduce('friend', { address: addressBytes('10.9.9.9') });
  return scene;
}

test('what is beyond is believed of whom we ask, and we ask as soon as we hear of it', () => {
  const top = 2 ** 32 - 1;
  const scene = sceneOfAsked(pushPullNode('x', { incarnation: top - 1 }));
  scene.tell(alive('x', 1));
  scene.tell(alive('x', top - 1));
  assert.equal(scene.node.view('x')?.incarnation, 1);
  scene.world.run(1_000);
  assert.equal(scene.node.view('x')?.incarnation, top - 1);
  scene.tell(suspect('x', top, 'friend'));
  assert.equal(scene.node.view('x')?.state, 'alive', 'nothing is left to refute that with');
  scene.tell(alive('x', top));
  assert.equal(scene.node.view('x')?.incarnation, top);
});

test('whom members believe to be beyond, as those we ask say, refutes there', () => {
  const top = 2 ** 32 - 1;
  const scene = sceneOfAsked(pushPullNode('n1', { incarnation: top - 1, state: 1 }));
  scene.tell(suspect('n1', top - 1, 'friend'));
  assert.equal(scene.node.list.localNode.incarnation, 1);
  scene.world.run(1_000);
  assert.equal(scene.node.list.localNode.incarnation, top);
  assert.equal(scene.node.leave(), undefined);
  assert.equal(scene.node.list.localNode.state, 'left');
});

test('however often it is in doubt, a node asks once a second', () => {
  const scene = sceneOfAsked();
  for (let lie = 0; lie < 400; lie++) scene.tell(alive('x', 2 ** 32 - 2));
  assert.ok([2, 3].includes(scene.node.logged('Initiating push/pull sync with: friend').length));
});

test('a node at the highest incarnation that does not answer dies all the same', () => {
  const top = 2 ** 32 - 1;
  const address = addressBytes('10.8.8.8');
  const scene = sceneOfAsked(pushPullNode('x', { incarnation: top - 1, address }));
  scene.node.join('10.9.9.9');
  scene.tell(alive('x', top, { address }));
  assert.equal(scene.node.view('x')?.incarnation, top);
  assert.ok(scene.world.runUntil(() => scene.node.view('x')?.state === 'dead', 20_000));
});
