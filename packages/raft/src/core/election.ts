// A server wants to lead. Raft paper, section 5.2; upstream: hashicorp/raft raft.go (runCandidate,
// electSelf).
//
// Our own vote counts when it is durable, as the others' do. Next: request-vote.ts (the other side), lead.ts
// (what follows).

import { isVoter, reachedByMajority, votersOf } from './configuration.ts';
import { expectLeader } from './follow.ts';
import { becomeLeader } from './lead.ts';
import type { RequestVote, VoteAnswer } from './messages.ts';
import type { RaftState } from './state.ts';

/** No leader was heard for too long, or an election went on for too long. */
export function onElectionTimeout(state: RaftState): void {
  const obstacle = obstacleOf(state);
  if (obstacle !== undefined) {
    state.leader = '';
    expectLeader(state);
    if (state.obstacleTold !== obstacle) state.say('warn', `raft: ${obstacle}, aborting election`);
    state.obstacleTold = obstacle;
    return;
  }
  const lastLeader = state.leader;
  if (state.role === 'candidate') state.say('warn', 'raft: Election timeout reached, restarting election');
  else state.say('warn', `raft: heartbeat timeout reached, starting election: last-leader=${lastLeader}`);
  campaign(state, false);
}

/** The leader wants us to follow it. Upstream: timeoutNow. */
export function onTimeoutNow(state: RaftState, ticket: number): void {
  if (state.role !== 'leader' && obstacleOf(state) === undefined) campaign(state, true);
  state.replyWhenWritten(ticket, { kind: 'timeout-now-answer' });
}

/** When this server is the only voter there is nobody to wait for. */
export function campaignIfAlone(state: RaftState): void {
  const voters = votersOf(state.membership.latest);
  const isAlone = voters.length === 1 && voters[0]?.id === state.id;
  if (isAlone && state.role === 'follower' && obstacleOf(state) === undefined) campaign(state, false);
}

/** Another server has voted. */
export function onVoteAnswer(
  state: RaftState,
  id: string,
  { term }: RequestVote,
  { isGranted }: VoteAnswer,
): void {
  if (term !== state.term) return;
  if (isGranted) countVote(state, id);
  else onVoteRefused(state, id);
}

/** Another server does not vote for us, or cannot be asked. */
export function onVoteRefused(state: RaftState, id: string): void {
  if (state.role !== 'candidate') return;
  state.refusals.add(id);
  const answered = new Set([...state.votes, ...state.refusals]);
  const isOver = votersOf(state.membership.latest).every((voter) => answered.has(voter.id));
  if (!isOver || state.quickElections === quickElectionsMax) return;
  // Most likely two have asked at once. Whoever begins again first wins; upstream waits for the timeout. Not
  // for ever, though: it may be that nobody wants us.
  // The window grows, as votes may take their time on slow disks.
  const windowMs = (state.config.electionTimeoutMs / 5) * 2 ** state.quickElections;
  const soon = state.now + windowMs * state.random.float();
  state.quickElections++;
  state.electionAtMs = Math.min(state.electionAtMs, soon);
}

/** The term and vote of a candidate are durable. */
export function onOwnVoteWritten(state: RaftState): void {
  if (state.isHardStateDurable && !state.votes.has(state.id)) countVote(state, state.id);
}

function campaign(state: RaftState, isLeadershipTransfer: boolean): void {
  state.setHardState(state.term + 1, state.address);
  state.role = 'candidate';
  state.leader = '';
  state.isLeaderSuspected = false;
  state.obstacleTold = '';
  state.votes.clear();
  state.refusals.clear();
  state.electionAtMs = state.randomlyAfter(state.config.electionTimeoutMs);
  state.say('info', `raft: entering candidate state: term=${state.term}`);
  const request: RequestVote = {
    kind: 'request-vote',
    term: state.term,
    candidate: state.address,
    lastIndex: state.log.lastIndex,
    lastTerm: state.log.lastTerm,
    isLeadershipTransfer,
  };
  for (const voter of votersOf(state.membership.latest)) {
    if (voter.id !== state.id) state.askWhenWritten(voter, request);
  }
}

function countVote(state: RaftState, id: string): void {
  if (state.role !== 'candidate') return;
  state.votes.add(id);
  const isElected = reachedByMajority(state.membership.latest, (voter) => (state.votes.has(voter) ? 1 : 0));
  if (isElected === 0) return;
  state.say('info', `raft: election won: tally=${state.votes.size}`);
  becomeLeader(state);
}

/** Why this server must not ask for votes; undefined when it may. */
function obstacleOf(state: RaftState): string | undefined {
  const { membership } = state;
  if (state.isDiskBroken) return 'the log cannot be written';
  if (membership.latestIndex === 0) return 'no known peers';
  if (membership.isStable && !isVoter(membership.latest, state.id)) return 'not part of stable configuration';
  return undefined;
}

const quickElectionsMax = 3;
