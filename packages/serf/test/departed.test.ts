// Members that are gone: reaping, reconnecting, force-leave, prune.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forceLeave } from '../dist/core/force-leave.js';
import { applyJoinIntent } from '../dist/core/join-intent.js';
import { applyLeaveIntent } from '../dist/core/leave-intent.js';
import { onNodeLeave } from '../dist/core/node-events.js';
import { mergeRemoteState } from '../dist/core/push-pull-state.js';
import { reapMembers } from '../dist/core/reap.js';
import { reconnectSome } from '../dist/core/reconnect.js';
import { decodeLeaveIntent } from '../dist/core/wire/intents.js';
import { createRig, describeEvent, finish, nodeCalled } from './support/rig.js';

test('[67] failed members are forgotten after one timeout, left ones after another', () => {
  const { world, machine, events, lines } = rigWith({ failed: ['f'], left: ['l'] });
  world.run(9_000);
  reapMembers(machine);
  assert.equal(machine.members.size, 3);
  world.run(2_000);
  lines();
  reapMembers(machine);
  assert.deepEqual(events.map(describeEvent).at(-1), 'member-reap f');
  assert.deepEqual(lines(), ['[INFO] serf: EventMemberReap: f']);
  world.run(10_000);
  reapMembers(machine);
  assert.deepEqual(events.map(describeEvent).at(-1), 'member-reap l');
  assert.equal(machine.members.size, 1);
});

test('how long a member is kept can be set for single members', () => {
  const { world, machine } = rigWith({ failed: ['f', 'g'] }, (name) => (name === 'f' ? 1_000 : undefined));
  world.run(2_000);
  reapMembers(machine);
  assert.deepEqual(
    [...machine.members.all()].map(({ member }) => member.name),
    ['me', 'g'],
  );
});

test('old intents about unknown nodes are forgotten', () => {
  const { world, machine } = createRig();
  applyJoinIntent(machine, { lTime: 2, node: 'ghost' });
  world.run(4 * 60_000);
  applyJoinIntent(machine, { lTime: 2, node: 'spirit' });
  world.run(90_000);
  reapMembers(machine);
  assert.equal(machine.recentIntents.get('ghost'), undefined);
  assert.ok(machine.recentIntents.get('spirit'));
});

test('[67] reconnecting tries one failed member by name and address', () => {
  const { machine, gossip, lines } = rigWith({ failed: ['f'] });
  lines();
  reconnectSome(machine);
  assert.deepEqual(
    gossip.joins.map(({ addresses }) => addresses),
    [['f/10.0.1.0:7946']],
  );
  assert.deepEqual(lines(), ['[INFO] serf: attempting reconnect to f 10.0.1.0:7946']);
});

test('[67] a large cluster leaves most reconnecting to chance', () => {
  const { machine, gossip, join, lines } = rigWith({ failed: ['f'] });
  for (let i = 0; i < 99; i++) join(nodeCalled(`web${i}`, `10.0.2.${i}`));
  lines();
  for (let round = 0; round < 1_000; round++) reconnectSome(machine);
  assert.ok(
    gossip.joins.length > 12 && gossip.joins.length < 55,
    `${gossip.joins.length} of 1000, 30 expected`,
  );
  assert.ok(lines().includes('[DEBUG] serf: forgoing reconnect for random throttling'));
});

test('who sees few alive tries several failed members, each once and 16 at most', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `f${index}`);
  const { machine, gossip } = rigWith({ failed: names(5) });
  reconnectSome(machine);
  const tried = gossip.joins.flatMap(({ addresses }) => addresses.map((address) => address.split('/')[0]));
  assert.deepEqual(tried.sort(), names(5));
  const many = rigWith({ failed: names(40) });
  reconnectSome(many.machine);
  assert.equal(new Set(many.gossip.joins.flatMap(({ addresses }) => addresses)).size, 16);
});

test('with nobody failed nobody is tried, left members never', () => {
  const { machine, gossip } = rigWith({ left: ['l'] });
  reconnectSome(machine);
  assert.deepEqual(gossip.joins, []);
});

test('[67] force-leave makes a failed member left and tells the others', () => {
  const { machine, world, join, events } = rigWith({ failed: ['f'] });
  join(nodeCalled('other', '10.0.0.7'));
  const outcomes: (Error | undefined)[] = [];
  forceLeave(machine, 'f', false, (error) => outcomes.push(error));
  assert.equal(events.map(describeEvent).at(-1), 'member-leave f');
  const [message] = machine.queues.intents.take(0, 1_400);
  assert.deepEqual(decodeLeaveIntent(message ?? new Uint8Array()), { lTime: 1, node: 'f', prune: false });
  assert.deepEqual(outcomes, []);
  while (machine.queues.intents.take(0, 1_400).length > 0);
  world.run(1);
  assert.deepEqual(outcomes, [undefined], 'done when the message went out as often as it will');
});

test('[67] force-leave that nobody takes up fails after the broadcast timeout', () => {
  const { machine, world, join } = rigWith({ failed: ['f'] });
  join(nodeCalled('other', '10.0.0.7'));
  const outcomes: (string | undefined)[] = [];
  forceLeave(machine, 'f', false, (error) => outcomes.push(error?.message));
  world.run(4_999);
  assert.deepEqual(outcomes, []);
  world.run(2);
  assert.deepEqual(outcomes, ['timed out broadcasting node removal']);
});

test('[67] force-leave of an unknown name succeeds, and alone there is nobody to wait for', () => {
  const { machine } = createRig();
  let isDone = false;
  forceLeave(machine, 'nobody', false, (error) => {
    assert.equal(error, undefined);
    isDone = true;
  });
  assert.equal(isDone, true);
});

test('[67] prune forgets a failed member at once, with a leave and a reap', () => {
  const { machine, events, lines } = rigWith({ failed: ['f'] });
  lines();
  forceLeave(machine, 'f', true, () => {});
  assert.deepEqual(events.map(describeEvent).slice(-2), ['member-leave f', 'member-reap f']);
  assert.deepEqual(lines(), [
    '[INFO] serf: EventMemberLeave (forced): f 10.0.1.0',
    '[INFO] serf: EventMemberReap (forced): f 10.0.1.0',
  ]);
  assert.equal(machine.members.get('f'), undefined);
});

test('prune of a leaving member waits until it had time to leave, and nothing else waits', () => {
  const { machine, world, events, join } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: true });
  world.run(5_000);
  assert.ok(machine.members.get('web1'));
  onNodeLeave(machine, node);
  world.run(1_001);
  assert.equal(machine.members.get('web1'), undefined);
  assert.deepEqual(events.map(describeEvent), ['member-join web1', 'member-leave web1', 'member-reap web1']);
});

test('a member that was said to leave and is still here after the longest leave is alive again', () => {
  const { machine, world, events, join, lines } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  const remote = { statusLTimes: new Map([['web1', 4]]), leftMembers: ['web1'], events: [] };
  finish(mergeRemoteState(machine, { ...remote, lTime: 0, eventLTime: 0, queryLTime: 0 }, false));
  world.run(10_999);
  assert.equal(machine.members.get('web1')?.member.status, 'leaving');
  lines();
  world.run(1);
  assert.equal(machine.members.get('web1')?.member.status, 'alive');
  assert.deepEqual(lines(), ['[WARN] serf: web1 was said to leave but is still here: alive again']);
  assert.deepEqual(events.map(describeEvent), ['member-join web1']);
});

test('so is one that was said to leave before it was known', () => {
  const { machine, world, join } = createRig();
  applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false });
  join(nodeCalled('web1', '10.0.0.2'));
  assert.equal(machine.members.get('web1')?.member.status, 'leaving');
  world.run(11_000);
  assert.equal(machine.members.get('web1')?.member.status, 'alive');
});

test('a lie about a leave does not shorten the time for a later true one', () => {
  const { machine, world, join } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: false });
  applyJoinIntent(machine, { lTime: 6, node: 'web1' });
  world.run(10_900);
  applyLeaveIntent(machine, { lTime: 7, node: 'web1', prune: false });
  world.run(10_900);
  onNodeLeave(machine, node);
  assert.equal(machine.members.get('web1')?.member.status, 'left');
});

test('a member that refutes its leave is not pruned', () => {
  const { machine, world, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: true });
  applyJoinIntent(machine, { lTime: 6, node: 'web1' });
  world.run(10_000);
  assert.equal(machine.members.get('web1')?.member.status, 'alive');
});

test('a member that is to be pruned when it leaves, and does not leave, is not forgotten', () => {
  const { machine, world, events, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: true });
  world.run(60_000);
  assert.equal(machine.members.get('web1')?.member.status, 'alive');
  assert.deepEqual(events.map(describeEvent), ['member-join web1']);
});

test('a member that takes longer to leave is pruned when it has gone', () => {
  const { machine, world, join } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  applyLeaveIntent(machine, { lTime: 5, node: 'web1', prune: true });
  world.run(10_000);
  onNodeLeave(machine, node);
  assert.equal(machine.members.get('web1')?.member.status, 'left');
  world.run(2_000);
  assert.equal(machine.members.get('web1'), undefined);
});

test('nobody can make a node forget itself', () => {
  const { machine, world } = createRig();
  machine.state = 'leaving';
  applyLeaveIntent(machine, { lTime: 5, node: 'me', prune: true });
  world.run(10_000);
  assert.equal(machine.members.get('me')?.member.status, 'leaving');
});

function rigWith(
  gone: { readonly failed?: readonly string[]; readonly left?: readonly string[] },
  timeoutFor: (name: string) => number | undefined = () => undefined,
) {
  const rig = createRig({
    reconnectTimeoutMs: 10_000,
    tombstoneTimeoutMs: 20_000,
    reapTimeoutFor: ({ name }, timeoutMs) => timeoutFor(name) ?? timeoutMs,
  });
  const { failed = [], left = [] } = gone;
  for (const [index, name] of [...failed, ...left].entries()) {
    const node = nodeCalled(name, `10.0.1.${index}`);
    rig.join(node);
    if (left.includes(name)) {
      const lTime = (rig.machine.members.get(name)?.statusLTime ?? 0) + 1;
      applyLeaveIntent(rig.machine, { lTime, node: name, prune: false });
    }
    onNodeLeave(rig.machine, node);
  }
  return rig;
}
