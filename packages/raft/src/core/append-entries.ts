// What a follower does with entries from its leader. Raft paper, figure 2 and section 5.3; upstream:
// hashicorp/raft raft.go (appendEntries).
//
// Invariant: an entry at or below the commit index is never replaced. Next: log.ts.

import { hearLeader } from './follow.ts';
import type { AppendAnswer, AppendEntries, Heartbeat } from './messages.ts';
import type { RaftState } from './state.ts';

/** Takes entries over. The answer waits until they are durable. */
export function onAppendEntries(state: RaftState, ticket: number, request: AppendEntries): void {
  const { lastIndex } = state.log; // upstream too tells what it had before
  const answer = (isSuccess: boolean, noRetryBackoff = false): void =>
    state.replyWhenWritten(ticket, {
      kind: 'append-answer',
      term: state.term,
      lastIndex,
      isSuccess,
      noRetryBackoff,
    });
  if (!hearLeader(state, request.term, request.leader)) return answer(false);
  if (!agrees(state, request)) {
    const previous = `previous-index=${request.prevIndex} last-index=${lastIndex}`;
    state.say('warn', `raft: failed to get previous log: ${previous}`);
    return answer(false, true);
  }
  takeOver(state, request);
  // Not the end of our log: what lies behind the last new entry has not been compared.
  const lastNew = request.prevIndex + request.entries.length;
  commitUpTo(state, Math.min(request.leaderCommit, lastNew));
  answer(true);
}

/** The leader lives. Nothing is said about the log, so nothing waits for it. */
export function onHeartbeat(state: RaftState, ticket: number, request: Heartbeat): void {
  const isSuccess = hearLeader(state, request.term, request.leader);
  const answer: AppendAnswer = {
    kind: 'append-answer',
    term: state.term,
    lastIndex: state.log.lastIndex,
    isSuccess,
    noRetryBackoff: false,
  };
  state.replyWhenTermIsWritten(ticket, answer);
}

/** Whether we have the entry before the new ones. What is committed, every leader has. */
function agrees({ log, commitIndex }: RaftState, { prevIndex, prevTerm }: AppendEntries): boolean {
  return prevIndex <= commitIndex || log.termAt(prevIndex) === prevTerm;
}

function takeOver(state: RaftState, request: AppendEntries): void {
  const { log } = state;
  for (const entry of request.entries) {
    if (entry.index <= state.commitIndex || log.termAt(entry.index) === entry.term) continue;
    if (entry.index <= log.lastIndex) {
      state.say('warn', `raft: clearing log suffix: from=${entry.index} to=${log.lastIndex}`);
      log.truncateFrom(entry.index);
      state.membership.onTruncated(entry.index);
    }
    state.append(entry);
  }
}

function commitUpTo(state: RaftState, index: number): void {
  if (index <= state.commitIndex) return;
  state.commitIndex = index;
  state.membership.onCommitted(index);
}
