// Answers of servers, kept for as long as they hold: beside each there is a blocking query, and when that
// returns the answer is forgotten. So a question that is asked often costs a server one call for each change.
//
// What is kept is never older than what a stale question may be answered with anyway. The cache that clients
// of HTTP can ask for is another (http/agent-cache.ts): it outlives changes and lost servers, and says how
// old its answers are. Next: catalog.ts.

import type { Caller, Method, QueryMeta, QueryOptions } from '../rpc/methods/index.ts';
import { rescued, soon } from '../waiting/soon.ts';

/** The answers of one caller. */
export class CurrentAnswers {
  readonly #caller: Caller;
  // Bounded by keptMax.
  readonly #kept = new Map<string, Kept>();
  #isClosed = false;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** What is kept under `key`, for which there is one method. */
  get<Answer extends QueryMeta>(key: string): Answer | undefined {
    return this.#kept.get(key)?.answer as Answer | undefined;
  }

  /** Keeps the answer to `question` until there is another one. */
  keep<Question extends QueryOptions, Answer extends QueryMeta>(
    key: string,
    method: Method<Question, Answer>,
    question: Question,
    answer: Answer,
  ): void {
    if (answer.index === 0 || this.#isClosed) return; // there is nothing, or nobody, to wait for
    this.#forget(key);
    if (this.#kept.size >= keptMax) this.#forget(this.#kept.keys().next().value as string);
    const waiting = new AbortController();
    const kept: Kept = { answer, waiting };
    this.#kept.set(key, kept);
    const wait = { ...question, minQueryIndex: answer.index, maxQueryTimeNs: keptNs };
    const onSettled = () => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    };
    void rescued(() => soon(this.#caller.call(method, wait, waiting.signal), onSettled), onSettled);
  }

  /** Forgets everything, and neither keeps nor waits for anything any more. */
  close(): void {
    this.#isClosed = true;
    for (const key of [...this.#kept.keys()]) this.#forget(key);
  }

  #forget(key: string): void {
    this.#kept.get(key)?.waiting.abort();
    this.#kept.delete(key);
  }
}

interface Kept {
  readonly answer: QueryMeta;
  readonly waiting: AbortController;
}

/** As many different questions; the one that was kept first goes first. */
const keptMax = 512;
/** A minute; then a server is asked in any case. */
const keptNs = 60e9;
