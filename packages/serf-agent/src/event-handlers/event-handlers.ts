// All handlers of one agent: the scripts of the original in their common queue, and the handlers with a
// queue of their own. A new configuration replaces them all at once or not at all: first everything new is
// set up, then the old stops beginning events, and each new handler goes on with what waited for the old one
// of the same command as soon as that has ended. Next: script-queue.ts of @reeve/serf, handler-lane.ts,
// module/module-action.ts.

import { ScriptQueue } from '@reeve/serf/agent';
import type { SerfEvent } from '@reeve/serf/core';
import type { Action, EventHandlersHost } from './action.ts';
import type { HandlerPlan, HandlerSpecification } from './handler-entry.ts';
import { HandlerLane } from './handler-lane.ts';
import { pause } from './pause.ts';
import { ScriptAction, startScript } from './script-action.ts';

/** The handlers of one agent; at first none. */
export class EventHandlers {
  readonly #host: EventHandlersHost;
  readonly #scripts: ScriptQueue;
  #lanes: readonly HandlerLane[] = [];
  // Settles when every handler that was replaced has ended.
  #replaced: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(host: EventHandlersHost) {
    this.#host = host;
    this.#scripts = new ScriptQueue({
      self: () => host.self(),
      log: host.log,
      startScript: (command, event, self, done) => startScript(command, event, self, host, done),
    });
  }

  /** Gives an event to every handler that wants it. */
  onEvent(event: SerfEvent): void {
    this.#scripts.onEvent(event);
    for (const lane of this.#lanes) lane.onEvent(event);
  }

  /** Puts these handlers in the place of all others. Rejects and changes nothing if one cannot be set up. */
  async replace(plan: HandlerPlan): Promise<void> {
    const lanes = await startLanes(plan.own, this.#host);
    if (this.#closing.signal.aborted) return closeAll(lanes);
    const old = this.#lanes;
    this.#lanes = lanes;
    this.#scripts.replaceScripts(plan.scripts);
    const heirs = new Set(lanes);
    this.#replaced = Promise.all([this.#replaced, ...old.map((lane) => this.#succeed(lane, heirs))]);
  }

  /** Forgets what waits and ends every module; scripts that run are left alone. Never rejects. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#scripts.close();
    await Promise.all([closeAll(this.#lanes), this.#replaced]);
  }

  // The heir of a handler is the first of the same command. Settles when the old one has ended.
  #succeed(old: HandlerLane, heirs: Set<HandlerLane>): Promise<unknown> {
    const { command } = old.specification;
    const events = old.retire();
    const ended = Promise.all([this.#replaced, old.close(pause(drainMs, this.#closing.signal))]);
    const heir = [...heirs].find(({ specification }) => specification.command === command);
    if (heir !== undefined) {
      heirs.delete(heir);
      heir.succeed(events, ended);
    } else if (events.length > 0) {
      const what = `${events.length} events that wait for '${command}'`;
      this.#host.log('warn', `agent: Dropping ${what}, which is no longer configured`);
    }
    return ended;
  }
}

async function startLanes(
  specifications: readonly HandlerSpecification[],
  host: EventHandlersHost,
): Promise<HandlerLane[]> {
  const starts = await Promise.allSettled(specifications.map((wanted) => startLane(wanted, host)));
  const lanes = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return lanes;
  await closeAll(lanes);
  throw failed.reason;
}

async function startLane(wanted: HandlerSpecification, host: EventHandlersHost): Promise<HandlerLane> {
  return new HandlerLane(wanted, await createAction(wanted, host), host);
}

async function createAction(wanted: HandlerSpecification, host: EventHandlersHost): Promise<Action> {
  if (wanted.module === undefined) return new ScriptAction(wanted.command, host);
  const { ModuleAction } = await import('./module/module-action.ts'); // most agents need no threads
  return ModuleAction.start({ ...wanted, module: wanted.module }, host);
}

async function closeAll(lanes: readonly HandlerLane[]): Promise<void> {
  await Promise.all(lanes.map((lane) => lane.close(Promise.resolve())));
}

// How long what runs may take when its handler is replaced, before the handler is closed.
const drainMs = 5_000;
