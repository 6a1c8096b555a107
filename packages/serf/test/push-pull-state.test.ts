// What a push/pull carries, and what becomes of it. Upstream: delegate.go (LocalState, MergeRemoteState).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyLeaveIntent } from '../dist/core/leave-intent.js';
import type { PushPullState } from '../dist/core/messages.js';
import { onNodeLeave } from '../dist/core/node-events.js';
import { localState, mergeRemoteState } from '../dist/core/push-pull-state.js';
import { applyQuery } from '../dist/core/query.js';
import { applyUserEvent, sendUserEvent } from '../dist/core/user-event.js';
import { decodePushPull, encodePushPull } from '../dist/core/wire/push-pull.js';
import { bytesOf } from './support/bytes.js';
import { queryFrom } from './support/query-message.js';
import { createRig, describeEvent, finish, nodeCalled } from './support/rig.js';

test('[54] the state has 512 event slots, all status times, and those who left', () => {
  const { machine, join } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  join(nodeCalled('web2', '10.0.0.3'));
  applyLeaveIntent(machine, { lTime: 7, node: 'web1', prune: false });
  onNodeLeave(machine, node);
  sendUserEvent(machine, 'deploy', bytesOf('v1'), true);
  const state = decodePushPull(encodePushPull(localState(machine)));
  assert.equal(state.events.length, 512);
  assert.equal(state.events.filter((slot) => slot !== null).length, 1);
  assert.deepEqual(state.events[1]?.lTime, 1);
  assert.deepEqual(
    [...state.statusLTimes],
    [
      ['me', 0],
      ['web1', 7],
      ['web2', 0],
    ],
  );
  assert.deepEqual(state.leftMembers, ['web1']);
  assert.deepEqual([state.lTime, state.eventLTime, state.queryLTime], [8, 2, 1]);
});

test('[54] the state of a node alone, with a name of four letters, is 588 bytes', () => {
  const { machine } = createRig();
  const state = { ...localState(machine), statusLTimes: new Map([['beta', 0]]) };
  assert.equal(encodePushPull(state).length, 588);
});

test('clocks are witnessed one lower than they are told: nothing was sent at that time yet', () => {
  const { machine } = createRig();
  finish(mergeRemoteState(machine, { ...nothing, lTime: 10, eventLTime: 20, queryLTime: 0 }, false));
  const { member, event, query } = machine.clocks;
  assert.deepEqual([member.time, event.time, query.time], [10, 20, 1]);
});

test('who left over there is leaving here, one past the time of its join', () => {
  const { machine, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  const remote = { ...nothing, statusLTimes: new Map([['web1', 4]]), leftMembers: ['web1'] };
  finish(mergeRemoteState(machine, remote, false));
  assert.equal(machine.members.get('web1')?.member.status, 'leaving');
  assert.equal(machine.members.get('web1')?.statusLTime, 5);
  assert.equal(machine.queues.intents.size, 0, 'what is learnt from a push/pull is not passed on');
});

test('a push/pull with a node that has heard of a leave before does not make the leave look old', () => {
  const [there, here] = [createRig(), createRig()];
  const node = nodeCalled('web1', '10.0.0.2');
  const leave = { lTime: 7, node: 'web1', prune: false };
  for (const { join } of [there, here]) join(node);
  applyLeaveIntent(there.machine, leave);
  finish(mergeRemoteState(here.machine, localState(there.machine), false));
  assert.equal(here.machine.members.get('web1')?.member.status, 'alive');
  applyLeaveIntent(here.machine, leave);
  onNodeLeave(here.machine, node);
  assert.equal(here.machine.members.get('web1')?.member.status, 'left');
});

test('who is a member over there is one here', () => {
  const { machine, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  applyLeaveIntent(machine, { lTime: 3, node: 'web1', prune: false });
  const statusLTimes = new Map([
    ['web1', 4],
    ['web2', 6],
  ]);
  finish(mergeRemoteState(machine, { ...nothing, statusLTimes }, false));
  assert.equal(machine.members.get('web1')?.member.status, 'alive');
  assert.equal(machine.recentIntents.get('web2')?.lTime, 6);
  assert.equal(machine.queues.intents.size, 0);
});

test('[53] events of a push/pull are told in the order of their slots, never as coalescable', () => {
  const { machine, events } = createRig();
  finish(mergeRemoteState(machine, withEvents([3, 1, 2]), true, true));
  assert.deepEqual(
    events.map((event) => event.kind === 'user' && [event.lTime, event.coalesce]),
    [
      [1, false],
      [2, false],
      [3, false],
    ],
  );
});

test('[53] a join without replay ignores all events before it, also those that gossip brings later', () => {
  const { machine, events, delegate } = createRig();
  machine.ignoresOldEvents = true;
  finish(mergeRemoteState(machine, withEvents([1, 2, 3]), true, true));
  machine.ignoresOldEvents = false;
  finish(mergeRemoteState(machine, withEvents([1, 2, 3]), false, true));
  assert.deepEqual(events, []);
  finish(mergeRemoteState(machine, withEvents([4]), false, true));
  assert.deepEqual(events.map(describeEvent), ['user event4']);
  assert.ok(delegate);
});

test("a push/pull that is nobody's join tells its events even while a join ignores old ones", () => {
  const { machine, events } = createRig();
  machine.ignoresOldEvents = true;
  finish(mergeRemoteState(machine, withEvents([1]), false, true));
  assert.equal(events.length, 1);
});

test('nobody who joins while we do makes us ignore events: only whom we asked', () => {
  const { machine, events } = createRig();
  machine.ignoresOldEvents = true;
  finish(mergeRemoteState(machine, { ...nothing, eventLTime: 2 ** 50 }, true));
  applyUserEvent(machine, { lTime: 5, name: 'deploy', payload: bytesOf(''), canCoalesce: false });
  assert.equal(events.length, 1);
});

test('a clock that somebody tells does not make what others send old', () => {
  const { machine, events } = createRig();
  const told = { ...nothing, eventLTime: 2 ** 50, queryLTime: 2 ** 50 };
  for (const asked of [false, true]) finish(mergeRemoteState(machine, told, false, asked));
  assert.equal(machine.clocks.event.time, 2 ** 50, 'what we send is later than what they sent');
  applyUserEvent(machine, { lTime: 5, name: 'deploy', payload: bytesOf(''), canCoalesce: false });
  applyQuery(machine, queryFrom({ lTime: 5 }));
  assert.deepEqual(events.map(describeEvent), ['user deploy', 'query load']);
});

test('who tells unasked fills gaps among the events heard; for later ones a member is asked', () => {
  const { machine, events, gossip } = createRig();
  const event = { name: 'deploy', payload: bytesOf(''), canCoalesce: false };
  applyUserEvent(machine, { ...event, lTime: 3 });
  finish(mergeRemoteState(machine, withEvents([2, 3]), false));
  assert.equal(gossip.opinionsSought, 0);
  finish(mergeRemoteState(machine, withEvents([1, 5, 2 ** 40]), false));
  assert.equal(gossip.opinionsSought, 1);
  applyUserEvent(machine, { ...event, lTime: 4 });
  assert.deepEqual(
    events.map((it) => it.kind === 'user' && it.lTime),
    [3, 2, 3, 1, 4],
  );
  finish(mergeRemoteState(machine, withEvents([5]), false, true));
  assert.equal(events.length, 6);
});

test('a state that is none is one log line and one counter', () => {
  const { delegate, host, lines } = createRig();
  lines();
  finish(delegate.mergeRemoteState(new Uint8Array(0), false));
  finish(delegate.mergeRemoteState(Uint8Array.of(9, 0x80), false));
  finish(delegate.mergeRemoteState(Uint8Array.of(2, 0x81), false));
  assert.deepEqual(lines(), [
    '[ERR] serf: Remote state is zero bytes',
    '[ERR] serf: Remote state has bad type prefix: 9',
    '[ERR] serf: Failed to decode remote state: input ends early: at least 4 bytes are needed',
  ]);
  assert.equal(host.counters.get('serf.input.refused'), 3);
});

const nothing: PushPullState = {
  lTime: 0,
  statusLTimes: new Map(),
  leftMembers: [],
  eventLTime: 0,
  events: [],
  queryLTime: 0,
};

function withEvents(times: readonly number[]): PushPullState {
  const events: PushPullState['events'][number][] = new Array(512).fill(null);
  for (const lTime of times) {
    events[lTime] = { lTime, events: [{ name: `event${lTime}`, payload: bytesOf('') }] };
  }
  return { ...nothing, events, eventLTime: Math.max(...times) + 1 };
}
