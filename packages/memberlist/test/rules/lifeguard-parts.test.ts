// Lifeguard's parts turned off, as experiments do that compare it with plain SWIM.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile, type MemberlistConfig } from '@reeve/memberlist';
import { alive, bodiesOf, pingsIn, suspect, suspectsIn } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';

function without(part: keyof MemberlistConfig['lifeguard']): Partial<MemberlistConfig> {
  return { suspicionMult: 60, lifeguard: { ...lanProfile('').lifeguard, [part]: false } };
}

test('without nacks none is asked for', () => {
  const scene = new Scene({ config: without('nacks') });
  scene.stranger.answersPings = true;
  scene.introduce('helper');
  scene.tell(alive('victim', 1, { address: addressBytes('10.8.8.8') }));
  scene.world.run(5_000);
  const requests = bodiesOf('indirectPing', scene.stranger.packets);
  assert.ok(requests.length > 0);
  const askingForNacks = Buffer.from([0xa4, 0x4e, 0x61, 0x63, 0x6b, 0xc3]);
  for (const body of requests) assert.ok(!Buffer.from(body).includes(askingForNacks));
});

test('without the buddy system a suspect is not told so with its next ping', () => {
  const scene = new Scene({ config: without('buddySystem') });
  scene.introduce('s');
  scene.stranger.hearOut(scene.node);
  const pings = scene.listen(10_000).filter((packet) => pingsIn([packet]).length > 0);
  assert.equal(scene.node.view('s')?.state, 'suspect');
  assert.ok(pings.length > 2);
  assert.deepEqual(suspectsIn(pings.slice(-1)), []);
});

test('without confirmations what others suspect, too, is not passed on', () => {
  const passedOn = (config: Partial<MemberlistConfig>) => {
    const scene = new Scene({ config: { ...config, suspicionMult: 4 } });
    scene.stranger.answersPings = true;
    for (const name of ['s', 't', 'u', 'v']) scene.introduce(name);
    scene.tell(suspect('s', 1, 't'));
    scene.listen(1_000);
    scene.tell(suspect('s', 1, 'u'));
    return suspectsIn(scene.listen(1_000)).some(({ from }) => from === 'u');
  };
  assert.deepEqual([passedOn({}), passedOn(without('confirmations'))], [true, false]);
});

test('what others suspect, too, is passed on half as often as the first suspicion', () => {
  const passedOn = (config: Partial<MemberlistConfig>) => {
    const scene = new Scene({ config: { ...config, suspicionMult: 4 } });
    scene.stranger.answersPings = true;
    for (const name of ['s', 't', 'u', 'v']) scene.introduce(name);
    scene.listen(3_000);
    const countOf = (from: string) => {
      scene.tell(suspect('s', 1, from));
      return suspectsIn(scene.listen(3_000)).filter((accusation) => accusation.from === from).length;
    };
    return [countOf('t'), countOf('u')];
  };
  assert.deepEqual(
    [passedOn({}), passedOn(without('briefConfirmations'))],
    [
      [4, 2],
      [4, 4],
    ],
  );
});

test('among ten or more, what others suspect, too, waits for pings and answers to ride on', () => {
  const carriers = (config: Partial<MemberlistConfig>) => {
    const scene = new Scene({ config: { ...config, suspicionMult: 4 } });
    scene.stranger.answersPings = true;
    for (let number = 2; number <= 12; number++) scene.introduce(`n${number}`);
    scene.listen(3_000);
    scene.tell(suspect('n2', 1, 'n3'));
    scene.listen(3_000);
    scene.tell(suspect('n2', 1, 'n4'));
    const packets = scene
      .listen(5_000)
      .filter((packet) => suspectsIn([packet]).some(({ from }) => from === 'n4'));
    return packets.map((packet) => (pingsIn([packet]).length > 0 ? 'ping' : 'gossip'));
  };
  assert.deepEqual(carriers({}), ['ping', 'ping', 'ping', 'ping']);
  assert.equal(carriers(without('briefConfirmations')).filter((carrier) => carrier === 'gossip').length, 8);
});
