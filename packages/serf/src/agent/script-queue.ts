// The scripts of the original: one event at a time, scripts in configured order, each waited for. A slow
// script delays all later events; one with settings of its own (handler-lane.ts) does not.
// Upstream: cmd/serf/command/agent/event_handler.go (ScriptEventHandler).

import type { Log } from '@reeve/runtime';
import type { Member, SerfEvent } from '../core/index.ts';
import { matchesEvent } from './event-filter.ts';
import { EventQueue } from './event-queue.ts';
import type { EventScript } from './event-script.ts';

/** Whom a queue serves, and what runs its scripts. */
export interface ScriptQueueOptions {
  /** Ourselves, as of now. */
  self(): Member;
  readonly log: Log;
  readonly startScript: StartScript;
}

/**
 * Starts a command for an event; at its end, never inside this call, `done` is told why it failed, or
 * undefined.
 */
export type StartScript = (
  command: string,
  event: SerfEvent,
  self: Member,
  done: (failure: string | undefined) => void,
) => RunningScript;

/** A script that runs. */
export interface RunningScript {
  /** Leaves it alone: it may be about to do what it was written for. `done` is not called any more. */
  abandon(): void;
}

/** The scripts that share a queue. */
export class ScriptQueue {
  readonly #options: ScriptQueueOptions;
  readonly #queue: EventQueue;
  #scripts: readonly EventScript[] = [];
  #running: RunningScript | undefined;
  #isClosed = false;

  constructor(options: ScriptQueueOptions) {
    this.#options = options;
    this.#queue = new EventQueue({
      owner: 'handlers',
      waitingMax,
      whenFull: 'drop-newest',
      concurrency: 1,
      log: options.log,
      handle: (event, done) => this.#handle(event, done),
    });
  }

  /** Queues an event. */
  onEvent(event: SerfEvent): void {
    if (this.#scripts.length > 0) this.#queue.push(event);
  }

  /** Other scripts, from the next event that is handled on. */
  replaceScripts(scripts: readonly EventScript[]): void {
    this.#scripts = scripts;
  }

  /** Forgets what waits. A script that runs is left alone. */
  close(): void {
    this.#isClosed = true;
    this.#queue.close();
    this.#running?.abandon();
  }

  #handle(event: SerfEvent, done: () => void): void {
    const wanted = this.#scripts.filter(({ filter }) => matchesEvent(filter, event));
    this.#runEach(wanted, event, this.#options.self(), done);
  }

  #runEach(scripts: readonly EventScript[], event: SerfEvent, self: Member, done: () => void): void {
    const [first, ...others] = scripts;
    if (first === undefined || this.#isClosed) return done();
    const { log, startScript } = this.#options;
    this.#running = startScript(first.command, event, self, (failure) => {
      this.#running = undefined;
      if (failure !== undefined) log('err', `agent: Error invoking script '${first.command}': ${failure}`);
      this.#runEach(others, event, self, done);
    });
  }
}

// With events of at most 9 KiB: under 5 MiB.
const waitingMax = 512;
