// A core on its own: its disk is memory and writes when told to, what it sends is kept, time is a number.

import { MemoryLogDisk } from '@reeve/raft';
import {
  type Answer,
  type Ask,
  type Batch,
  type Configuration,
  defaultConfig,
  type HardState,
  type LogEntry,
  Raft,
  type RaftConfig,
  ReplicatedLog,
  type Request,
  type Server,
  type SnapshotMeta,
} from '@reeve/raft/core';
import { silentLog } from '@reeve/runtime';
import { SeededRandom } from '@reeve/runtime/virtual';

/** Server `n`: id `s1`, address `10.0.0.1:8300`. */
export function server(n: number, suffrage: Server['suffrage'] = 'voter'): Server {
  return { suffrage, id: `s${n}`, address: `10.0.0.${n}:8300` };
}

/** Servers 1 to n as voters. */
export function voters(n: number): Configuration {
  return { servers: Array.from({ length: n }, (_, i) => server(i + 1)) };
}

/** An entry with a command. */
export function entry(index: number, term: number, text = `command ${index}`): LogEntry {
  return { index, term, type: 'command', data: Buffer.from(text), extensions: new Uint8Array() };
}

/** What a core under test starts with. */
export interface BenchOptions {
  readonly config?: Partial<RaftConfig>;
  readonly hardState?: HardState;
  /** All entries of its log; the first must be a configuration, unless there is a snapshot. */
  readonly entries?: readonly LogEntry[];
  readonly snapshot?: SnapshotMeta;
}

/** Server 1 and its surroundings. */
export class Bench {
  readonly raft: Raft;
  readonly disk = new MemoryLogDisk();
  now = 0;
  asks: Ask[] = [];
  replies: { readonly ticket: number; readonly answer: Answer }[] = [];
  applied: LogEntry[] = [];
  verified: number[] = [];
  restored: SnapshotMeta[] = [];
  #tickets = 0;

  constructor(options: BenchOptions = {}) {
    const { hardState = { term: 0, votedFor: '' }, entries = [], snapshot } = options;
    const { disk } = this;
    disk.hardState = hardState;
    disk.firstIndex = entries[0]?.index ?? 1;
    disk.entries.push(...entries);
    const reader = {
      get firstIndex() {
        return disk.firstIndex;
      },
      get lastIndex() {
        return disk.firstIndex + disk.entries.length - 1;
      },
      read: (index: number) => disk.entries[index - disk.firstIndex],
    };
    this.raft = new Raft(
      {
        id: 's1',
        address: '10.0.0.1:8300',
        config: { ...defaultConfig, ...options.config },
        random: new SeededRandom(1),
        log: silentLog,
        hardState,
        entries: new ReplicatedLog(reader, snapshot ?? { index: 0, term: 0 }),
        snapshot,
      },
      this.now,
    );
  }

  get state() {
    return this.raft.state;
  }

  /** Everything that can be done is done, writes too. */
  settle(): this {
    for (let batch = this.raft.ready(); this.keep(batch); batch = this.raft.ready());
    return this;
  }

  /** Carries one batch out; false when there was nothing in it. */
  keep(batch: Batch, isWritten = true): boolean {
    this.#keepSent(batch.send);
    this.verified.push(...batch.verified);
    if (batch.restore !== undefined) this.restored.push(batch.restore);
    this.applied.push(...batch.apply);
    if (batch.restore !== undefined || batch.apply.length > 0) this.raft.onApplied();
    if (batch.write === undefined) return batch.send.length + batch.apply.length > 0;
    if (!isWritten) return true;
    this.disk.apply(batch.write);
    this.#keepSent(batch.write.thenSend);
    this.raft.onWritten();
    return true;
  }

  /** Lets time pass. */
  pass(ms: number): this {
    this.now += ms;
    this.raft.tick(this.now);
    return this.settle();
  }

  /** Another server asks; returns the answer, if there is one by now. */
  hear(request: Request): Answer | undefined {
    const ticket = ++this.#tickets;
    this.raft.step(this.now, { kind: 'asked', ticket, request });
    this.settle();
    return this.replies.find((reply) => reply.ticket === ticket)?.answer;
  }

  /** The questions of a kind that were asked and not taken yet, to a server or to all. */
  take<K extends Request['kind']>(
    kind: K,
    to?: string,
  ): (Ask & { request: Extract<Request, { kind: K }> })[] {
    const isMeant = (ask: Ask): boolean =>
      ask.request.kind === kind && (to === undefined || ask.to.id === to);
    const taken = this.asks.filter(isMeant);
    this.asks = this.asks.filter((ask) => !isMeant(ask));
    return taken as (Ask & { request: Extract<Request, { kind: K }> })[];
  }

  /** A question is answered. */
  answer(ask: Ask | undefined, answer: Answer): this {
    if (ask === undefined) throw new Error('nothing was asked');
    this.raft.step(this.now, { kind: 'answered', ask, answer });
    return this.settle();
  }

  /** A question cannot be answered. */
  fail(ask: Ask | undefined): this {
    if (ask === undefined) throw new Error('nothing was asked');
    this.raft.step(this.now, { kind: 'failed', ask });
    return this.settle();
  }

  /** Entries were taken over, or not. */
  appended(ask: Ask | undefined, isSuccess = true, lastIndex = 0): this {
    const { term } = this.state;
    return this.answer(ask, {
      kind: 'append-answer',
      term,
      lastIndex,
      isSuccess,
      noRetryBackoff: !isSuccess,
    });
  }

  /** Everybody votes for us. */
  elect(): this {
    this.pass(5_000);
    for (const ask of this.take('request-vote')) {
      this.answer(ask, { kind: 'vote-answer', term: this.state.term, isGranted: true });
    }
    if (this.state.role !== 'leader') throw new Error('not elected');
    return this;
  }

  /** All other servers take everything over that they are sent, until nothing is sent. */
  agree(): this {
    for (let asks = this.take('append-entries'); asks.length > 0; asks = this.take('append-entries')) {
      for (const ask of asks) this.appended(ask);
    }
    return this;
  }

  #keepSent(sent: Batch['send']): void {
    for (const message of sent) {
      if (message.kind === 'ask') this.asks.push(message.ask);
      else this.replies.push(message.reply);
    }
  }
}

/** Server 1 of so many, bootstrapped. */
export function member(of: number, options: BenchOptions = {}): Bench {
  const bench = new Bench(options);
  bench.raft.bootstrap(voters(of));
  return bench.settle();
}

/** Server 1 of so many, which leads in term 2 and has committed entry 2, its own. */
export function leader(of: number, options: BenchOptions = {}): Bench {
  return member(of, options).elect().agree();
}
