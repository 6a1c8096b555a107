// Intents and memberlist's events, rule by rule. Upstream: serf.go (handleNode…).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyJoinIntent } from '../dist/core/join-intent.js';
import { applyLeaveIntent } from '../dist/core/leave-intent.js';
import type { Machine } from '../dist/core/machine.js';
import { onNodeJoin, onNodeLeave, onNodeUpdate } from '../dist/core/node-events.js';
import { decodeJoinIntent } from '../dist/core/wire/intents.js';
import { createRig, describeEvent, nodeCalled } from './support/rig.js';

test('a node that memberlist finds is an alive member with its tags, versions and address', () => {
  const { join, machine, events, lines } = createRig();
  lines();
  join(nodeCalled('web1', '10.0.0.2', { role: 'web' }));
  const member = machine.members.get('web1')?.member;
  assert.equal(member?.status, 'alive');
  assert.equal(member?.tags.get('role'), 'web');
  assert.deepEqual([member?.host, member?.port, member?.delegateMax], ['10.0.0.2', 7946, 5]);
  assert.deepEqual(events.map(describeEvent), ['member-join web1']);
  assert.deepEqual(lines(), ['[INFO] serf: EventMemberJoin: web1 10.0.0.2']);
});

test('[49] a node that goes without a leave intent has failed', () => {
  const { join, machine, events, lines } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  lines();
  onNodeLeave(machine, node);
  assert.equal(statusOf(machine, 'web1'), 'failed');
  assert.deepEqual(events.map(describeEvent), ['member-join web1', 'member-failed web1']);
  assert.deepEqual(lines(), ['[INFO] serf: EventMemberFailed: web1 10.0.0.2']);
});

test('[49] a node that goes after a leave intent has left', () => {
  const { join, machine, events, lines } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  assert.equal(applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false }), true);
  assert.equal(statusOf(machine, 'web1'), 'leaving');
  lines();
  onNodeLeave(machine, node);
  assert.equal(statusOf(machine, 'web1'), 'left');
  assert.deepEqual(events.map(describeEvent), ['member-join web1', 'member-leave web1']);
  assert.deepEqual(lines(), ['[INFO] serf: EventMemberLeave: web1 10.0.0.2']);
});

test('a node that goes twice is reported once', () => {
  const { join, machine, lines } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  onNodeLeave(machine, node);
  lines();
  onNodeLeave(machine, node);
  assert.deepEqual(lines(), ['[WARN] serf: Bad state when leave: 4']);
});

test('events about nodes that never joined are ignored', () => {
  const { machine, events } = createRig();
  onNodeLeave(machine, nodeCalled('ghost', '10.0.0.9'));
  onNodeUpdate(machine, nodeCalled('ghost', '10.0.0.9'));
  assert.equal(machine.members.get('ghost'), undefined);
  assert.deepEqual(events, []);
});

test('a failed node that comes back is alive again, and counts as flapping if that was quick', () => {
  const { world, host, join, machine } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  onNodeLeave(machine, node);
  world.run(59_000);
  onNodeJoin(machine, node);
  assert.equal(statusOf(machine, 'web1'), 'alive');
  assert.equal(machine.members.gone().length, 0);
  assert.equal(host.counters.get('serf.member.flap'), 1);
  onNodeLeave(machine, node);
  world.run(61_000);
  onNodeJoin(machine, node);
  assert.equal(host.counters.get('serf.member.flap'), 1);
});

test('an update refreshes tags and address and is told', () => {
  const { join, machine, events, lines } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  lines();
  onNodeUpdate(machine, nodeCalled('web1', '10.0.0.3', { role: 'db' }));
  const member = machine.members.get('web1')?.member;
  assert.deepEqual([member?.host, member?.tags.get('role'), member?.status], ['10.0.0.3', 'db', 'alive']);
  assert.equal(events.map(describeEvent).at(-1), 'member-update web1');
  assert.deepEqual(lines(), ['[INFO] serf: EventMemberUpdate: web1']);
});

test('an older or equal intent is neither believed nor passed on', () => {
  const { join, machine } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  assert.equal(applyJoinIntent(machine, { lTime: 5, node: 'web1' }), true);
  assert.equal(applyJoinIntent(machine, { lTime: 5, node: 'web1' }), false);
  assert.equal(applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false }), false);
  assert.equal(statusOf(machine, 'web1'), 'alive');
});

test('every intent moves the clock, also one that is refused', () => {
  const { join, machine } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  applyJoinIntent(machine, { lTime: 90, node: 'web1' });
  assert.equal(machine.clocks.member.time, 91);
});

test('a join intent newer than a leave intent makes a leaving member alive again', () => {
  const { join, machine } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false });
  applyJoinIntent(machine, { lTime: 6, node: 'web1' });
  assert.equal(statusOf(machine, 'web1'), 'alive');
});

test('a repeated leave intent for a member that has left is passed on once', () => {
  const { join, machine } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false });
  onNodeLeave(machine, node);
  assert.equal(applyLeaveIntent(machine, { lTime: 6, node: 'web1', prune: false }), true);
  assert.equal(applyLeaveIntent(machine, { lTime: 6, node: 'web1', prune: false }), false);
});

test('a leave intent about a failed member makes it left, with an event', () => {
  const { join, machine, events, lines } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  onNodeLeave(machine, node);
  lines();
  assert.equal(applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false }), true);
  assert.equal(statusOf(machine, 'web1'), 'left');
  assert.equal(events.map(describeEvent).at(-1), 'member-leave web1');
  assert.deepEqual(lines(), ['[INFO] serf: EventMemberLeave (forced): web1 10.0.0.2']);
});

test('[50] a leave intent about ourselves is refuted by a later join intent and not passed on', () => {
  const { machine, lines } = createRig();
  lines();
  assert.equal(applyLeaveIntent(machine, { lTime: 9, node: 'me', prune: false }), false);
  assert.equal(statusOf(machine, 'me'), 'alive');
  const [message] = machine.queues.intents.take(0, 1_000);
  assert.deepEqual(decodeJoinIntent(message ?? new Uint8Array()), { lTime: 10, node: 'me' });
  assert.deepEqual(lines(), ['[DEBUG] serf: Refuting an older leave intent']);
});

test('an intent about an unknown node is passed on when new and counts when the node appears', () => {
  const { join, machine } = createRig();
  assert.equal(applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false }), true);
  assert.equal(applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false }), false);
  assert.equal(applyJoinIntent(machine, { lTime: 4, node: 'web1' }), false);
  assert.equal(applyJoinIntent(machine, { lTime: 3, node: 'web2' }), true);
  join(nodeCalled('web1', '10.0.0.2'));
  join(nodeCalled('web2', '10.0.0.3'));
  assert.equal(statusOf(machine, 'web1'), 'leaving');
  assert.equal(machine.members.get('web1')?.statusLTime, 5);
  assert.equal(statusOf(machine, 'web2'), 'alive');
  assert.equal(machine.members.get('web2')?.statusLTime, 3);
});

test('intents about unknown nodes are bounded: the oldest are forgotten first', () => {
  const { machine } = createRig();
  const { recentIntentsMax } = machine.config.limits;
  const names = Array.from({ length: recentIntentsMax + 10 }, (_, i) => `ghost${i}`);
  for (const node of names) applyJoinIntent(machine, { lTime: 2, node });
  const kept = names.filter((name) => machine.recentIntents.get(name));
  assert.equal(machine.recentIntents.size, kept.length);
  assert.ok(kept.length <= recentIntentsMax && kept.length > recentIntentsMax / 2, `${kept.length}`);
  assert.deepEqual(kept, names.slice(-kept.length));
  assert.equal(applyJoinIntent(machine, { lTime: 2, node: 'x'.repeat(5_000) }), false);
});

test('in a full table the member gone longest gives way, and with nobody gone a newcomer is ignored', () => {
  const defaults = createRig().machine.config.limits;
  const { join, machine, host, events } = createRig({ limits: { ...defaults, membersMax: 3 } });
  const failed = nodeCalled('web1', '10.0.0.2');
  join(failed);
  join(nodeCalled('web2', '10.0.0.3'));
  onNodeLeave(machine, failed);
  join(nodeCalled('web3', '10.0.0.4'));
  assert.deepEqual(events.map(describeEvent).slice(-2), ['member-reap web1', 'member-join web3']);
  join(nodeCalled('web4', '10.0.0.5'));
  assert.equal(machine.members.size, 3);
  assert.equal(machine.members.get('web4'), undefined);
  assert.equal(host.counters.get('serf.member.refused'), 1);
});

test('a member that was handed out does not change afterwards', () => {
  const { join, machine, events } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  onNodeLeave(machine, node);
  const [joined] = events;
  assert.equal(joined?.kind === 'member-join' && joined.members[0]?.status, 'alive');
});

function statusOf(machine: Machine, name: string): string | undefined {
  return machine.members.get(name)?.member.status;
}
