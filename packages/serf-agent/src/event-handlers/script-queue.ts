// The scripts of the original: one event at a time, scripts in configured order, each waited for. A slow
// script delays all later events; one with settings of its own (handler-lane.ts) does not.
// Upstream: cmd/serf/command/agent/event_handler.go (ScriptEventHandler).

import type { SerfEvent } from '@reeve/serf/core';
import { matchesEvent } from '../rpc/event-filter.ts';
import type { EventHandlersHost } from './action.ts';
import { EventQueue } from './event-queue.ts';
import type { EventScript } from './event-script.ts';
import { ScriptAction } from './script-action.ts';

/** The scripts that share a queue. */
export class ScriptQueue {
  readonly #host: EventHandlersHost;
  readonly #queue: EventQueue;
  #scripts: readonly EventScript[] = [];
  #running: ScriptAction | undefined;
  #isClosed = false;

  constructor(host: EventHandlersHost) {
    this.#host = host;
    this.#queue = new EventQueue({
      owner: 'handlers',
      waitingMax,
      whenFull: 'drop-newest',
      concurrency: 1,
      log: host.log,
      handle: (event) => this.#handle(event),
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
    void this.#running?.close();
  }

  async #handle(event: SerfEvent): Promise<void> {
    const self = this.#host.self();
    for (const { filter, command } of this.#scripts) {
      if (this.#isClosed || !matchesEvent(filter, event)) continue;
      this.#running = new ScriptAction(command, this.#host);
      const failure = await this.#running.invoke(event, self);
      if (failure !== undefined)
        this.#host.log('err', `agent: Error invoking script '${command}': ${failure}`);
    }
  }
}

// With events of at most 9 KiB: under 5 MiB.
const waitingMax = 512;
