// Runs a script for an event, and answers a query with what the script prints.
// Upstream: cmd/serf/command/agent/invoke.go (invokeEventScript). Next: script-run.ts for the process,
// environment.ts and standard-input.ts for what it gets.

import type { RunningScript } from '@reeve/serf/agent';
import type { Member, SerfEvent } from '@reeve/serf/core';
import type { Action, EventHandlersHost } from './action.ts';
import { handlerEnvironment } from './environment.ts';
import { respond } from './respond.ts';
import { runScript, type ScriptRun } from './script-run.ts';
import { handlerInput } from './standard-input.ts';

/** A shell command as a handler. */
export class ScriptAction implements Action {
  readonly word = 'script';
  readonly #command: string;
  readonly #host: EventHandlersHost;
  // Bounded by the concurrency of whoever invokes us.
  readonly #runs = new Set<ScriptRun>();
  #isClosed = false;

  constructor(command: string, host: EventHandlersHost) {
    this.#command = command;
    this.#host = host;
  }

  async prepare(): Promise<undefined> {}

  async invoke(event: SerfEvent, self: Member, signal?: AbortSignal): Promise<string | undefined> {
    const { log, metrics } = this.#host;
    const command = this.#command;
    const startedAt = performance.now();
    const run = runScript(command, handlerEnvironment(self, event), handlerInput(event), signal);
    this.#runs.add(run);
    const slow = setTimeout(() => {
      if (!this.#isClosed) log('warn', `agent: Script '${command}' slow, execution exceeding 1s`);
    }, slowAfterMs).unref();
    const { output, failure } = await run.outcome;
    this.#runs.delete(run);
    clearTimeout(slow);
    metrics.sample(`agent.invoke.${command}`, performance.now() - startedAt);
    log('debug', `agent: Event '${event.kind}' script output: ${new TextDecoder().decode(output)}`);
    if (failure === undefined && event.kind === 'query' && output.length > 0)
      respond(event, output, this.#host);
    return failure;
  }

  /** A script that runs is left alone: it may be about to do what it was written for. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const run of this.#runs) run.abandon();
  }
}

/** Starts a script of the common queue. */
export function startScript(
  command: string,
  event: SerfEvent,
  self: Member,
  host: EventHandlersHost,
  done: (failure: string | undefined) => void,
): RunningScript {
  const action = new ScriptAction(command, host);
  void action.invoke(event, self).then(done);
  return { abandon: () => void action.close() };
}

const slowAfterMs = 1000;
