// Gives events to scripts: one event at a time, scripts in configured order, each waited for.
// Upstream: cmd/serf/command/agent/event_handler.go (ScriptEventHandler), invoke.go.
//
// Upstream's queue is the whole chain of event channels: a slow handler in the end stalls serf itself. Here
// events wait in a queue of their own, `pendingMax` long. When it is full a new event is dropped, with a
// line in the log: those that wait keep their order, and the node keeps answering its cluster.

import type { Log, Metrics } from '@reeve/runtime';
import type { Member, SerfEvent } from '@reeve/serf';
import { errorText } from '../error-text.ts';
import { matchesEvent } from '../rpc/event-filter.ts';
import { handlerEnvironment } from './environment.ts';
import type { EventScript } from './event-script.ts';
import { runScript, type ScriptRun } from './script-run.ts';
import { handlerInput } from './standard-input.ts';

/** What handlers need from the agent they serve. */
export interface EventHandlersHost {
  /** Ourselves, as of now. */
  self(): Member;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The scripts of one agent. */
export class EventHandlers {
  readonly #host: EventHandlersHost;
  #scripts: readonly EventScript[];
  // Bounded by pendingMax. The event being handled is not in it.
  #pending: SerfEvent[] = [];
  #busy = false;
  #closed = false;
  #run: ScriptRun | undefined;

  constructor(host: EventHandlersHost, scripts: readonly EventScript[]) {
    this.#host = host;
    this.#scripts = scripts;
  }

  /** Queues an event. */
  onEvent(event: SerfEvent): void {
    if (this.#closed || this.#scripts.length === 0) return;
    if (this.#pending.length >= pendingMax) {
      this.#host.log('warn', `agent: Dropping ${eventText(event)}: ${pendingMax} events wait for handlers`);
      return;
    }
    this.#pending.push(event);
    if (!this.#busy) void this.#work();
  }

  /** Other scripts, from the next event that is handled on. */
  replaceScripts(scripts: readonly EventScript[]): void {
    this.#scripts = scripts;
  }

  /** Forgets what waits. A script that runs is left alone: it may be about to do what it was written for. */
  close(): void {
    this.#closed = true;
    this.#pending = [];
    this.#run?.abandon();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let event = this.#pending.shift(); event; event = this.#pending.shift()) await this.#handle(event);
    this.#busy = false;
  }

  async #handle(event: SerfEvent): Promise<void> {
    const self = this.#host.self();
    for (const script of this.#scripts) {
      if (!this.#closed && matchesEvent(script.filter, event))
        await this.#invoke(script.command, self, event);
    }
  }

  async #invoke(command: string, self: Member, event: SerfEvent): Promise<void> {
    const { log, metrics } = this.#host;
    const startedAt = performance.now();
    this.#run = runScript(command, handlerEnvironment(self, event), handlerInput(event));
    const slow = setTimeout(() => {
      if (!this.#closed) log('warn', `agent: Script '${command}' slow, execution exceeding 1s`);
    }, slowAfterMs).unref();
    const { output, failure } = await this.#run.outcome;
    clearTimeout(slow);
    metrics.sample(`agent.invoke.${command}`, performance.now() - startedAt);
    log('debug', `agent: Event '${event.kind}' script output: ${new TextDecoder().decode(output)}`);
    if (failure !== undefined) log('err', `agent: Error invoking script '${command}': ${failure}`);
    else if (event.kind === 'query' && output.length > 0) this.#respond(event, output);
  }

  #respond(query: Extract<SerfEvent, { kind: 'query' }>, output: Uint8Array): void {
    try {
      query.respond(output);
    } catch (error) {
      this.#host.log('warn', `agent: Failed to respond to query '${eventText(query)}': ${errorText(error)}`);
    }
  }
}

/** An event as log lines name it: `member-join`, `user-event: deploy`, `query: load`. */
export function eventText(event: SerfEvent): string {
  if (event.kind === 'user') return `user-event: ${event.name}`;
  if (event.kind === 'query') return `query: ${event.name}`;
  return event.kind;
}

// With events of at most 9 KiB: under 5 MiB.
const pendingMax = 512;
const slowAfterMs = 1000;
