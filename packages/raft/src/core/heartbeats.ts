// The leader lets every follower know that it lives, whatever their disks are doing. Raft paper, section 5.2;
// upstream: hashicorp/raft replication.go (heartbeat, replicate).
//
// An election may wait for seconds, but whoever looks after the cluster takes a follower that has heard
// nothing for 0.2 s for a sick one. Upstream sends it nothing, without entries, every commit timeout; we a
// heartbeat.

//
// Each wakes a process that sleeps, there and with its answer here. So when one is due all followers are sent
// one.

import type { Leadership } from './leadership.ts';
import type { AppendAnswer, Heartbeat } from './messages.ts';
import { backoffMs, type Progress } from './progress.ts';
import type { RaftState } from './state.ts';

/** Sends those that are due, and those that somebody waits for who wants to know whether we still lead. */
export function sendHeartbeats(state: RaftState, leadership: Leadership): void {
  const followers = [...leadership.followers.values()].filter((follower) => !follower.isHeartbeatInFlight);
  const isDue = ({ heartbeatDueAtMs }: Progress): boolean => state.now >= heartbeatDueAtMs;
  const isHealthy = ({ heartbeatFailures }: Progress): boolean => heartbeatFailures === 0;
  const isTime = followers.some((follower) => isDue(follower) && isHealthy(follower));
  for (const follower of followers) {
    const isWanted = isTime || follower.roundAsked < leadership.round;
    if (isDue(follower) || (isWanted && isHealthy(follower))) sendHeartbeat(state, leadership, follower);
  }
}

function sendHeartbeat(state: RaftState, leadership: Leadership, follower: Progress): void {
  const request: Heartbeat = { kind: 'heartbeat', term: state.term, leader: state.address };
  state.ask(follower.server, request, leadership.round);
  follower.roundAsked = leadership.round;
  follower.isHeartbeatInFlight = true;
  const { heartbeatTimeoutMs, commitTimeoutMs } = state.config;
  follower.heartbeatDueAtMs = state.randomlyAfter(Math.min(heartbeatTimeoutMs / 10, commitTimeoutMs));
}

/** A follower is there. */
export function onHeartbeatAnswer(follower: Progress, round: number, { isSuccess }: AppendAnswer): void {
  follower.heartbeatFailures = 0;
  follower.isHeartbeatInFlight = false;
  if (isSuccess) follower.roundConfirmed = Math.max(follower.roundConfirmed, round);
}

/** A follower cannot be reached. */
export function onHeartbeatFailed(state: RaftState, follower: Progress): void {
  if (follower.heartbeatFailures === 0) {
    state.say('err', `raft: failed to heartbeat to: peer=${follower.server.address}`);
  }
  follower.isHeartbeatInFlight = false;
  follower.heartbeatFailures++;
  follower.heartbeatDueAtMs = state.now + backoffMs(follower.heartbeatFailures);
}
