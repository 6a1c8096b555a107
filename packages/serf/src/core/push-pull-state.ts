// What two nodes tell each other besides memberlist's nodes: clocks, who left, recent user events.
// Upstream: delegate.go (LocalState, MergeRemoteState). Results of a merge are never passed on by gossip.

import { stepwise } from '@reeve/memberlist';
import { applyJoinIntent } from './join-intent.ts';
import { lamportTimeMax } from './lamport-clock.ts';
import { applyLeaveIntent } from './leave-intent.ts';
import type { Machine } from './machine.ts';
import type { PushPullState, UserEventMessage } from './messages.ts';
import { applyUserEvent } from './user-event.ts';

/**
 * What we know. The time of whoever is leaving is that of the leave, and taken for that of a join over there:
 * the leave itself would look old then, and end as a failure. So it is left out, unlike upstream.
 */
export function localState({ clocks, members, heardEvents }: Machine): PushPullState {
  const statusLTimes = new Map<string, number>();
  for (const { member, statusLTime } of members.all()) {
    if (member.status !== 'leaving') statusLTimes.set(member.name, statusLTime);
  }
  return {
    lTime: clocks.member.time,
    statusLTimes,
    leftMembers: members.withStatus('left').map(({ member }) => member.name),
    eventLTime: clocks.event.time,
    events: heardEvents.slots().map((slot) => (slot ? { lTime: slot.lTime, events: [...slot.items] } : null)),
    queryLTime: clocks.query.time,
  };
}

/** What the other side knows; `isJoin` when the exchange is somebody's join, `asked` when we began it. */
export function* mergeRemoteState(
  machine: Machine,
  remote: PushPullState,
  isJoin: boolean,
  asked = false,
): Generator<void> {
  followClocks(machine, remote, asked);
  const { heardEvents, ignoresOldEvents } = machine;
  if (isJoin && asked && ignoresOldEvents) heardEvents.ignoreBefore(remote.eventLTime);
  yield* mergeIntents(machine, remote);
  yield* mergeEvents(machine, remote, asked);
}

/**
 * Ours: who tells unasked fills gaps in what we have heard, and nothing later. Later events come by gossip,
 * or are told by whom we ask: taken from anybody, they would make all those that are true old to us.
 */
function* mergeEvents(machine: Machine, remote: PushPullState, asked: boolean): Generator<void> {
  const { heardEvents, gossip } = machine;
  let isLater = false;
  yield* stepwise(eventsOf(remote), (event) => {
    if (asked || event.lTime <= heardEvents.latest) applyUserEvent(machine, event);
    else isLater = true;
  });
  if (isLater) gossip.seekSecondOpinion();
}

/** In the order of their slots. Whether one may be coalesced is not carried here, so it may not. */
function* eventsOf({ events }: PushPullState): Generator<UserEventMessage> {
  for (const slot of events) {
    if (!slot) continue;
    for (const event of slot.events) yield { ...event, lTime: slot.lTime, canCoalesce: false };
  }
}

/** One less than the clock: nothing was sent with that time yet. */
function followClocks({ clocks }: Machine, remote: PushPullState, asked: boolean): void {
  if (remote.lTime > 0) clocks.member.follow(remote.lTime - 1, asked);
  if (remote.eventLTime > 0) clocks.event.follow(remote.eventLTime - 1, asked);
  if (remote.queryLTime > 0) clocks.query.follow(remote.queryLTime - 1, asked);
}

/**
 * As if intents had been heard. Those who left come first, at one past the time of their join, since the time
 * of their leave is not told but was later.
 */
function* mergeIntents(machine: Machine, { leftMembers, statusLTimes }: PushPullState): Generator<void> {
  const left = new Set(leftMembers);
  yield* stepwise(left, (node) => {
    const lTime = Math.min((statusLTimes.get(node) ?? 0) + 1, lamportTimeMax);
    applyLeaveIntent(machine, { lTime, node, prune: false });
  });
  yield* stepwise(statusLTimes, ([node, lTime]) => {
    if (!left.has(node)) applyJoinIntent(machine, { lTime, node });
  });
}
