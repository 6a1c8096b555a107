// Where clients of a simulated cluster act: they choose servers, ask over HTTP, wait on virtual time, and
// note what they were told.

import type { ConsulServer } from '../../dist/server/consul-server.js';
import { pause } from '../../dist/waiting/pause.js';
import { type Answer, type AskHttp, httpOf } from '../kit/ask-http.js';
import type { Cluster } from '../kit/cluster.js';
import type { Hold, KeyOperation, SeenIndex, Waiting } from './history.ts';

/** An answer, and when it was asked for and given; undefined: none came, or an error. */
export interface Asked {
  readonly answer: Answer | undefined;
  readonly invoked: number;
  readonly returned: number;
  readonly askedMs: number;
  readonly toldMs: number;
  /** The one leader from the beginning to the end; undefined: there may have been others. */
  readonly leader: string | undefined;
}

/** The stage of one run. */
export class Stage {
  readonly cluster: Cluster;
  readonly keys: KeyOperation[] = [];
  readonly indexes: SeenIndex[] = [];
  readonly holds: Hold[] = [];
  readonly waiting = new Set<Waiting>();
  /** Until then clients begin something new. */
  readonly endsAtMs: number;
  /** What is wrong, once something is. */
  flaw: string | undefined;
  wakeUps = 0;
  readonly #asks = new WeakMap<ConsulServer, AskHttp>();
  #moments = 0;
  #values = 0;

  constructor(cluster: Cluster, forMs: number) {
    this.cluster = cluster;
    this.endsAtMs = cluster.world.now + forMs;
  }

  get nowMs(): number {
    return this.cluster.world.now;
  }

  get isOver(): boolean {
    return this.nowMs >= this.endsAtMs;
  }

  /** A value that nobody has written before. */
  newValue(): string {
    return `v${++this.#values}`;
  }

  /** A name of a list, by chance. */
  oneOf<Item>(items: readonly Item[]): Item {
    const item = items[this.cluster.random.below(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }

  /** Up to `maxMs`, by chance. */
  async pause(maxMs: number): Promise<void> {
    await pause(this.#clients, this.cluster.random.float() * maxMs);
  }

  /** Asks any server that runs, as long as a client has patience. */
  ask(request: string, body = ''): Promise<Asked> {
    return this.askAt(this.#anyServer(), request, body, this.oneOf(patienceMs));
  }

  /** Asks any server the same so many times at once. */
  askTogether(times: number, request: string): Promise<Asked[]> {
    const name = this.#anyServer();
    const patience = this.oneOf(patienceMs);
    return Promise.all(Array.from({ length: times }, () => this.askAt(name, request, '', patience)));
  }

  /** Asks one server. */
  async askAt(name: string, request: string, body: string, patienceMs: number): Promise<Asked> {
    const server = this.cluster.servers.get(name);
    const leader = this.cluster.onlyLeader;
    const invoked = ++this.#moments;
    const askedMs = this.nowMs;
    const late = pause(this.#clients, patienceMs).then(() => undefined);
    const answer = await Promise.race([
      server === undefined ? late : this.#answerOf(name, request, body),
      late,
    ]);
    const isSame = leader !== undefined && leader === this.cluster.onlyLeader;
    return {
      answer: answer === undefined || answer.status >= 500 ? undefined : answer,
      invoked,
      returned: ++this.#moments,
      askedMs,
      toldMs: this.nowMs,
      leader: isSame ? leader : undefined,
    };
  }

  /** A process that stands still hears of a request afterwards, and one that dies never. */
  async #answerOf(name: string, request: string, body: string): Promise<Answer | undefined> {
    await pause(this.cluster.host(name).runtime, 0);
    const server = this.cluster.servers.get(name);
    if (server === undefined) return undefined;
    const ask = this.#asks.get(server) ?? httpOf(server.caller);
    this.#asks.set(server, ask);
    return ask(request, body);
  }

  #anyServer(): string {
    const names = [...this.cluster.servers.keys()];
    return names.length === 0 ? '' : this.oneOf(names);
  }

  /** Clients live on a machine that nothing ever happens to. */
  get #clients() {
    return this.cluster.world.host('10.0.1.1').runtime;
  }
}

/** Some wait longer than a server holds a request that finds no leader; most ask another server soon. */
const patienceMs = [1_000, 1_000, 1_000, 15_000];
