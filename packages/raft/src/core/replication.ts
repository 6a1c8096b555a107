// How entries get from the leader to one follower. Raft paper, section 5.3; upstream: hashicorp/raft
// replication.go (replicateTo, pipelineReplicate).
//
// A follower whose log differs says where its own ends, so that few messages find the place where both agree.
// What is no longer in the log goes as a snapshot: snapshot-transfer.ts.
//
// What comes while our own write is under way goes with the next one, so that a follower has as many messages
// and writes as we have writes. One that has nothing to do does not wait for our disk.
//
// No follower is told to apply what we have not applied ourselves, because our disk is slower than a majority
// of others: whoever reads from a follower, and then here, would be turned back in time. Upstream tells all
// that is committed.

import type { AppendAnswer, AppendEntries } from './messages.ts';
import { backoffMs, type Progress } from './progress.ts';
import { canSendSnapshot, sendSnapshot } from './snapshot-transfer.ts';
import type { RaftState } from './state.ts';

/** Sends a follower all it can be sent at the moment. */
export function replicate(state: RaftState, follower: Progress): void {
  while (isReady(state, follower) && hasNews(state, follower)) {
    if (isInLog(state, follower)) sendEntries(state, follower);
    else if (canSendSnapshot(state)) sendSnapshot(state, follower);
    else return;
  }
}

/** A follower has answered; `isCurrent` unless replication has started over since it was asked. */
export function onAppendAnswer(
  state: RaftState,
  follower: Progress,
  request: AppendEntries,
  answer: AppendAnswer,
  isCurrent: boolean,
): void {
  if (isCurrent) {
    follower.inFlight--;
    follower.inFlightBytes -= bytesOf(request);
  }
  if (answer.isSuccess) onAgreed(state, follower, request, isCurrent);
  else if (isCurrent) onRefused(state, follower, request, answer);
}

/** A follower cannot be reached, or its connection broke. */
export function onAppendFailed(state: RaftState, follower: Progress): void {
  follower.failures++;
  const nextIndex = follower.matchIndex > 0 ? follower.matchIndex + 1 : follower.nextIndex;
  follower.probeFrom(nextIndex, state.now + backoffMs(follower.failures));
  if (follower.commitTold < state.commitIndex) follower.commitDueAtMs = state.now;
}

/** When `replicate` has something to do that it cannot do yet. */
export function replicateAtMs(state: RaftState, follower: Progress): number {
  if (follower.inFlight > 0) return Number.POSITIVE_INFINITY; // the answer will wake us
  const isNothingReady = !isInLog(state, follower) && !canSendSnapshot(state);
  if (isNothingReady) return Number.POSITIVE_INFINITY; // the end of restoring will
  const isBehind = follower.nextIndex <= state.log.lastIndex;
  return Math.max(follower.retryAtMs, isBehind ? 0 : follower.commitDueAtMs);
}

function isReady(state: RaftState, follower: Progress): boolean {
  const { config, now } = state;
  const { mode, inFlight, inFlightBytes, retryAtMs } = follower;
  if (now < retryAtMs || inFlightBytes >= config.pipelineBytesMax) return false;
  if (state.isWriting && inFlight > 0 && !fillsMessage(state, follower)) return false;
  return inFlight < (mode === 'pipeline' ? config.pipelineMax : 1);
}

/** Whether a follower lacks as many entries as go in one message. */
function fillsMessage({ log, config }: RaftState, { nextIndex }: Progress): boolean {
  return log.lastIndex - nextIndex >= config.appendEntriesMax - 1;
}

function hasNews({ log, now }: RaftState, { nextIndex, commitDueAtMs }: Progress): boolean {
  return nextIndex <= log.lastIndex || now >= commitDueAtMs;
}

/** Whether the next entry for a follower is still in the log, or is the one that comes next. */
function isInLog({ log }: RaftState, { nextIndex }: Progress): boolean {
  return nextIndex >= log.firstIndex && log.termAt(nextIndex - 1) !== undefined;
}

function sendEntries(state: RaftState, follower: Progress): void {
  const request = requestFrom(state, follower.nextIndex - 1);
  const { entries } = request;
  state.ask(follower.server, request, 0, follower.epoch);
  follower.inFlight++;
  follower.inFlightBytes += bytesOf(request);
  follower.commitDueAtMs = Number.POSITIVE_INFINITY;
  if (follower.mode === 'pipeline') follower.nextIndex += entries.length;
}

/** Followers that are equally far get the same message, which is made and encoded once. */
function requestFrom(state: RaftState, prevIndex: number): AppendEntries {
  const { log, config, leadership } = state;
  const { lastIndex } = log;
  const last = leadership?.lastRequest;
  const isSame = last?.prevIndex === prevIndex && last.leaderCommit === state.appliedIndex;
  if (isSame && last.prevIndex + last.entries.length === lastIndex) return last;
  const entries = log.entriesBetween(
    prevIndex + 1,
    lastIndex,
    config.appendEntriesMax,
    config.appendBytesMax,
  );
  const request: AppendEntries = {
    kind: 'append-entries',
    term: state.term,
    leader: state.address,
    prevIndex,
    prevTerm: log.termAt(prevIndex) ?? 0,
    entries,
    leaderCommit: state.appliedIndex, // which may be less than is committed
  };
  if (leadership !== undefined) leadership.lastRequest = request;
  return request;
}

function onAgreed(state: RaftState, follower: Progress, request: AppendEntries, isCurrent: boolean): void {
  const lastIndex = request.prevIndex + request.entries.length;
  if (!isCurrent) {
    follower.matchIndex = Math.max(follower.matchIndex, lastIndex);
    return;
  }
  follower.onMatch(lastIndex);
  follower.commitTold = Math.max(follower.commitTold, Math.min(request.leaderCommit, lastIndex));
  if (follower.commitTold < state.commitIndex && follower.commitDueAtMs === Number.POSITIVE_INFINITY) {
    follower.commitDueAtMs = state.randomlyAfter(state.config.commitTimeoutMs);
  }
}

function onRefused(state: RaftState, follower: Progress, request: AppendEntries, answer: AppendAnswer): void {
  const nextIndex = Math.max(Math.min(request.prevIndex, answer.lastIndex + 1), 1);
  const isProgress = nextIndex <= request.prevIndex;
  follower.failures = answer.noRetryBackoff && isProgress ? 0 : follower.failures + 1;
  follower.probeFrom(nextIndex, state.now + backoffMs(follower.failures));
  const peer = `peer=${follower.server.id} next=${nextIndex}`;
  state.say('warn', `raft: appendEntries rejected, sending older logs: ${peer}`);
}

function bytesOf({ entries }: AppendEntries): number {
  return entries.reduce((bytes, { data }) => bytes + data.length, 0);
}
