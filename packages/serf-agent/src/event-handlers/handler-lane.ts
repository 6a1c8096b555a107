// A handler with a queue of its own: it waits for nobody and nobody waits for it. Every event passes the
// majority's gate if there is one, is attempted within the time limit, and attempted again, later and later,
// as often as configured. Every failed attempt costs one line in the log.
//
// A lane ends in two steps, so that a successor can go on where it stopped: `retire` hands out what it has
// not begun or would have tried again, `close` waits a while for what runs. Next: event-queue.ts of
// @reeve/serf, majority-gate.ts, action.ts.

import { formatDuration } from '@reeve/cli';
import { EventQueue, matchesEvent } from '@reeve/serf/agent';
import type { SerfEvent } from '@reeve/serf/core';
import type { Action, EventHandlersHost } from './action.ts';
import type { HandlerSpecification } from './handler-entry.ts';
import { MajorityGate } from './majority-gate.ts';
import { pause } from './pause.ts';

/** One handler at work. */
export class HandlerLane {
  readonly specification: HandlerSpecification;
  readonly #action: Action;
  readonly #host: EventHandlersHost;
  readonly #queue: EventQueue;
  readonly #gate: MajorityGate | undefined;
  readonly #retired = new AbortController();
  // Events that wait outside the queue, for a majority or for another attempt. Bounded by the concurrency.
  readonly #parked = new Set<SerfEvent>();

  constructor(specification: HandlerSpecification, action: Action, host: EventHandlersHost) {
    const { command, settings } = specification;
    this.specification = specification;
    this.#action = action;
    this.#host = host;
    if (settings.onlyWithMajority) this.#gate = new MajorityGate(host, command, settings.majoritySettleMs);
    this.#queue = new EventQueue({
      owner: `'${command}'`,
      waitingMax: settings.queueMax,
      whenFull: settings.whenFull,
      concurrency: settings.concurrency,
      log: host.log,
      handle: (event, done) => void this.#handle(event).then(done),
    });
  }

  /** Takes notice of an event of the node, and queues it if the handler wants it. */
  onEvent(event: SerfEvent): void {
    this.#gate?.onArrival(event);
    if (this.specification.filters.some((filter) => matchesEvent(filter, event))) this.#queue.push(event);
  }

  /** Goes on with what a predecessor left, once that has ended. */
  succeed(events: readonly SerfEvent[], ended: Promise<unknown>): void {
    const release = this.#queue.hold();
    void ended.catch(() => {}).then(release);
    for (const event of events) this.onEvent(event);
  }

  /** Begins nothing more, and returns every event that was not finished and does not run. */
  retire(): SerfEvent[] {
    this.#retired.abort();
    return [...this.#parked, ...this.#queue.close()];
  }

  /** Lets what runs finish until `patience` settles, then frees everything. Never rejects. */
  async close(patience: Promise<unknown>): Promise<void> {
    this.retire();
    const idle = new Promise<void>((resolve) => this.#queue.whenIdle(resolve));
    await Promise.race([idle, patience]);
    await this.#action.close();
  }

  async #handle(event: SerfEvent): Promise<void> {
    const { settings } = this.specification;
    for (let attempt = 1; ; attempt++) {
      this.#parked.add(event);
      const ready = await this.#getReady(event);
      this.#parked.delete(event); // in one go with the next line, or a retirement in between would lose it
      if (ready === undefined || this.#retired.signal.aborted) return;
      const failure = ready.failure ?? (await this.#attempt(ready.event));
      if (failure === undefined) return;
      const isLast = attempt > settings.retries || event.kind === 'query' || this.#retired.signal.aborted;
      const delayMs = Math.min(settings.retryDelayMs * 2 ** (attempt - 1), retryDelayMaxMs);
      this.#tellFailure(failure, isLast ? '' : `; trying again in ${formatDuration(delayMs)}`);
      if (isLast) return;
      this.#parked.add(event);
      await pause(delayMs, this.#retired.signal);
    }
  }

  // Resolves with what to attempt, or why that cannot be; with undefined when there is nothing to do.
  async #getReady(event: SerfEvent): Promise<{ event: SerfEvent; failure: string | undefined } | undefined> {
    if (this.#retired.signal.aborted) return undefined;
    const admitted = this.#gate ? await this.#gate.admit(event, this.#retired.signal) : event;
    return admitted && { event: admitted, failure: await this.#action.prepare() };
  }

  async #attempt(event: SerfEvent): Promise<string | undefined> {
    const { timeoutMs } = this.specification.settings;
    const limit = new AbortController();
    const expire = (): void => limit.abort(new Error(`timed out after ${formatDuration(timeoutMs)}`));
    const timer = timeoutMs > 0 ? setTimeout(expire, timeoutMs).unref() : undefined;
    const failure = await this.#action.invoke(event, this.#host.self(), limit.signal);
    clearTimeout(timer);
    return failure;
  }

  #tellFailure(failure: string, next: string): void {
    const { command } = this.specification;
    const inOneLine = failure.replaceAll(/\s*\n\s*/g, ' | ').slice(0, failureCharactersMax);
    this.#host.log('err', `agent: Error invoking ${this.#action.word} '${command}': ${inOneLine}${next}`);
  }
}

const retryDelayMaxMs = 60_000;
const failureCharactersMax = 1000;
