// What an agent remembers for `?cached`: a question is asked once and then kept answered, by a question in
// the background that waits for changes. An answer is as fresh as one of a server, and costs nothing.
// Upstream: agent/cache/cache.go, for the types with `Refresh`; they ignore how old an answer may be.

import { encodeWith, gossipDialect } from '@reeve/bytes';
import type { Runtime } from '@reeve/runtime';
import {
  type Caller,
  type Method,
  noQueryOptions,
  type QueryMeta,
  type QueryOptions,
} from '../rpc/methods/index.ts';
import type { CallSignal } from '../waiting/call-signal.ts';
import { pause } from '../waiting/pause.ts';

/** An answer, and where it comes from. */
export interface CachedAnswer<Answer> {
  readonly answer: Answer;
  /** It was there already. */
  readonly isHit: boolean;
  /** So long ago the servers were lost; 0: the answer is as they have it. */
  readonly ageMs: number;
}

interface Entry<Answer> {
  answer: Answer;
  lostAt: number | undefined;
  usedAt: number;
  /** Requests that wait for another index. */
  readonly waiting: Set<() => void>;
}

/** The answers of one agent. */
export class AgentCache {
  readonly #caller: Caller;
  readonly #runtime: Pick<Runtime, 'clock' | 'timers'>;
  readonly #isOver = new AbortController();
  // By method and question; bounded by `entriesMax`, beyond which questions are asked each time.
  readonly #entries = new Map<string, Promise<Entry<QueryMeta>>>();
  // By method.
  readonly #answers = new Map<string, { readonly answer: unknown; readonly askedAt: number }>();

  constructor(caller: Caller, runtime: Pick<Runtime, 'clock' | 'timers'>) {
    this.#caller = caller;
    this.#runtime = runtime;
  }

  /** The answer; one to a question that names an index waits, as the servers would let it. */
  async get<Question extends QueryOptions, Answer extends QueryMeta>(
    method: Method<Question, Answer>,
    question: Question,
    signal: CallSignal,
  ): Promise<CachedAnswer<Answer>> {
    const plain: Question = { ...question, ...withoutManner, allowStale: true };
    const key = `${method.name} ${keyOf(method, plain)}`;
    const known = this.#entries.get(key);
    if (known === undefined && this.#entries.size >= entriesMax) {
      return { answer: await this.#caller.call(method, question, signal), isHit: false, ageMs: 0 };
    }
    const entry = (await (known ?? this.#begin(key, method, plain))) as Entry<Answer>;
    const { clock } = this.#runtime;
    entry.usedAt = clock.now();
    const isNews = entry.answer.index > question.minQueryIndex;
    if (!isNews) await this.#change(entry, question, signal);
    const ageMs = entry.lostAt === undefined ? 0 : clock.now() - entry.lostAt;
    return { answer: entry.answer, isHit: known !== undefined && isNews, ageMs };
  }

  /** The answer to a question that nobody waits for: asked again where the request wants a younger one. */
  async getOnce<Question extends QueryOptions, Answer>(
    method: Method<Question, Answer>,
    question: Question,
  ): Promise<CachedAnswer<Answer>> {
    const { clock } = this.#runtime;
    const known = this.#answers.get(method.name);
    const ageMs = known === undefined ? 0 : clock.now() - known.askedAt;
    const { mustRevalidate, maxAgeNs } = question;
    const isTooOld = mustRevalidate || ageMs > unusedMsMax || (maxAgeNs > 0 && ageMs > maxAgeNs / nsPerMs);
    if (known !== undefined && !isTooOld) return { answer: known.answer as Answer, isHit: true, ageMs };
    const answer = await this.#caller.call(method, { ...question, allowStale: true });
    this.#answers.set(method.name, { answer, askedAt: clock.now() });
    return { answer, isHit: false, ageMs: 0 };
  }

  /** Asks nothing any more. */
  stop(): void {
    this.#isOver.abort();
    this.#entries.clear();
  }

  #begin<Question extends QueryOptions, Answer extends QueryMeta>(
    key: string,
    method: Method<Question, Answer>,
    question: Question,
  ): Promise<Entry<Answer>> {
    const begun = this.#ask(key, method, question);
    this.#entries.set(key, begun);
    begun.catch(() => this.#entries.delete(key)); // the next request tries again
    return begun;
  }

  async #ask<Question extends QueryOptions, Answer extends QueryMeta>(
    key: string,
    method: Method<Question, Answer>,
    question: Question,
  ): Promise<Entry<Answer>> {
    const answer = await this.#caller.call(method, question, this.#isOver.signal);
    const waiting = new Set<() => void>();
    const entry = { answer, lostAt: undefined, usedAt: this.#runtime.clock.now(), waiting };
    void this.#keep(key, entry, method, question);
    return entry;
  }

  /** Keeps an answer fresh until nobody has wanted it for long. */
  async #keep<Question extends QueryOptions, Answer extends QueryMeta>(
    key: string,
    entry: Entry<Answer>,
    method: Method<Question, Answer>,
    question: Question,
  ): Promise<void> {
    const { clock } = this.#runtime;
    const { signal } = this.#isOver;
    while (!signal.aborted && clock.now() - entry.usedAt < unusedMsMax) {
      const minQueryIndex = Math.max(entry.answer.index, 1);
      try {
        const answer = await this.#caller.call(
          method,
          { ...question, minQueryIndex, maxQueryTimeNs },
          signal,
        );
        entry.lostAt = undefined;
        const isSame = answer.index === entry.answer.index;
        entry.answer = answer;
        if (isSame)
          await pause(this.#runtime, betweenMs, signal); // whoever answers at once is not asked at once
        else for (const look of [...entry.waiting]) look();
      } catch {
        entry.lostAt ??= clock.now(); // a waiting request has its time; others see the age
        await pause(this.#runtime, betweenMs, signal);
      }
    }
    this.#entries.delete(key);
  }

  #change(entry: Entry<QueryMeta>, question: QueryOptions, signal: CallSignal): Promise<void> {
    const asked = question.maxQueryTimeNs / nsPerMs;
    return new Promise((resolve) => {
      const settle = () => {
        timer.cancel();
        entry.waiting.delete(look);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      const look = () => {
        if (entry.answer.index > question.minQueryIndex) settle();
      };
      const timer = this.#runtime.timers.after(asked > 0 ? Math.min(asked, waitMsMax) : waitMsMax, settle);
      signal.addEventListener('abort', settle, { once: true });
      entry.waiting.add(look);
    });
  }
}

/** Questions that differ only in how they want to be answered have one answer. */
function keyOf<Question, Answer>({ request }: Method<Question, Answer>, question: Question): string {
  return Buffer.from(encodeWith(request, gossipDialect, question)).toString('latin1');
}

const { datacenter: _, token: __, filter: ___, ...withoutManner } = noQueryOptions;

/** Upstream's, but for the first: it remembers whatever it is asked. */
const entriesMax = 4_096;
const unusedMsMax = 3 * 24 * 60 * 60 * 1000;
const waitMsMax = 600_000;
const maxQueryTimeNs = 600e9;
const betweenMs = 1_000;
const nsPerMs = 1e6;
