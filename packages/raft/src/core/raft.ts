// One server of a Raft cluster as a step function. It takes messages, time and proposals, and says what to
// write, send and apply; it does none of that itself.
//
// The shape is etcd-io/raft's (RawNode), the behaviour hashicorp/raft's 1.1.2. The one who drives it owes it
// this order, which is the safety argument:
//
//   1. `ready()` after any number of inputs; what is in `send` may go at once.
//   2. `write` must be durable before anything of `write.thenSend` goes; then `onWritten()`. Inputs may come
//      meanwhile; there is one write at a time, so that what comes during one is grouped in the next.
//   3. `restore` and `apply` in the order in which they come; then `onApplied()`.
//
// Next: state.ts (what it knows), then the rules in the order of the switch below.

import { onAppendEntries, onHeartbeat } from './append-entries.ts';
import { bootstrap } from './bootstrap.ts';
import { advanceCommit } from './commitment.ts';
import { describeSnapshot, isSnapshotDue, onSnapshotTaken } from './compaction.ts';
import type { Configuration } from './configuration.ts';
import type { ConfigurationChange } from './configuration-change.ts';
import {
  campaignIfAlone,
  onElectionTimeout,
  onOwnVoteWritten,
  onTimeoutNow,
  onVoteAnswer,
  onVoteRefused,
} from './election.ts';
import { becomeFollower, expectLeader, suspectLeader } from './follow.ts';
import { onHeartbeatAnswer, onHeartbeatFailed, sendHeartbeats } from './heartbeats.ts';
import { adoptSnapshot, onInstallSnapshot } from './install-snapshot.ts';
import { checkLease, holdsLease, leaseEndsAtMs } from './leader-lease.ts';
import { continueTransfer, endFailedTransfer, transferLeadership } from './leadership-transfer.ts';
import type { LogEntry } from './log-entry.ts';
import type { Answer, Request, SnapshotMeta } from './messages.ts';
import type { Progress } from './progress.ts';
import { canChangeConfiguration, changeConfiguration, propose } from './proposals.ts';
import { onAppendAnswer, onAppendFailed, replicate, replicateAtMs } from './replication.ts';
import { onRequestVote } from './request-vote.ts';
import type { Ask, Outgoing } from './sent.ts';
import { onSnapshotAnswer } from './snapshot-transfer.ts';
import { type RaftParts, RaftState, type Write } from './state.ts';
import { beginRound, takeVerified, verifyLeader } from './verify-leader.ts';

/** What comes from other servers, or from the network in place of them. */
export type Input =
  /** A question; `ticket` comes back with the answer. */
  | { readonly kind: 'asked'; readonly ticket: number; readonly request: Request }
  /** The answer to a question of ours. */
  | { readonly kind: 'answered'; readonly ask: Ask; readonly answer: Answer }
  /** A question of ours will have no answer. */
  | { readonly kind: 'failed'; readonly ask: Ask }
  /** No connection from the server with this address is open any more. */
  | { readonly kind: 'gone'; readonly address: string };

/** What is to be done. */
export interface Batch {
  /** May be sent now. */
  readonly send: readonly Outgoing[];
  /** Has to be written; `onWritten` or `onWriteFailed` must follow. */
  readonly write: Write | undefined;
  /** The state of this snapshot replaces that of the state machine; `onApplied` must follow. */
  readonly restore: SnapshotMeta | undefined;
  /** Committed and durable entries, to be applied in this order; if any, `onApplied` must follow. */
  readonly apply: readonly LogEntry[];
  /** The tickets of verifications that have succeeded. */
  readonly verified: readonly number[];
  /** Handing over leadership has failed. */
  readonly hasTransferFailed: boolean;
}

/** One server. */
export class Raft {
  /** For reading only. */
  readonly state: RaftState;
  #isApplying = false;
  /** To be restored, and being restored. */
  #restore: SnapshotMeta | undefined;
  #restoring: SnapshotMeta | undefined;
  #hasTransferFailed = false;

  constructor(parts: RaftParts, now: number) {
    this.state = new RaftState(parts);
    this.state.now = now;
    this.#restore = parts.snapshot;
    expectLeader(this.state);
    campaignIfAlone(this.state);
  }

  /** Takes a message. */
  step(now: number, input: Input): void {
    const { state } = this;
    state.now = now;
    if (input.kind === 'asked') this.#onAsked(input.ticket, input.request);
    else if (input.kind === 'answered') this.#onAnswered(input.ask, input.answer);
    else if (input.kind === 'failed') this.#onFailed(input.ask);
    else suspectLeader(state, input.address);
  }

  /** Lets what is due happen. To be called at `nextDeadline`, or at any other time. */
  tick(now: number): void {
    const { state } = this;
    state.now = now;
    if (state.leadership === undefined) {
      if (now >= state.electionAtMs) onElectionTimeout(state);
      return;
    }
    if (endFailedTransfer(state, state.leadership)) this.#hasTransferFailed = true;
    checkLease(state, state.leadership);
  }

  /** When `tick` or `ready` has something to do that is not due yet. */
  get nextDeadline(): number {
    const { state } = this;
    const { leadership } = state;
    if (leadership === undefined) return state.electionAtMs;
    let next = Math.min(
      leaseEndsAtMs(state, leadership),
      leadership.transfer?.endsAtMs ?? Number.POSITIVE_INFINITY,
    );
    for (const follower of leadership.followers.values()) {
      if (!follower.isHeartbeatInFlight) next = Math.min(next, follower.heartbeatDueAtMs);
      next = Math.min(next, replicateAtMs(state, follower));
    }
    return next;
  }

  /** Gives out what has become of all inputs so far. */
  ready(): Batch {
    const { state } = this;
    if (state.leadership !== undefined) advanceCommit(state, state.leadership);
    const restore = this.#takeRestore();
    // Before followers are told: whoever reads from one of them, and then here, must not be turned back.
    const apply = this.#takeCommitted();
    const { leadership } = state;
    if (leadership !== undefined) {
      beginRound(leadership);
      continueTransfer(state, leadership);
      sendHeartbeats(state, leadership);
      for (const follower of leadership.followers.values()) replicate(state, follower);
    }
    const write = state.takeWrite();
    const hasTransferFailed = this.#hasTransferFailed;
    this.#hasTransferFailed = false;
    return {
      write,
      send: state.takeOutbox(),
      restore,
      apply,
      verified: leadership === undefined ? [] : takeVerified(state, leadership),
      hasTransferFailed,
    };
  }

  /** The last write is durable. */
  onWritten(): void {
    const { state } = this;
    state.onWritten();
    state.isDiskBroken = false;
    onOwnVoteWritten(state);
    campaignIfAlone(state);
  }

  /** The last write has failed and is going to be tried again: until then we neither lead nor vote. */
  onWriteFailed(): void {
    this.state.isDiskBroken = true;
    becomeFollower(this.state, this.state.term);
  }

  /** Whether more can be applied than was given out. */
  get hasCommitted(): boolean {
    const { appliedIndex, commitIndex, log } = this.state;
    return appliedIndex < Math.min(commitIndex, log.stableIndex);
  }

  /** What was given out last to be applied or restored is. */
  onApplied(): void {
    if (this.#restoring !== undefined) this.state.appliedIndex = this.#restoring.index;
    this.#restoring = undefined;
    this.#isApplying = false;
  }

  /** Begins a cluster. @throws RaftError */
  bootstrap(configuration: Configuration): void {
    bootstrap(this.state, configuration);
  }

  /** Appends a command or a barrier; returns its index. @throws RaftError */
  propose(type: 'command' | 'barrier', data: Uint8Array, extensions?: Uint8Array): number {
    return propose(this.state, type, data, extensions);
  }

  /** Whether `changeConfiguration` may be called now. */
  get canChangeConfiguration(): boolean {
    return canChangeConfiguration(this.state);
  }

  /** Appends a change of the configuration; returns its index. @throws RaftError */
  changeConfiguration(change: ConfigurationChange): number {
    return changeConfiguration(this.state, change);
  }

  /** Whether we lead, and nobody else can yet. */
  holdsLease(now: number): boolean {
    const { leadership } = this.state;
    return leadership !== undefined && holdsLease(this.state, leadership, now);
  }

  /** Asks whether we still lead; the ticket comes back when we do. @throws RaftError */
  verifyLeader(ticket: number): void {
    verifyLeader(this.state, ticket);
  }

  /** Hands over leadership, to the best server if none is named. @throws RaftError */
  transferLeadership(now: number, id?: string): void {
    this.state.now = now;
    transferLeadership(this.state, id);
  }

  /** Whether enough has come since the last snapshot. */
  get isSnapshotDue(): boolean {
    return isSnapshotDue(this.state);
  }

  /** What a snapshot of what has been applied would say of itself; undefined if there cannot be one now. */
  describeSnapshot(): SnapshotMeta | undefined {
    const isBetweenStates = this.#isApplying || this.#restore !== undefined;
    return isBetweenStates ? undefined : describeSnapshot(this.state);
  }

  /** A snapshot of ours is on the disk. */
  onSnapshotTaken(snapshot: SnapshotMeta): void {
    onSnapshotTaken(this.state, snapshot);
  }

  /** An operator's state, on the disk as a snapshot, replaces everything. Only while leading. */
  adoptSnapshot(snapshot: SnapshotMeta): void {
    adoptSnapshot(this.state, snapshot);
    this.#restore = snapshot;
  }

  #onAsked(ticket: number, request: Request): void {
    const { state } = this;
    switch (request.kind) {
      case 'append-entries':
        return onAppendEntries(state, ticket, request);
      case 'heartbeat':
        return onHeartbeat(state, ticket, request);
      case 'request-vote':
        return onRequestVote(state, ticket, request);
      case 'install-snapshot':
        if (onInstallSnapshot(state, ticket, request)) this.#restore = request.snapshot;
        return;
      case 'timeout-now':
        return onTimeoutNow(state, ticket);
    }
  }

  #onAnswered(ask: Ask, answer: Answer): void {
    const { state } = this;
    const { request } = ask;
    if ('term' in answer && answer.term > state.term) return becomeFollower(state, answer.term);
    if (request.kind === 'request-vote' && answer.kind === 'vote-answer')
      return onVoteAnswer(state, ask.to.id, request, answer);
    const follower = this.#followerOf(ask);
    if (follower === undefined) return;
    follower.lastContactMs = state.now;
    if ('isSuccess' in answer && answer.isSuccess)
      follower.confirmedAtMs = Math.max(follower.confirmedAtMs, ask.askedAtMs);
    const isCurrent = ask.epoch === follower.epoch;
    if (request.kind === 'heartbeat' && answer.kind === 'append-answer')
      onHeartbeatAnswer(follower, ask.round, answer);
    else if (request.kind === 'append-entries' && answer.kind === 'append-answer')
      onAppendAnswer(state, follower, request, answer, isCurrent);
    else if (request.kind === 'install-snapshot' && answer.kind === 'snapshot-answer' && isCurrent)
      onSnapshotAnswer(state, follower, request, answer);
  }

  #onFailed(ask: Ask): void {
    const { state } = this;
    const { leadership, now, term } = state;
    const { request } = ask;
    const { kind } = request;
    if (kind === 'request-vote' && request.term === term) return onVoteRefused(state, ask.to.id);
    if (kind === 'timeout-now' && leadership?.transfer?.isAsked) leadership.transfer.endsAtMs = now;
    const follower = this.#followerOf(ask);
    if (follower === undefined) return;
    if (kind === 'heartbeat') onHeartbeatFailed(state, follower);
    else if (ask.epoch === follower.epoch) onAppendFailed(state, follower);
  }

  /** Whom a question went to that we asked as the leader of the present term, if he still belongs to us. */
  #followerOf({ to, request }: Ask): Progress | undefined {
    const { leadership, term } = this.state;
    return 'leader' in request && request.term === term ? leadership?.followers.get(to.id) : undefined;
  }

  #takeRestore(): SnapshotMeta | undefined {
    if (this.#isApplying || this.#restore === undefined) return undefined;
    this.#restoring = this.#restore;
    this.#restore = undefined;
    this.#isApplying = true;
    return this.#restoring;
  }

  #takeCommitted(): readonly LogEntry[] {
    const { state } = this;
    if (this.#isApplying || this.#restore !== undefined || !this.hasCommitted) return nothing;
    const last = Math.min(state.commitIndex, state.log.stableIndex);
    const from = state.appliedIndex + 1;
    const entries = state.log.entriesBetween(from, last, applyEntriesMax, applyBytesMax);
    state.appliedIndex += entries.length;
    this.#isApplying = true;
    return entries;
  }
}

const nothing: readonly LogEntry[] = [];
/** So that applying many entries does not keep heartbeats waiting. */
const applyEntriesMax = 1_024;
const applyBytesMax = 4 << 20;
