// Raft as endpoints see it: promises over the driver of @reeve/raft.

import type { Applied, ConfigurationChange, Done, RaftNode, RaftState } from '@reeve/raft';
import type { Runtime } from '@reeve/runtime';
import { type CommandEntry, type CommandOutcome, entriesOf } from '../core/index.ts';
import { Later } from '../waiting/later.ts';
import type { Soon } from '../waiting/soon.ts';
import type { Consensus, ConsensusServer } from './consensus.ts';

/** One server's raft. */
export class RaftConsensus implements Consensus {
  readonly #raft: RaftNode;
  readonly #runtime: Pick<Runtime, 'clock' | 'random'>;
  #catchingUp: Promise<void> | undefined;

  constructor(raft: RaftNode, runtime: Pick<Runtime, 'clock' | 'random'>) {
    this.#raft = raft;
    this.#runtime = runtime;
  }

  /** What raft knows; for reading only. */
  get state(): RaftState {
    return this.#raft.state;
  }

  get isLeader(): boolean {
    return this.#raft.state.role === 'leader';
  }

  get holdsLease(): boolean {
    return this.#raft.holdsLease;
  }

  get hasCaughtUp(): boolean {
    return this.#knowsAll && this.holdsLease;
  }

  /** Everything from before this server led is applied here. */
  get #knowsAll(): boolean {
    const { leadership, appliedIndex } = this.#raft.state;
    return leadership !== undefined && appliedIndex >= leadership.startIndex;
  }

  get term(): number {
    return this.#raft.state.term;
  }

  get appliedIndex(): number {
    return this.#raft.state.appliedIndex;
  }

  get leaderAddress(): string {
    return this.#raft.state.leader;
  }

  get lastContactMs(): number | undefined {
    const { lastContactMs } = this.#raft.state;
    if (this.isLeader) return 0;
    return lastContactMs === undefined ? undefined : Math.max(0, this.#runtime.clock.now() - lastContactMs);
  }

  get servers(): readonly ConsensusServer[] {
    const { servers } = this.#raft.state.membership.latest;
    return servers.map(({ id, address, suffrage }) => ({ id, address, isVoter: suffrage === 'voter' }));
  }

  get isMajorityWithLeader(): boolean {
    const { id: own, leader, membership } = this.#raft.state;
    const voters = membership.latest.servers.filter(({ suffrage }) => suffrage === 'voter');
    const both = voters.filter(({ id, address }) => id === own || address === leader);
    return 2 * both.length > voters.length;
  }

  apply(command: Uint8Array): Soon<CommandOutcome> {
    const applied = entriesOf(command, this.#runtime.random).map((entry) => this.#applyEntry(entry));
    const [only] = applied;
    if (only !== undefined && applied.length === 1) return only;
    // With the last part the command is applied.
    return Promise.all(applied).then((outcomes) => outcomes.at(-1) as CommandOutcome);
  }

  #applyEntry({ data, extensions }: CommandEntry): Later<CommandOutcome> {
    const outcome = new Later<CommandOutcome>();
    const done: Done<Applied> = (result) => {
      outcome.settle(result.ok ? { ok: true, value: result.value.value as CommandOutcome } : result);
    };
    this.#raft.apply(data, enqueueTimeoutMs, done, extensions);
    return outcome;
  }

  async barrier(): Promise<void> {
    await settled<Applied>((done) => this.#raft.barrier(barrierTimeoutMs, done));
  }

  async catchUp(): Promise<void> {
    if (!this.#knowsAll) await this.#waitForEntry();
    if (!this.hasCaughtUp) await this.verifyLeader();
  }

  /** All who wait at the same time wait for the same entry. */
  #waitForEntry(): Promise<void> {
    this.#catchingUp ??= this.barrier().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  verifyLeader(): Promise<void> {
    return settled((done) => this.#raft.verifyLeader(done));
  }

  addNonvoter(id: string, address: string): Promise<void> {
    return this.#change({ command: 'add-nonvoter', id, address, prevIndex: 0 });
  }

  addVoter(id: string, address: string): Promise<void> {
    return this.#change({ command: 'add-voter', id, address, prevIndex: 0 });
  }

  removeServer(id: string): Promise<void> {
    return this.#change({ command: 'remove-server', id, address: '', prevIndex: 0 });
  }

  transferLeadership(): Promise<void> {
    return settled((done) => this.#raft.transferLeadership(undefined, done));
  }

  lastLog(): { readonly index: number; readonly term: number } {
    const { lastIndex, lastTerm } = this.#raft.state.log;
    return { index: lastIndex, term: lastTerm };
  }

  async #change(change: ConfigurationChange): Promise<void> {
    await settled<Applied>((done) => this.#raft.changeConfiguration(change, done));
  }
}

function settled<T>(call: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((result) => (result.ok ? resolve(result.value) : reject(result.error)));
  });
}

/** Upstream's numbers (enqueueLimit, barrierWriteTimeout). */
const enqueueTimeoutMs = 30_000;
const barrierTimeoutMs = 2 * 60_000;
