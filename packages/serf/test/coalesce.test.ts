// Holding events back and telling them together. Upstream: coalesce*.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onNodeJoin, onNodeLeave, onNodeUpdate } from '../dist/core/node-events.js';
import { sendUserEvent } from '../dist/core/user-event.js';
import { bytesOf, textOf } from './support/bytes.js';
import { createRig, describeEvent, nodeCalled } from './support/rig.js';

test('[69] five members joining within a second are told as one event', () => {
  const { world, join, events } = createRig(coalescing);
  for (let i = 1; i <= 5; i++) {
    join(nodeCalled(`web${i}`, `10.0.0.${i + 1}`));
    world.run(200);
  }
  assert.deepEqual(events, []);
  world.run(1_000);
  assert.deepEqual(events.map(describeEvent), ['member-join me,web1,web2,web3,web4,web5']);
});

test('events that never cease are told after the period', () => {
  const { world, machine, join, events } = createRig(coalescing);
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  for (let i = 0; i < 40; i++) {
    world.run(100);
    onNodeUpdate(machine, node);
  }
  assert.deepEqual(events.map(describeEvent), ['member-join me', 'member-update web1']);
});

test('of several events about a member the latest counts, and what was told last is not told again', () => {
  const { world, machine, join, events } = createRig(coalescing);
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  world.run(1_001);
  onNodeLeave(machine, node);
  onNodeJoin(machine, node);
  world.run(1_001);
  onNodeLeave(machine, node);
  world.run(1_001);
  assert.deepEqual(events.map(describeEvent), ['member-join me,web1', 'member-failed web1']);
});

test('an update is told every time it happens, but never again when others come and go', () => {
  const { world, machine, join, events } = createRig(coalescing);
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  world.run(1_001);
  for (let i = 0; i < 2; i++) {
    onNodeUpdate(machine, node);
    world.run(1_001);
  }
  join(nodeCalled('web2', '10.0.0.3'));
  world.run(1_001);
  assert.deepEqual(events.map(describeEvent).slice(1), [
    'member-update web1',
    'member-update web1',
    'member-join web2',
  ]);
});

test('[69] of coalescable user events with one name only the last is told', () => {
  const { world, machine, events } = createRig(coalescing);
  for (const payload of ['1', '2', '3']) sendUserEvent(machine, 'deploy', bytesOf(payload), true);
  sendUserEvent(machine, 'restart', bytesOf('now'), true);
  world.run(1_001);
  assert.deepEqual(
    events.flatMap((event) => (event.kind === 'user' ? [`${event.name} ${textOf(event.payload)}`] : [])),
    ['deploy 3', 'restart now'],
  );
});

test('a user event that must not be coalesced is told at once, before older ones that are held back', () => {
  const { world, machine, events } = createRig(coalescing);
  sendUserEvent(machine, 'deploy', bytesOf('1'), true);
  sendUserEvent(machine, 'deploy', bytesOf('2'), false);
  assert.deepEqual(
    events.map((event) => event.kind === 'user' && textOf(event.payload)),
    ['2'],
  );
  world.run(1_001);
  assert.equal(events.filter(({ kind }) => kind === 'user').length, 2);
});

test('with too many members held back the window closes early', () => {
  const { join, machine, events } = createRig(coalescing);
  const { coalescedMax } = machine.config.limits;
  for (let i = 0; i < coalescedMax; i++) join(nodeCalled(`web${i}`, '10.0.0.2'));
  assert.equal(events.length, 1);
});

test('without coalescing everything is told at once', () => {
  const { join, events } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  assert.deepEqual(events.map(describeEvent), ['member-join web1']);
});

const coalescing = {
  coalescePeriodMs: 3_000,
  quiescentPeriodMs: 1_000,
  userCoalescePeriodMs: 3_000,
  userQuiescentPeriodMs: 1_000,
};
