// Whole states: taking them, keeping them, sending and restoring them. One job at a time, in the order in
// which they come, so that the newest file is always the one a job speaks of. Upstream: hashicorp/raft
// snapshot.go.

import type { Result, Runtime } from '@reeve/runtime';
import type { InstallSnapshot, Raft, SnapshotAnswer, SnapshotMeta } from './core/index.ts';
import { type Done, failure } from './pending.ts';
import type { StateMachine } from './state-machine.ts';
import type { IncomingSnapshot } from './storage/incoming-snapshot.ts';
import type { SnapshotStore } from './storage/snapshot-store.ts';

/** What a keeper works on. */
export interface SnapshotParts {
  readonly runtime: Runtime;
  readonly raft: Raft;
  readonly store: SnapshotStore;
  readonly stateMachine: StateMachine;
  /** Called after each change of the core. */
  readonly wake: () => void;
  /** Answers a leader whose snapshot could not be kept; it sends it again. */
  readonly refuse: (ticket: number, answer: SnapshotAnswer) => void;
  /** The state machine is in no known state: nothing may go on. */
  readonly onFatal: (error: Error) => void;
}

/** Ends a job and lets the next begin. */
type EndJob = () => void;

/** The snapshots of one server. */
export class SnapshotKeeper {
  readonly #parts: SnapshotParts;
  /** The first is being done. Bounded by what the core and operators ask for. */
  readonly #jobs: ((end: EndJob) => void)[] = [];
  /** What ends the calls that wait for a job. Bounded like the jobs. */
  readonly #refusals = new Set<() => void>();
  /** A leader's snapshot that was read and saved, until its turn to be the state. */
  #received: { readonly meta: SnapshotMeta; readonly replaceState: () => void } | undefined;
  #isClosed = false;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** Takes a snapshot of what is applied now. */
  take(done: Done<SnapshotMeta>): void {
    const awaited = this.#awaited(done);
    this.#enqueue((end) => this.#take(awaited, end));
  }

  /** Gives the newest snapshot out, if it still is the one that is meant. */
  load(meta: SnapshotMeta, done: (result: Result<Uint8Array>) => void): void {
    this.#enqueue((end) => {
      const { store } = this.#parts;
      if (store.latest?.index !== meta.index) {
        end();
        return done({ ok: false, error: new Error(`snapshot ${meta.index} has been replaced`) });
      }
      store.load((result) => {
        end();
        done(result);
      });
    });
  }

  /** Keeps the snapshot a leader has sent, then asks the core about it. Core and disk agree afterwards. */
  receive(ticket: number, request: InstallSnapshot, incoming: IncomingSnapshot): void {
    this.#enqueue((end) => {
      const { raft, store, runtime, wake, refuse } = this.#parts;
      const ask = (): void => {
        raft.step(runtime.clock.now(), { kind: 'asked', ticket, request });
        wake();
      };
      const isNews = request.term >= raft.state.term && request.snapshot.index > raft.state.commitIndex;
      const fail = (what: string, error: Error): void => {
        runtime.log('err', `raft: failed to ${what} snapshot: error="${error.message}"`);
        refuse(ticket, { kind: 'snapshot-answer', term: request.term, isSuccess: false });
        end();
      };
      if (!isNews) {
        incoming.drop();
        ask();
        return end();
      }
      incoming.finish((received) => {
        if (!received.ok) return fail('copy', received.error);
        this.#read(received.value, false, (read) => {
          if (!read.ok) return fail('restore', read.error);
          store.save(request.snapshot, [received.value], (result) => {
            if (!result.ok) return fail('copy', result.error);
            this.#received = { meta: request.snapshot, replaceState: read.value };
            ask();
            if (raft.state.snapshot === request.snapshot) return end();
            this.#received = undefined;
            store.forget(end);
          });
        });
      });
    });
  }

  /** Gives the state machine the newest state. */
  restore(done: () => void): void {
    this.#enqueue((end) => {
      const { store, runtime, onFatal } = this.#parts;
      const replace = (replaceState: () => void): void => {
        replaceState();
        runtime.log('info', `raft: restored snapshot: index=${store.latest?.index}`);
        end();
        done();
      };
      const received = this.#received;
      this.#received = undefined;
      if (received !== undefined && received.meta === store.latest) return replace(received.replaceState);
      store.load((result) => {
        if (!result.ok) return onFatal(result.error);
        this.#read(result.value, true, (read) => {
          if (read.ok) return replace(read.value);
          onFatal(new Error(`failed to restore snapshot: ${read.error}`, { cause: read.error }));
        });
      });
    });
  }

  /**
   * Makes an operator's state the state of the whole cluster, behind everything there is: whoever lacks it is
   * sent it. Proposals must not come meanwhile.
   */
  restoreFrom(data: Uint8Array, indexMin: number, done: Done<SnapshotMeta>): void {
    const awaited = this.#awaited(done);
    this.#enqueue((end) => {
      const { raft, store, wake } = this.#parts;
      const { state } = raft;
      const finish: Done<SnapshotMeta> = (result) => {
        end();
        awaited(result);
      };
      const { leadership, membership } = state;
      if (leadership === undefined) return finish(failure('not-leader'));
      if (!membership.isStable) return finish(failure('configuration', unstable('restore', state)));
      const meta: SnapshotMeta = {
        index: Math.max(state.log.lastIndex, indexMin) + 1,
        term: state.term,
        configuration: membership.latest,
        configurationIndex: membership.latestIndex,
        sizeBytes: data.length,
      };
      store.save(meta, [data], (result) => {
        if (!result.ok)
          return finish(failure('storage', `failed to close snapshot: ${result.error.message}`));
        if (state.leadership !== leadership) return store.forget(() => finish(failure('leadership-lost')));
        raft.adoptSnapshot(meta);
        wake();
        finish({ ok: true, value: meta });
      });
    });
  }

  /** Does nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#jobs.length = 0;
  }

  /** Whoever waits hears that it is over. */
  refuseAll(): void {
    for (const refuse of [...this.#refusals]) refuse();
  }

  /** Ends a call once, with what it brings or with what a shutdown is. */
  #awaited<T>(done: Done<T>): Done<T> {
    const refuse = (): void => {
      this.#refusals.delete(refuse);
      done(failure('shutdown'));
    };
    this.#refusals.add(refuse);
    return (result) => {
      if (this.#refusals.delete(refuse)) done(result);
    };
  }

  /** What makes a state ours. That bytes are none may be anybody's fault. */
  #read(state: Uint8Array, isOurs: boolean, done: (result: Result<() => void>) => void): void {
    this.#work(this.#parts.stateMachine.read(state, isOurs), () => {}, done);
  }

  #take(done: Done<SnapshotMeta>, end: EndJob): void {
    const { raft, store, stateMachine, wake, runtime } = this.#parts;
    const finish: Done<SnapshotMeta> = (result) => {
      end();
      done(result);
    };
    const described = raft.describeSnapshot();
    if (described === undefined) return finish(failure('configuration', unstable('take', raft.state)));
    if (described.index === (raft.state.snapshot?.index ?? 0)) return finish(failure('nothing-new'));
    runtime.log('info', `raft: starting snapshot up to: index=${described.index}`);
    const pieces: Uint8Array[] = [];
    this.#work(
      stateMachine.snapshot(),
      (piece) => pieces.push(piece),
      (written) => {
        if (!written.ok) throw written.error;
        const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 0);
        const meta = { ...described, sizeBytes };
        store.save(meta, pieces.splice(0), (result) => {
          if (!result.ok)
            return finish(failure('storage', `failed to close snapshot: ${result.error.message}`));
          raft.onSnapshotTaken(meta);
          runtime.log('info', `raft: snapshot complete up to: index=${meta.index}`);
          wake();
          finish({ ok: true, value: meta });
        });
      },
    );
  }

  /** A few steps a turn, so that writes and heartbeats go on. */
  #work<Step, Outcome>(
    steps: Iterator<Step, Outcome>,
    onStep: (step: Step) => void,
    done: (result: Result<Outcome>) => void,
  ): void {
    const { clock, timers } = this.#parts.runtime;
    const endsAtMs = clock.now() + sliceMs;
    let next = attempt(() => steps.next());
    for (; next.ok && next.value.done !== true; next = attempt(() => steps.next())) {
      onStep(next.value.value);
      if (clock.now() < endsAtMs) continue;
      timers.after(0, () => {
        if (!this.#isClosed) this.#work(steps, onStep, done);
      });
      return;
    }
    done(next.ok ? { ok: true, value: next.value.value as Outcome } : next);
  }

  #enqueue(job: (end: EndJob) => void): void {
    if (this.#isClosed) return;
    this.#jobs.push(job);
    if (this.#jobs.length === 1) this.#begin();
  }

  #begin(): void {
    const job = this.#jobs[0];
    job?.(() => {
      this.#jobs.shift();
      this.#begin();
    });
  }
}

function attempt<T>(call: () => T): Result<T> {
  try {
    return { ok: true, value: call() };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function unstable(what: string, { membership, appliedIndex }: Raft['state']): string {
  const index = membership.latestIndex;
  return (
    `cannot ${what} snapshot now, wait until the configuration entry at ${index} has been applied ` +
    `(have applied ${appliedIndex})`
  );
}

const sliceMs = 5;
