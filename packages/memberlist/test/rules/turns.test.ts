// Work that is done a step a turn, and the merging of node lists, which is such work.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepwise, Underway } from '@reeve/memberlist';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { applyAlive } from '../../dist/core/alive.js';
import { mergePushPull } from '../../dist/core/merge.js';
import { Turns } from '../../dist/core/turns.js';
import { aloneMachine } from '../kit/machine.ts';
import { aliveValue, pushPullNode } from '../kit/messages.ts';

const few = Array.from({ length: 128 }, (_, index) => index);
const many = Array.from({ length: 1_000 }, (_, index) => index);

function createTurns() {
  const world = new VirtualWorld({ seed: 1 });
  const underway = new Underway();
  const { timers } = world.host('10.0.0.1').runtime;
  return { world, underway, timers, turns: new Turns(timers, underway) };
}

test('a few things are done at once', () => {
  const { turns } = createTurns();
  const done: number[] = [];
  turns.take(stepwise(few, (item) => done.push(item)));
  assert.deepEqual(done, few);
});

test('of many things some are done a turn, in their order, and others get their turn between', () => {
  const { world, timers, turns } = createTurns();
  const done: (number | string)[] = [];
  turns.take(
    stepwise(many, (item) => {
      if (item % 100 === 0) timers.after(0, () => done.push('something else'));
      done.push(item);
    }),
  );
  assert.equal(done.length, few.length);
  world.run(1);
  const others = done.flatMap((what, at) => (typeof what === 'string' ? at : []));
  assert.deepEqual(
    done.filter((what) => typeof what === 'number'),
    many,
  );
  assert.ok(others.filter((at) => at < 900).length >= 7, `${others}`);
});

test('one piece of work follows the other', () => {
  const { world, turns } = createTurns();
  const done: string[] = [];
  for (const name of ['a', 'b']) turns.take(stepwise(many, (item) => done.push(`${name}${item}`)));
  world.run(1);
  assert.deepEqual(
    done,
    ['a', 'b'].flatMap((name) => many.map((item) => `${name}${item}`)),
  );
});

test('what is not done when the node stops is not done at all', () => {
  const { world, underway, turns } = createTurns();
  const done: number[] = [];
  for (let list = 0; list < 2; list++) turns.take(stepwise(many, (item) => done.push(item)));
  underway.endAll();
  world.run(1);
  assert.deepEqual(done, few);
});

test('work that throws ends, and what comes after it is done', () => {
  const { world, turns } = createTurns();
  const fail = () => {
    throw new Error('broken');
  };
  assert.throws(() => turns.take(stepwise(few, fail)), /broken/);
  const done: number[] = [];
  turns.take(stepwise(few, (item) => done.push(item)));
  world.run(1);
  assert.deepEqual(done, few);
});

test('news that arrives while a long list is merged is not undone by what the list says', () => {
  const { runtime } = new VirtualWorld({ seed: 1 }).host('10.0.0.1');
  const nothing = new Uint8Array(0);
  const machine = aloneMachine(runtime);
  applyAlive(machine, { ...aliveValue('last', 2), meta: Uint8Array.of(2) });
  const older = [
    pushPullNode('last', { incarnation: 3, state: 1 }),
    pushPullNode('last', { incarnation: 3, state: 3 }),
    pushPullNode('last', { incarnation: 4, meta: Uint8Array.of(4) }),
  ];
  const nodes = [...many.map((index) => pushPullNode(`n-${index}`)), ...older];
  const merging = mergePushPull(machine, { join: false, nodes, userState: nothing }, false, false);
  assert.equal(merging.next().done, false);
  applyAlive(machine, { ...aliveValue('last', 5), meta: Uint8Array.of(5) });
  for (let step = merging.next(); !step.done; step = merging.next());
  const { state, incarnation, meta } = machine.table.get('last') ?? {};
  assert.deepEqual([machine.table.size, state, incarnation, meta], [1_001, 'alive', 5, Uint8Array.of(5)]);
});
