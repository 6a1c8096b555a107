// Everything one server knows, and what it wants written and sent. The rules of the other files act on it;
// raft.ts calls them. Raft paper, figure 2.
//
// Nobody may hear of a term, a vote or an entry that a power cut could still take back: `replyWhenWritten`
// and `askWhenWritten` hold messages up until the disk has what they speak of. Invariant: `term` never falls,
// and there is one vote in each.

import type { Log, Random } from '@reeve/runtime';
import type { RaftConfig } from './config.ts';
import type { Server } from './configuration.ts';
import type { HardState } from './hard-state.ts';
import type { Leadership } from './leadership.ts';
import type { ReplicatedLog } from './log.ts';
import type { LogEntry } from './log-entry.ts';
import { Membership } from './membership.ts';
import type { Answer, Request, SnapshotMeta } from './messages.ts';
import type { Outgoing } from './sent.ts';

/** What a server is at the moment. */
export type Role = 'follower' | 'candidate' | 'leader';

/** What a server is made of. */
export interface RaftParts {
  readonly id: string;
  readonly address: string;
  readonly config: RaftConfig;
  readonly random: Random;
  readonly log: Log;
  /** What the disk has. */
  readonly hardState: HardState;
  readonly entries: ReplicatedLog;
  readonly snapshot: SnapshotMeta | undefined;
}

/** One server's state. */
export class RaftState {
  readonly id: string;
  readonly address: string;
  readonly random: Random;
  /** Takes a line for the operator. */
  readonly say: Log;
  readonly log: ReplicatedLog;
  readonly config: RaftConfig;
  /** Monotonic milliseconds, as of the last input. */
  now = 0;
  term: number;
  votedFor: string;
  role: Role = 'follower';
  /** The leader's address; empty while none is known. */
  leader = '';
  /** The leader's connections have closed: it may be dead. */
  isLeaderSuspected = false;
  /** When a leader was last heard, or we last were one; undefined if never. */
  lastContactMs: number | undefined;
  /** When this server becomes a candidate, once more or for the first time. */
  electionAtMs = 0;
  /** Who has voted for us; ids. Bounded by the configuration. */
  votes = new Set<string>();
  /** Who has not voted for us in this election, or cannot be asked; ids. Bounded like `votes`. */
  refusals = new Set<string>();
  /** Why we told the operator that we do not ask for votes; empty if we did not. */
  obstacleTold = '';
  /** How many elections in a row were decided against us and begun again soon. */
  quickElections = 0;
  leadership: Leadership | undefined;
  membership: Membership;
  snapshot: SnapshotMeta | undefined;
  commitIndex: number;
  /** Up to here the state machine has entries, or the snapshot in place of them. */
  appliedIndex = 0;
  /** The disk does not take what it must: no votes, no leading. */
  isDiskBroken = false;
  #isHardStateNew = false;
  /** A write is under way, with a new hard state perhaps. */
  #writing: 'nothing' | 'log' | 'hard-state' = 'nothing';
  #outbox: Outgoing[] = [];
  #heldBack: Outgoing[] = [];

  constructor(parts: RaftParts) {
    const { snapshot, entries } = parts;
    this.id = parts.id;
    this.address = parts.address;
    this.config = parts.config;
    this.random = parts.random;
    this.say = parts.log;
    this.log = entries;
    this.term = parts.hardState.term;
    this.votedFor = parts.hardState.votedFor;
    this.snapshot = snapshot;
    this.commitIndex = snapshot?.index ?? 0;
    this.membership = new Membership(snapshot?.configuration, snapshot?.configurationIndex);
    const { firstIndex, lastIndex } = entries;
    for (let index = Math.max(firstIndex, this.commitIndex + 1); index <= lastIndex; index++) {
      const entry = entries.entryAt(index);
      if (entry !== undefined) this.membership.onAppended(entry);
    }
  }

  get hardState(): HardState {
    return { term: this.term, votedFor: this.votedFor };
  }

  /** Everything that was decided is on the disk. */
  get isHardStateDurable(): boolean {
    return !this.#isHardStateNew && this.#writing !== 'hard-state';
  }

  /** A write is under way. */
  get isWriting(): boolean {
    return this.#writing !== 'nothing';
  }

  /** A term begins, with a vote for somebody or, empty, without one. */
  setHardState(term: number, votedFor: string): void {
    if (term < this.term) throw new Error(`term ${term} is over, this is ${this.term}`);
    this.term = term;
    this.votedFor = votedFor;
    this.#isHardStateNew = true;
  }

  /** Adds an entry to the log. */
  append(entry: LogEntry): void {
    this.log.append(entry);
    this.membership.onAppended(entry);
  }

  /** A moment between `minMs` from now and twice as far. */
  randomlyAfter(minMs: number): number {
    return this.now + minMs * (1 + this.random.float());
  }

  /** Asks at once: what the question says is already durable. */
  ask(to: Server, request: Request, round = 0, epoch = 0): void {
    this.#outbox.push({ kind: 'ask', ask: { to, request, round, epoch, askedAtMs: this.now } });
  }

  /** Asks when the term and the vote are durable. */
  askWhenWritten(to: Server, request: Request): void {
    this.#heldBack.push({ kind: 'ask', ask: { to, request, round: 0, epoch: 0, askedAtMs: this.now } });
  }

  /** Answers when everything is durable. */
  replyWhenWritten(ticket: number, answer: Answer): void {
    this.#heldBack.push({ kind: 'reply', reply: { ticket, answer } });
  }

  /** Answers as soon as the term is durable: the answer does not speak of the log. */
  replyWhenTermIsWritten(ticket: number, answer: Answer): void {
    if (this.isHardStateDurable) this.#outbox.push({ kind: 'reply', reply: { ticket, answer } });
    else this.replyWhenWritten(ticket, answer);
  }

  /** Gives out what may be sent now. */
  takeOutbox(): readonly Outgoing[] {
    const sent = this.#outbox;
    this.#outbox = [];
    return sent;
  }

  /**
   * Gives out what is to be written, and what may be sent after it; nothing while another write is under way.
   * When there is nothing to write, what was held back goes to the outbox.
   */
  takeWrite(): Write | undefined {
    if (this.#writing !== 'nothing') return undefined;
    const changes = this.log.takeChanges();
    const hardState = this.#isHardStateNew ? this.hardState : undefined;
    const thenSend = this.#heldBack;
    this.#heldBack = [];
    if (changes === undefined && hardState === undefined) {
      this.#outbox.push(...thenSend);
      return undefined;
    }
    this.#writing = hardState === undefined ? 'log' : 'hard-state';
    this.#isHardStateNew = false;
    const { removeFrom, removeTo, entries } = changes ?? noChanges;
    return { hardState, removeFrom, removeTo, entries, thenSend };
  }

  /** What was given out last is durable. */
  onWritten(): void {
    this.#writing = 'nothing';
    this.log.onWritten(this.appliedIndex);
  }
}

/** What has to be durable before anything of `thenSend` is sent. */
export interface Write {
  /** The new term and vote; undefined if they are the old ones. */
  readonly hardState: HardState | undefined;
  /** Entries from here on are wrong and go first; undefined when none is. */
  readonly removeFrom: number | undefined;
  /** Entries up to here are in a snapshot and go; 0 when none do. */
  readonly removeTo: number;
  readonly entries: readonly LogEntry[];
  readonly thenSend: readonly Outgoing[];
}

const noChanges = { removeFrom: undefined, removeTo: 0, entries: [] };
