// What a stream brings, read step by step.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { StreamInput } from '../../dist/core/stream-input.js';
import { encodePushPull } from '../../dist/core/wire/stream-message.js';
import { aloneMachine } from '../kit/machine.ts';
import { ping, pushPullNode } from '../kit/messages.ts';

const longList = encodePushPull({
  join: false,
  nodes: Array.from({ length: 2_000 }, (_, index) => pushPullNode(`n-${index}`)),
  userState: new Uint8Array(0),
});

function open() {
  const world = new VirtualWorld({ seed: 1 });
  const { runtime } = world.host('10.0.0.1');
  const told: string[] = [];
  const input = new StreamInput(aloneMachine(runtime), 'acceptor', {
    onMessage: ({ type }) => told.push(type),
    onNonsense: ({ code }) => told.push(code),
  });
  return { world, timers: runtime.timers, told, input };
}

test('nothing is read in the turn in which it arrives', () => {
  const { world, told, input } = open();
  input.push(ping('n1'));
  assert.deepEqual(told, []);
  world.run(1);
  assert.deepEqual(told, ['ping']);
});

test('a long list takes many turns', () => {
  const { world, timers, told, input } = open();
  let turns = 0;
  const count = (): void => {
    if (told.length > 0) return;
    turns += 1;
    timers.after(0, count);
  };
  input.push(longList);
  count();
  world.run(1);
  assert.deepEqual(told, ['pushPull']);
  assert.ok(turns >= 2_000 / 256, `${turns}`);
});

test('an end that comes with the last bytes is told when they are read', () => {
  const { world, told, input } = open();
  input.push(longList);
  for (const end of ['end', 'closed']) input.whenRead(() => told.push(end));
  world.run(1);
  assert.deepEqual(told, ['pushPull', 'end', 'closed']);
  input.whenRead(() => told.push('and now at once'));
  assert.equal(told.length, 4);
});

test('half a message is no message, and its end is told', () => {
  const { world, told, input } = open();
  input.push(longList.subarray(0, longList.length / 2));
  input.whenRead(() => told.push('end'));
  world.run(1);
  assert.deepEqual(told, ['end']);
});

test('nonsense is told once, and nothing is read behind it', () => {
  const { world, told, input } = open();
  for (let chunk = 0; chunk < 2; chunk++) {
    input.push(Uint8Array.of(6, 0xc3));
    world.run(1);
  }
  input.push(ping('n1'));
  world.run(1);
  assert.deepEqual(told, ['malformed']);
});

test('nothing is told any more once reading was stopped', () => {
  const { world, told, input } = open();
  input.push(longList);
  input.whenRead(() => told.push('end'));
  input.stop();
  input.push(ping('n1'));
  world.run(1);
  assert.deepEqual(told, []);
});
