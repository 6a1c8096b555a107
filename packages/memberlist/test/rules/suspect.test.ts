// A node is suspected: by us, or by others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile } from '@reeve/memberlist';
import { alive, alivesIn, dead, suspect, suspectsIn } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';

test('a suspicion is applied and passed on', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(alive('x', 3));
  scene.tell(suspect('x', 4, 'a'));
  assert.equal(scene.node.view('x')?.state, 'suspect');
  assert.equal(scene.node.view('x')?.incarnation, 4);
  assert.deepEqual(scene.node.events.slice(1), ['join s', 'join x'], 'a suspect is still a member');
  const passedOn = suspectsIn(scene.listen(300));
  assert.deepEqual(passedOn[0], { node: 'x', incarnation: 4, from: 'a' });
});

test('a suspicion of the known incarnation counts, of an older one not', () => {
  const scene = new Scene();
  scene.tell(alive('x', 3));
  scene.tell(suspect('x', 2, 'a'));
  assert.equal(scene.node.view('x')?.state, 'alive');
  scene.tell(suspect('x', 3, 'a'));
  assert.equal(scene.node.view('x')?.state, 'suspect');
});

test('nobody suspects who is unknown, dead or has left', () => {
  const scene = new Scene();
  scene.tell(suspect('nobody', 1, 'a'));
  assert.equal(scene.node.view('nobody'), undefined);
  scene.tell(alive('x', 1));
  scene.tell(alive('y', 1));
  scene.tell(dead('x', 1, 'a'));
  scene.tell(dead('y', 1, 'y'));
  scene.tell(suspect('x', 9, 'a'));
  scene.tell(suspect('y', 9, 'a'));
  assert.equal(scene.node.view('x')?.state, 'dead');
  assert.equal(scene.node.view('y')?.state, 'left');
  assert.equal(scene.node.refused, 0);
});

test('a suspect that is alive at a higher incarnation is no longer suspected', () => {
  const scene = new Scene();
  scene.tell(alive('x', 1));
  scene.tell(suspect('x', 1, 'a'));
  scene.tell(alive('x', 1));
  assert.equal(scene.node.view('x')?.state, 'suspect');
  scene.tell(alive('x', 2));
  assert.equal(scene.node.view('x')?.state, 'alive');
  assert.deepEqual(scene.node.events.slice(1), ['join x'], 'it never went');
});

test('who has refuted does not die when the time of the suspicion is up', () => {
  const scene = new Scene();
  scene.stranger.answersPings = true;
  scene.tell(alive('x', 1));
  scene.tell(suspect('x', 1, 'a'));
  scene.tell(alive('x', 2));
  scene.world.run(30_000);
  assert.equal(scene.node.view('x')?.state, 'alive');
  assert.deepEqual(scene.node.logged('Marking x'), []);
});

test('[38] a suspicion of incarnation 7 about us is answered by an alive message of 8', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.tell(suspect('n1', 7, 'accuser'));
  assert.equal(scene.node.list.localNode.incarnation, 8);
  assert.equal(scene.node.list.localNode.state, 'alive');
  assert.equal(scene.node.list.healthScore, 1);
  assert.deepEqual(scene.node.logged('Refuting'), [
    '[WARN] memberlist: Refuting a suspect message (from: accuser)',
  ]);
  const refutation = alivesIn(scene.listen(300)).find(
    (message) => message.node === 'n1' && message.incarnation === 8,
  );
  assert.deepEqual(refutation?.address, addressBytes('10.0.0.1'));
});

test('[38] a suspicion older than what we said last is not worth an answer', () => {
  const scene = new Scene();
  scene.tell(suspect('n1', 7, 'a'));
  scene.tell(suspect('n1', 7, 'a'));
  assert.equal(scene.node.list.localNode.incarnation, 8);
  scene.tell(suspect('n1', 8, 'a'));
  assert.equal(scene.node.list.localNode.incarnation, 9);
});

test('accusers are passed on as long as they bring the end nearer, each once', () => {
  const scene = new Scene({ config: { probeIntervalMs: 10_000 } });
  for (const name of ['s', 'y', 'z']) scene.introduce(name);
  scene.tell(alive('x', 1, { address: addressBytes('10.8.8.8') }));
  scene.listen(2_000);
  const heardAfter = (from: string): string[] => {
    scene.tell(suspect('x', 1, from));
    const heard = suspectsIn(scene.listen(3_000)).filter(({ node }) => node === 'x');
    return [...new Set(heard.map((accusation) => accusation.from))];
  };
  assert.deepEqual(heardAfter('a'), ['a']);
  assert.deepEqual(heardAfter('a'), []);
  assert.deepEqual(heardAfter('b'), ['b']);
  assert.deepEqual(heardAfter('b'), []);
  assert.deepEqual(heardAfter('c'), ['c']);
  assert.deepEqual(heardAfter('d'), []);
});

test('a suspicion that nobody refutes ends in death, with the peers that confirmed it', () => {
  const scene = new Scene({ config: { probeIntervalMs: 1_000, indirectChecks: 0 } });
  for (const name of ['w', 'x', 'y', 'z']) scene.tell(alive(name, 1));
  scene.tell(suspect('x', 1, 'a'));
  scene.tell(suspect('x', 1, 'b'));
  scene.tell(suspect('x', 1, 'c'));
  scene.world.run(3_900);
  assert.equal(scene.node.view('x')?.state, 'suspect');
  scene.world.run(100);
  assert.equal(scene.node.view('x')?.state, 'dead');
  assert.deepEqual(scene.node.logged('Marking x'), [
    '[INFO] memberlist: Marking x as failed, suspect timeout reached (2 peer confirmations)',
  ]);
  assert.equal(scene.node.events.at(-1), 'leave x');
});

test('in a cluster of a hundred a suspect has twice the time of one in a cluster of ten', () => {
  // None of them says anything, which would make the node doubt itself.
  const lifeguard = { ...lanProfile('').lifeguard, silence: false };
  const scene = new Scene({ config: { lifeguard } });
  for (let index = 2; index <= 100; index++) scene.tell(alive(`n${index}`, 1));
  for (const accuser of ['n3', 'n4', 'n5']) scene.tell(suspect('n2', 1, accuser));
  scene.world.run(7_900);
  assert.equal(scene.node.view('n2')?.state, 'suspect');
  scene.world.run(100);
  assert.equal(scene.node.view('n2')?.state, 'dead');
});
