// What a server of a Raft cluster must not get wrong: the rules of the paper's figure 2, and what makes them
// true on a real disk.

import { type Fault, faultsIn } from '../fault.ts';

const elections: readonly Fault[] = [
  ...faultsIn('packages/raft/src/core/configuration.ts', [
    {
      name: 'half of an even number of voters is a majority',
      original: 'highestFirst[Math.floor(highestFirst.length / 2)]',
      replacement: 'highestFirst[Math.floor((highestFirst.length - 1) / 2)]',
    },
    {
      name: 'servers without a vote count for majorities',
      original: "    if (suffrage === 'voter') insert(",
      replacement: '    if (suffrage) insert(',
    },
  ]),
  ...faultsIn('packages/raft/src/core/election.ts', [
    {
      name: 'votes of an earlier election count',
      original: '  if (term !== state.term) return;\n',
      replacement: '',
    },
    {
      name: 'an election that is decided against everybody goes on until its timeout',
      original: '  state.electionAtMs = Math.min(state.electionAtMs, soon);\n',
      replacement: '',
    },
    {
      name: 'a server that nobody votes for asks again and again',
      original: '  if (!isOver || state.quickElections === quickElectionsMax) return;\n',
      replacement: '  if (!isOver) return;\n',
    },
    {
      name: 'a candidate asks for votes before its own is durable',
      original: 'state.askWhenWritten(voter, request)',
      replacement: 'state.ask(voter, request)',
    },
    {
      name: 'a server that has no vote wants to lead',
      original: 'if (membership.isStable && !isVoter(membership.latest, state.id)) return',
      replacement: 'if (false as boolean) return',
    },
    {
      name: 'a server whose disk takes nothing wants to lead',
      original: "  if (state.isDiskBroken) return 'the log cannot be written';\n",
      replacement: '',
    },
    {
      name: 'a candidate that the leader has chosen does not say so',
      original: 'campaign(state, true)',
      replacement: 'campaign(state, false)',
    },
  ]),
  ...faultsIn('packages/raft/src/core/request-vote.ts', [
    {
      name: 'who hears a leader votes for others',
      original: 'if (hasLeader && state.leader !== candidate && !request.isLeadershipTransfer) {',
      replacement: 'if (false as boolean) {',
    },
    {
      name: 'a leader whose connections have closed keeps others from being elected',
      original: ' && !state.isLeaderSuspected;',
      replacement: ';',
    },
    {
      name: 'a server votes twice in a term',
      original: "  if (state.votedFor !== '') return state.votedFor === candidate;\n",
      replacement: '',
    },
    {
      name: 'a candidate that lacks committed entries gets votes',
      original: 'if (!isUpToDate(state, request)) {',
      replacement: 'if (false as boolean) {',
    },
    {
      name: 'of two logs the longer one is the newer one',
      original: 'lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.lastIndex)',
      replacement: 'lastIndex >= log.lastIndex',
    },
  ]),
  ...faultsIn('packages/raft/src/core/follow.ts', [
    {
      name: 'a leader of an earlier term is followed',
      original: '  if (term < state.term) return false;\n',
      replacement: '',
    },
    {
      name: 'a heartbeat does not put the election off',
      original: '  state.lastContactMs = state.now;\n  expectLeader(state);',
      replacement: '  state.lastContactMs = state.now;',
    },
    {
      name: 'a leader whose connections have closed is waited for as long as any',
      original: '  state.electionAtMs = Math.min(state.electionAtMs, state.now + patienceMs);\n',
      replacement: '',
    },
  ]),
];

const replication: readonly Fault[] = [
  ...faultsIn('packages/raft/src/core/append-entries.ts', [
    {
      name: 'entries are taken over behind one that differs',
      original: 'prevIndex <= commitIndex || log.termAt(prevIndex) === prevTerm',
      replacement: 'prevIndex <= log.lastIndex',
    },
    {
      name: 'what lies behind the last compared entry is committed',
      original: 'Math.min(request.leaderCommit, lastNew)',
      replacement: 'Math.min(request.leaderCommit, state.log.lastIndex)',
    },
    {
      name: 'a late message removes what came after it',
      original: ' || log.termAt(entry.index) === entry.term) continue;',
      replacement: ') continue;',
    },
    {
      name: 'a configuration stays in force when its entry is gone',
      original: '      state.membership.onTruncated(entry.index);\n',
      replacement: '',
    },
    {
      name: 'entries are acknowledged before they are durable',
      original: '    state.replyWhenWritten(ticket, {',
      replacement: '    state.replyWhenTermIsWritten(ticket, {',
    },
  ]),
  ...faultsIn('packages/raft/src/core/commitment.ts', [
    {
      name: 'entries of earlier terms are committed by counting',
      original: ' || index < leadership.startIndex) return;',
      replacement: ') return;',
    },
    {
      name: 'a leader counts its own entries before they are durable',
      original: 'id === state.id ? log.stableIndex :',
      replacement: 'id === state.id ? log.lastIndex :',
    },
    {
      name: 'a leader that has removed itself goes on leading',
      original: '  if (isVoter(membership.committed, state.id)) return;\n',
      replacement: '  return;\n',
    },
    {
      name: 'followers do not hear of the last commit',
      original: '    follower.commitDueAtMs = Math.min(follower.commitDueAtMs, tellBy);\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/raft/src/core/snapshot-transfer.ts', [
    {
      name: 'a follower has what an operator has restored before its leader has',
      original: ' && appliedIndex >= snapshot.index;',
      replacement: ';',
    },
  ]),
  ...faultsIn('packages/raft/src/core/replication.ts', [
    {
      name: 'a follower applies what its leader has not applied yet',
      original: 'leaderCommit: state.appliedIndex,',
      replacement: 'leaderCommit: state.commitIndex,',
    },
    {
      name: 'a leader that restores a state does nothing else',
      original: '  if (isNothingReady) return Number.POSITIVE_INFINITY;',
      replacement: '  if (isNothingReady && state.now < 0) return Number.POSITIVE_INFINITY;',
      hangs: true,
    },
    {
      name: 'a late refusal starts the search for a common entry again',
      original: 'else if (isCurrent) onRefused(',
      replacement: 'else onRefused(',
    },
    {
      name: 'a follower that refuses everything is asked as fast as it answers',
      original: 'const isProgress = nextIndex <= request.prevIndex;',
      replacement: 'const isProgress = true;',
    },
    {
      name: 'what was under way when a connection broke is not sent again',
      original: 'follower.matchIndex > 0 ? follower.matchIndex + 1 : follower.nextIndex;',
      replacement: 'follower.nextIndex;',
    },
    {
      name: 'a follower that has nothing to do waits for the disk of its leader',
      original: 'state.isWriting && inFlight > 0 &&',
      replacement: 'state.isWriting &&',
    },
    {
      name: 'followers get the message that another one got before',
      original: 'const isSame = last?.prevIndex === prevIndex &&',
      replacement: 'const isSame = last !== undefined &&',
    },
    {
      name: 'a follower is sent any number of messages before it answers',
      original: "mode === 'pipeline' ? config.pipelineMax : 1",
      replacement: "mode === 'pipeline' ? Number.POSITIVE_INFINITY : 1",
    },
    {
      name: 'after a failure there is no pause',
      original: 'if (now < retryAtMs || inFlightBytes',
      replacement: 'if (inFlightBytes',
    },
    {
      name: 'a follower is sent any number of bytes before it answers',
      original: ' || inFlightBytes >= config.pipelineBytesMax) return false;',
      replacement: ') return false;',
    },
  ]),
  ...faultsIn('packages/raft/src/core/heartbeats.ts', [
    {
      name: 'heartbeats pile up at a follower that does not answer',
      original: '.filter((follower) => !follower.isHeartbeatInFlight);',
      replacement: ';',
    },
    {
      name: 'followers of a patient cluster seldom hear from their leader',
      original: 'Math.min(heartbeatTimeoutMs / 10, commitTimeoutMs)',
      replacement: 'heartbeatTimeoutMs / 10',
    },
  ]),
];

const leading: readonly Fault[] = [
  ...faultsIn('packages/raft/src/core/leader-lease.ts', [
    {
      name: 'a leader that hears nobody goes on leading',
      original: '  if (state.now < leaseEndsAtMs(state, leadership)) return;\n',
      replacement: '  return;\n',
    },
  ]),
  ...faultsIn('packages/raft/src/core/lead.ts', [
    {
      name: 'a new leader writes no entry of its own',
      original: "  appendEntry(state, 'noop', noBytes);\n",
      replacement: '',
    },
    {
      name: 'a server that is removed is not told',
      original: '    replicate(state, follower);\n    followers.delete(id);',
      replacement: '    followers.delete(id);',
    },
  ]),
  ...faultsIn('packages/raft/src/core/verify-leader.ts', [
    {
      name: 'a confirmation that was under way before the question answers it',
      original: 'round: leadership.round + 1',
      replacement: 'round: leadership.round',
    },
    {
      name: 'a leader confirms itself',
      original: 'findIndex(({ round }) => round > confirmed)',
      replacement: 'findIndex(() => false)',
    },
  ]),
  ...faultsIn('packages/raft/src/core/leadership-transfer.ts', [
    {
      name: 'a follower is to lead before it has all entries',
      original: '  if (follower.matchIndex < state.log.lastIndex) return;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/raft/src/core/proposals.ts', [
    {
      name: 'a leader that hands over takes new entries',
      original: "  if (leadership.transfer !== undefined) throw new RaftError('transfer-in-progress');\n",
      replacement: '',
    },
    {
      name: 'two changes of the configuration are under way at once',
      original: 'leadership !== undefined && membership.isStable && commitIndex',
      replacement: 'leadership !== undefined && commitIndex',
    },
    {
      name: 'a new leader changes the configuration before it has committed anything',
      original: 'membership.isStable && commitIndex >= leadership.startIndex',
      replacement: 'membership.isStable',
    },
  ]),
  ...faultsIn('packages/raft/src/core/raft.ts', [
    {
      name: 'entries are applied before they are durable',
      original: 'Math.min(state.commitIndex, state.log.stableIndex)',
      replacement: 'state.commitIndex',
    },
    {
      name: 'answers to the leader of an earlier term count',
      original: "'leader' in request && request.term === term ?",
      replacement: "'leader' in request ?",
    },
    {
      name: 'a leader that hears of a later term goes on',
      original:
        "    if ('term' in answer && answer.term > state.term) return becomeFollower(state, answer.term);\n",
      replacement: '',
    },
    {
      name: 'a snapshot is taken of a state that is about to be replaced',
      original: 'return isBetweenStates ? undefined : describeSnapshot(this.state);',
      replacement: 'return describeSnapshot(this.state);',
    },
  ]),
];

const storage: readonly Fault[] = [
  ...faultsIn('packages/raft/src/core/log.ts', [
    {
      name: 'entries that were replaced while they were written count as durable',
      original: '    this.#writingIndex = Math.min(this.#writingIndex, from - 1);\n',
      replacement: '',
    },
    {
      name: 'a log right behind its snapshot is dropped at the start',
      original: 'if (this.#firstIndex <= snapshot.index) this.onSnapshot(snapshot);',
      replacement: 'if (snapshot.index > 0) this.onSnapshot(snapshot);',
    },
    {
      name: 'a log that a snapshot contradicts is kept',
      original: '    if (fits) return;\n',
      replacement: '    if (fits || snapshot.index <= this.#lastIndex) return;\n',
    },
  ]),
  ...faultsIn('packages/raft/src/core/state.ts', [
    {
      name: 'after a restart a server does not know whom it has voted for',
      original: 'this.votedFor = parts.hardState.votedFor;',
      replacement: "this.votedFor = '';",
    },
    {
      name: 'what is not durable yet is told at once',
      original: '    const thenSend = this.#heldBack;\n',
      replacement: '    const thenSend: Outgoing[] = [];\n    this.#outbox.push(...this.#heldBack);\n',
    },
    {
      name: 'a term is told before it is durable',
      original: '    if (this.isHardStateDurable) this.#outbox',
      replacement: '    if (true as boolean) this.#outbox',
    },
  ]),
  ...faultsIn('packages/raft/src/core/compaction.ts', [
    {
      name: 'a snapshot leaves no entries for followers that are a little late',
      original: 'Math.min(snapshot.index, log.lastIndex - config.trailingLogs)',
      replacement: 'snapshot.index',
    },
    {
      name: 'the last entry of a snapshot is applied once more after it',
      original: '    index: appliedIndex,\n',
      replacement: '    index: appliedIndex - 1,\n',
    },
  ]),
  ...faultsIn('packages/raft/src/core/install-snapshot.ts', [
    {
      name: 'an old snapshot replaces a newer state',
      original: 'isSuccess && snapshot.index > state.commitIndex;',
      replacement: 'isSuccess;',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/frame.ts', [
    {
      name: 'an entry that is not as it was written is read',
      original: 'view.getUint32(0) === crc32(body) ?',
      replacement: 'view.byteLength > 0 ?',
    },
    {
      name: 'after a restart an entry that is not as it was written is found at best when it is read',
      original:
        '    if (at > recordsEnd || crc32(file.subarray(from, at)) !== view.getUint32(from - checksumBytes))',
      replacement: '    if (at > recordsEnd)',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/segment-content.ts', [
    {
      name: 'a damaged write counts as one that was cut off',
      original: 'if (isFollowed || !hasBlankSector(file, end, frameEnd)) throw',
      replacement: 'if (isFollowed) throw',
    },
    {
      name: 'a write that others followed counts as one that was cut off',
      original: 'if (isFollowed || !hasBlankSector',
      replacement: 'if (!hasBlankSector',
    },
    {
      name: 'a log that is cut off between two writes is taken for a shorter one',
      original: "  if (blankEnd === end) throw damaged('it is cut off');\n",
      replacement: '',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/file-log-store.ts', [
    {
      name: 'what is left of a write that failed stays behind the next one',
      original: '    if (newest?.hasRemains) return newest.clean(goOn);\n',
      replacement: '',
    },
    {
      name: 'a new file of the log forgets term and vote',
      original: 'encodeFrame({ hardState, firstIndex, nextIndex: lastIndex + 1 }, [])',
      replacement:
        "encodeFrame({ hardState: { term: 1, votedFor: '' }, firstIndex, nextIndex: lastIndex + 1 }, [])",
    },
  ]),
  ...faultsIn('packages/raft/src/storage/log-index.ts', [
    {
      name: 'a file of the log goes although some of its entries are needed',
      original: 'return oldest.lastIndex < this.firstIndex ||',
      replacement: 'return oldest.firstIndex < this.firstIndex ||',
    },
    {
      name: 'entries that another leader replaced are there again after a restart',
      original: 'for (const segment of this.#segments) segment.removeFrom(removedFrom);',
      replacement: 'newest.removeFrom(removedFrom);',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/log-recovery.ts', [
    {
      name: 'the newest file of the log is not missed',
      original: '    if (this.#isSealed && newest !== undefined)\n',
      replacement: '    if (this.#isSealed && newest !== undefined && newest.number < 0)\n',
    },
    {
      name: 'the oldest file of the log is not missed',
      original: '    if (!this.#index.isWhole) return',
      replacement: '    if (!this.#index.isWhole && segments.length === 0) return',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/snapshot-file.ts', [
    {
      name: 'a snapshot that is not as it was written is restored',
      original: '  if (checksum !== crc32(file.subarray(bodyOffset))) return undefined;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/raft/src/driver.ts', [
    {
      name: 'whoever waits for a leader that no longer is one waits for ever',
      original: "      this.#pending.failAfter(commitIndex, 'leadership-lost');\n",
      replacement: '',
    },
    {
      name: 'a write that is committed is told to have failed',
      original: "this.#pending.failAfter(commitIndex, 'leadership-lost')",
      replacement: "this.#pending.failAfter(0, 'leadership-lost')",
    },
  ]),
  ...faultsIn('packages/raft/src/transport/transport.ts', [
    {
      name: 'a leader is told to be gone while it has connections',
      original: '    for (const connection of this.#inbound) if (connection.leader === leader) return;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/raft/src/transport/lane.ts', [
    {
      name: 'a question that is never answered never fails',
      original:
        "if (late !== undefined && late.endsAtMs <= this.#now()) this.#fail('i/o timeout');\n      else ",
      replacement: '',
    },
  ]),
];

/** Faults of consensus. */
export const raftFaults: readonly Fault[] = [...elections, ...replication, ...leading, ...storage];
