// Runs the core: persist, then send, then apply. This file alone performs that order, which is the safety
// argument; core/raft.ts decides everything, the transport and the stores only carry it out.
//
// Whatever happens in one turn of the event loop becomes one batch, and what comes while a write is under way
// is one write afterwards: so proposals share messages and flushes without waiting for each other. Nothing
// calls back from inside a call. Next: pending.ts (who waits), snapshots.ts (states as a whole).

import type { NetworkStream, Result, StreamHandler, Timer } from '@reeve/runtime';
import {
  type Ask,
  type Batch,
  type Configuration,
  type ConfigurationChange,
  configFlaw,
  type Input,
  type LogEntry,
  Raft,
  RaftError,
  type RaftState,
  ReplicatedLog,
  type SnapshotMeta,
  type Write,
} from './core/index.ts';
import { Measures } from './measures.ts';
import { type Applied, type Done, failure, PendingProposals } from './pending.ts';
import type { RaftNodeOptions } from './raft-node-options.ts';
import { SnapshotSchedule } from './snapshot-schedule.ts';
import { SnapshotKeeper } from './snapshots.ts';
import { raftStats } from './stats.ts';
import { requireNoGap } from './storage/log-gap.ts';
import { isServerHost, RaftTransport } from './transport/index.ts';
import { Verifications } from './verifications.ts';
import { WaitingChanges } from './waiting-changes.ts';
import { type Proposal, WaitingProposals } from './waiting-proposals.ts';

/** One server of a cluster. */
export class RaftNode {
  /** What is known; for reading only. */
  readonly state: RaftState;
  readonly #options: RaftNodeOptions;
  readonly #raft: Raft;
  readonly #transport: RaftTransport;
  readonly #snapshots: SnapshotKeeper;
  readonly #schedule: SnapshotSchedule;
  readonly #measures: Measures;
  readonly #pending = new PendingProposals();
  readonly #proposals = new WaitingProposals();
  readonly #changes = new WaitingChanges();
  readonly #verifications = new Verifications();
  #transferDone: Done<void> | undefined;
  /** While an operator's state is being taken over nothing is proposed. */
  #isRestoring = false;
  /** What ends calls that were refused at once. */
  #deferred: (() => void)[] = [];
  #turn: Timer | undefined;
  #timer: { readonly timer: Timer; readonly atMs: number } | undefined;
  #seen = { role: 'follower', term: 0, leader: '' };
  #isClosed = false;

  /**
   * Starts a server with what its stores hold.
   * @throws RaftError when the settings or the stores make no sense.
   */
  constructor(options: RaftNodeOptions) {
    const { runtime, config, store, snapshots } = options;
    const flaw = configFlaw(config);
    if (flaw !== undefined) throw new RaftError('configuration', flaw);
    if (options.id === '') throw new RaftError('configuration', 'LocalID cannot be empty');
    const { latest } = snapshots;
    requireNoGap(store, latest?.index ?? 0);
    this.#options = options;
    this.#raft = new Raft(
      {
        id: options.id,
        address: options.address,
        config,
        random: runtime.random,
        log: runtime.log,
        hardState: store.hardState,
        entries: new ReplicatedLog(store, latest ?? { index: 0, term: 0 }),
        snapshot: latest,
      },
      runtime.clock.now(),
    );
    this.state = this.#raft.state;
    this.#measures = new Measures(runtime.metrics, runtime.clock);
    this.#transport = this.#createTransport();
    this.#snapshots = new SnapshotKeeper({
      runtime,
      raft: this.#raft,
      store: snapshots,
      stateMachine: options.stateMachine,
      wake: () => this.#wake(),
      refuse: (ticket, answer) => this.#transport.reply(ticket, answer),
      onFatal: (error) => this.#onFatal(error),
    });
    this.#schedule = new SnapshotSchedule(runtime, config.snapshotIntervalMs, () => this.#takeIfDue());
    this.#wake();
  }

  /** Takes a connection on which Raft was chosen. */
  accept(stream: NetworkStream): StreamHandler {
    return this.#transport.accept(stream);
  }

  /** Begins a cluster of these servers. @throws RaftError */
  bootstrap(configuration: Configuration): void {
    this.#raft.bootstrap(configuration);
    this.#wake();
  }

  /**
   * Has a command applied everywhere. `done` brings what our state machine said, or why it may not happen;
   * with `leadership-lost` it may yet. A command that cannot be taken within `timeoutMs` (0: ever) is not.
   * `extensions` are for the state machine.
   */
  apply(command: Uint8Array, timeoutMs: number, done: Done<Applied>, extensions: Uint8Array = noBytes): void {
    this.#measures.onAsked('apply');
    const endsAtMs = this.#endOf(timeoutMs);
    this.#enqueue({ type: 'command', data: command, extensions, endsAtMs, done });
  }

  /** Ends when everything before it has been applied here. */
  barrier(timeoutMs: number, done: Done<Applied>): void {
    this.#measures.onAsked('barrier');
    const endsAtMs = this.#endOf(timeoutMs);
    this.#enqueue({ type: 'barrier', data: noBytes, extensions: noBytes, endsAtMs, done });
  }

  /** Whether this server leads and nobody else can yet: by the clock, before a timer says so. */
  get holdsLease(): boolean {
    return this.#raft.holdsLease(this.#now);
  }

  /** Ends when a majority has confirmed, after this call, that we lead. */
  verifyLeader(done: Done<void>): void {
    this.#measures.onAsked('verify_leader');
    this.#attempt(done, () => {
      if (this.state.leadership === undefined) throw new RaftError('not-leader');
      this.#raft.verifyLeader(this.#verifications.add(done));
    });
  }

  /** Adds, removes, promotes or demotes a server. */
  changeConfiguration(change: ConfigurationChange, done: Done<Applied>): void {
    this.#changes.add(change, done);
    this.#wake();
  }

  /** Makes another server lead, the best one if none is named. */
  transferLeadership(id: string | undefined, done: Done<void>): void {
    this.#attempt(done, () => {
      this.#raft.transferLeadership(this.#now, id);
      this.#transferDone = done;
    });
  }

  /** Takes a snapshot now. */
  takeSnapshot(done: Done<void>): void {
    this.#defer(() => this.#snapshots.take((result) => done(result.ok ? ended : result)));
  }

  /** Makes a state that `snapshot` once gave out, up to entry `index` of some log, that of the cluster. */
  restore(state: Uint8Array, index: number, done: Done<void>): void {
    this.#isRestoring = true;
    this.#defer(() => {
      this.#pending.failAfter(this.state.commitIndex, 'aborted-by-restore');
      this.#snapshots.restoreFrom(state, index, (result) => {
        this.#isRestoring = false;
        if (result.ok) this.barrier(0, (applied) => done(applied.ok ? ended : applied));
        else done(result);
      });
    });
  }

  /** What `info` shows; `durationText` writes milliseconds as Go does. */
  stats(durationText: (ms: number) => string): Readonly<Record<string, string>> {
    return raftStats(this.state, this.#now, 0, durationText);
  }

  /** Stops. Whoever waits hears that it is over; `done` comes when the store is closed. */
  shutdown(done: () => void = () => {}): void {
    this.#close(done);
  }

  get #now(): number {
    return this.#options.runtime.clock.now();
  }

  #createTransport(): RaftTransport {
    const { runtime, config, connect } = this.#options;
    const step = (input: Input): void => {
      this.#raft.step(this.#now, input);
      this.#wake();
    };
    return new RaftTransport(
      {
        connect,
        timers: runtime.timers,
        now: () => this.#now,
        timeoutMs: entriesTimeoutMs,
        quickTimeoutMs: Math.max(config.heartbeatTimeoutMs, quickTimeoutMsMin),
        snapshotBytesMax,
        receiveSnapshot: (done) => this.#options.snapshots.receive(done),
        isServer: (host) => isServerHost(this.state.membership.latest, host),
      },
      {
        onAsked: (ticket, request, snapshot) => {
          if (request.kind === 'install-snapshot' && snapshot !== undefined)
            this.#snapshots.receive(ticket, request, snapshot);
          else step({ kind: 'asked', ticket, request });
        },
        onAnswered: (ask, answer) => step({ kind: 'answered', ask, answer }),
        onFailed: (ask, reason) => {
          runtime.log('debug', `raft: failed to make ${ask.request.kind} RPC: ${ask.to.address}: ${reason}`);
          step({ kind: 'failed', ask });
        },
        onGone: (address) => step({ kind: 'gone', address }),
        onRefused: (reason) => {
          runtime.metrics.count('raft.transport.refused', 1);
          runtime.log('err', `raft-net: ${reason}`);
        },
      },
    );
  }

  #endOf(timeoutMs: number): number {
    return timeoutMs > 0 ? this.#now + timeoutMs : Number.POSITIVE_INFINITY;
  }

  #enqueue(proposal: Proposal): void {
    this.#proposals.add(proposal);
    this.#wake();
  }

  /** Does what may be refused at once; the refusal comes in the next turn. */
  #attempt(done: Done<void>, call: () => void): void {
    try {
      if (this.#isClosed) throw new RaftError('shutdown');
      call();
      this.#wake();
    } catch (error) {
      if (!(error instanceof RaftError)) throw error;
      this.#defer(() => done({ ok: false, error }));
    }
  }

  #defer(call: () => void): void {
    this.#deferred.push(call);
    this.#wake();
  }

  /** Has a turn come soon, after whatever else has arrived by now. */
  #wake(): void {
    this.#turn ??= this.#options.runtime.timers.after(0, () => this.#runTurn());
  }

  #runTurn(): void {
    this.#turn?.cancel();
    this.#turn = undefined;
    for (const call of this.#deferred.splice(0)) call();
    if (this.#isClosed) return this.#refuseAll();
    this.#raft.tick(this.#now);
    this.#watchLeadership();
    this.#takeProposals();
    this.#takeChange();
    this.#carryOut(this.#raft.ready());
    this.#watchLeadership();
    this.#setTimer();
  }

  /** What is new goes to the disk, to others and to the state machine. */
  #carryOut(batch: Batch): void {
    this.#send(batch.send);
    if (batch.write !== undefined) this.#write(batch.write);
    if (batch.restore !== undefined) this.#snapshots.restore(() => this.#onRestored());
    if (batch.apply.length > 0) this.#apply(batch.apply);
    for (const ticket of batch.verified) this.#verifications.confirm(ticket);
    if (batch.hasTransferFailed) this.#endTransfer(failure('transfer-failed'));
  }

  #send(messages: Batch['send']): void {
    for (const message of messages) {
      if (message.kind === 'reply') this.#transport.reply(message.reply.ticket, message.reply.answer);
      else if (message.ask.request.kind === 'install-snapshot')
        this.#sendSnapshot(message.ask, message.ask.request.snapshot);
      else this.#transport.ask(message.ask);
    }
  }

  #sendSnapshot(ask: Ask, snapshot: SnapshotMeta): void {
    this.#snapshots.load(snapshot, (result) => {
      if (result.ok) return this.#transport.ask(ask, result.value);
      this.#options.runtime.log('err', `raft: failed to open snapshot: error="${result.error.message}"`);
      this.#raft.step(this.#now, { kind: 'failed', ask });
      this.#wake();
    });
  }

  #write(write: Write): void {
    const endMeasure = this.#measures.onWrite(write, this.state);
    this.#options.store.write(write, (result) => {
      if (this.#isClosed) return;
      if (!result.ok) return this.#onWriteFailed(write, result.error);
      endMeasure();
      if (this.state.isDiskBroken) this.#options.runtime.log('info', 'raft: the log is written again');
      this.#send(write.thenSend);
      this.#raft.onWritten();
      this.#runTurn();
    });
  }

  /** What cannot be kept must not be promised: we neither lead nor vote until the disk takes it. */
  #onWriteFailed(write: Write, error: Error): void {
    const { runtime } = this.#options;
    // It is tried again every second; the operator is told once.
    if (!this.state.isDiskBroken) runtime.log('err', `raft: failed to commit logs: error="${error.message}"`);
    this.#raft.onWriteFailed();
    this.#pending.failAfter(this.state.commitIndex, 'storage', error.message);
    this.#wake();
    runtime.timers.after(writeAgainMs, () => {
      if (!this.#isClosed) this.#write(write);
    });
  }

  #apply(entries: readonly LogEntry[]): void {
    const sinceMs = this.#now;
    const commands = entries.filter(({ type }) => type === 'command');
    const results = commands.length === 0 ? [] : this.#options.stateMachine.apply(commands);
    const last = this.state.appliedIndex;
    this.#measures.onApplied(last + 1 - entries.length, last, sinceMs, this.state);
    let next = 0;
    for (const { index, type } of entries) {
      this.#pending.resolve(index, type === 'command' ? results[next++] : undefined);
    }
    this.#raft.onApplied();
    // Who waited for room in the log, or for a change to be committed, goes on.
    if (this.#raft.hasCommitted || !this.#proposals.isEmpty || !this.#changes.isEmpty) this.#wake();
  }

  #onRestored(): void {
    this.#raft.onApplied();
    this.#wake();
  }

  /** Puts waiting proposals into the log, as many as may be there without being applied. */
  #takeProposals(): void {
    while (!this.#pending.isFull && !this.#isRestoring) {
      const proposal = this.#proposals.take();
      if (proposal === undefined) return;
      this.#propose(proposal);
    }
    this.#proposals.refuseLate(this.#now);
  }

  #propose({ type, data, extensions, done }: Proposal): void {
    try {
      const index = this.#raft.propose(type, data, extensions);
      this.#measures.onProposed(index);
      this.#pending.add(index, data.length, done);
    } catch (error) {
      if (!(error instanceof RaftError)) throw error;
      done({ ok: false, error });
    }
  }

  #takeChange(): void {
    const isLeader = this.state.role === 'leader';
    while (!this.#changes.isEmpty && (this.#raft.canChangeConfiguration || !isLeader)) {
      const next = this.#changes.take();
      if (next === undefined) return;
      try {
        this.#pending.add(this.#raft.changeConfiguration(next.change), 0, next.done);
      } catch (error) {
        if (!(error instanceof RaftError)) throw error;
        next.done({ ok: false, error });
      }
    }
  }

  /** Whoever waits for a leader that no longer is one hears of it. */
  #watchLeadership(): void {
    const { role, term, leader, commitIndex } = this.state;
    const seen = this.#seen;
    if (seen.role === role && seen.term === term && seen.leader === leader) return;
    this.#seen = { role, term, leader };
    if (seen.role !== role) this.#measures.onRole(role);
    if (seen.role === 'leader' && (role !== 'leader' || seen.term !== term)) {
      this.#pending.failAfter(commitIndex, 'leadership-lost');
      this.#verifications.failAll('leadership-lost');
      this.#endTransfer(ended);
    }
    this.#options.onChange?.();
  }

  #endTransfer(result: Result<void, RaftError>): void {
    const done = this.#transferDone;
    this.#transferDone = undefined;
    done?.(result);
  }

  /** One timer for the earliest deadline; one that moves away is looked at again when it fires. */
  #setTimer(): void {
    const atMs = Math.min(this.#raft.nextDeadline, this.#proposals.earliestEndMs);
    if (this.#timer !== undefined && this.#timer.atMs <= atMs) return;
    this.#timer?.timer.cancel();
    const timer = this.#options.runtime.timers.after(atMs - this.#now, () => {
      this.#timer = undefined;
      this.#runTurn();
    });
    this.#timer = { timer, atMs };
  }

  #takeIfDue(): void {
    if (!this.#raft.isSnapshotDue) return;
    this.#snapshots.take((result) => {
      if (result.ok || result.error.code === 'nothing-new') return;
      this.#options.runtime.log('err', `raft: failed to take snapshot: error="${result.error.message}"`);
    });
  }

  #onFatal(error: Error): void {
    this.#options.runtime.log('err', `raft: ${error.message}`);
    this.#close(() => this.#options.onFatal(error));
  }

  #close(done: () => void): void {
    if (this.#isClosed) return this.#defer(done);
    this.#isClosed = true;
    this.#timer?.timer.cancel();
    this.#schedule.stop();
    this.#transport.close();
    this.#snapshots.close();
    this.#options.store.close(done);
    this.#wake();
  }

  #refuseAll(): void {
    this.#pending.failAfter(0, 'shutdown');
    this.#verifications.failAll('shutdown');
    this.#endTransfer(failure('shutdown'));
    this.#proposals.refuseAll();
    this.#snapshots.refuseAll();
    this.#changes.refuseAll();
  }
}

const noBytes = new Uint8Array();
const ended = { ok: true, value: undefined } as const;
/** Consul's, for its transport. */
const entriesTimeoutMs = 10_000;
const quickTimeoutMsMin = 1_000;
const writeAgainMs = 1_000;
/** A state is read into one buffer. */
const snapshotBytesMax = 2 ** 31;
