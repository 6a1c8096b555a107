// The contract between the serf agent and an event handler that is a module: its default export is a
// Handler. The agent runs each configured handler in a thread of its own, so nothing a handler does or
// fails to do hurts the agent: it may throw, hang, leak or exit.
//
// Life: `setup` once, then `onMemberEvent` and `onEvent` for each event that the configuration lets through
// (one at a time unless `concurrency` says otherwise), at last `close`. After a crash, and on SIGHUP, a new
// thread begins again with `setup`.

import type { HandlerEvent, Member, MemberEvent } from './events.ts';

/** Lines for the agent's log. The agent puts the handler's name before each. */
export interface HandlerLog {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** What `setup` can use. The node need not have started yet, so there are no members to ask for. */
export interface SetupContext {
  /** The name of the node the handler serves. */
  readonly nodeName: string;
  readonly log: HandlerLog;
}

/** What the handling of one event can use. */
export interface HandlerContext<State> {
  /** What `setup` returned. */
  readonly state: State;
  /** The node the handler serves, as of the event. */
  readonly self: Member;
  readonly log: HandlerLog;
  /**
   * Aborts when the event has taken longer than the handler's `timeout`, or when the handler is being
   * closed; hand it to whatever waits. A handler that goes on for two seconds more loses its thread.
   */
  readonly signal: AbortSignal;
  /** Every member the node knows right now, itself and those that failed or left included. */
  members(): Promise<readonly Member[]>;
}

/** An event handler: the default export of a handler module. It has at least one of the `on…` methods. */
export interface Handler<State = undefined> {
  /** What the log calls it. */
  readonly name: string;
  /**
   * Reads `options` (those of the configuration, checked by nobody yet) and prepares whatever the handler
   * needs; what it returns is the `state` of all later calls. When it throws, the agent does not start and
   * the error's text is what the operator gets: name the option and what it should be. At most 10 seconds.
   */
  setup?(options: Readonly<Record<string, unknown>>, context: SetupContext): State | Promise<State>;
  /** Handles what happened to members. Failing is throwing: it is logged and, if configured so, retried. */
  onMemberEvent?(event: MemberEvent, context: HandlerContext<State>): void | Promise<void>;
  /** Handles everything that `onMemberEvent` does not; without that method, member events too. */
  onEvent?(event: HandlerEvent, context: HandlerContext<State>): void | Promise<void>;
  /** Gives back what `setup` took. At most 2 seconds. */
  close?(state: State): void | Promise<void>;
}

/**
 * Gives a handler its types; at run time it returns its argument.
 *
 * ```ts
 * export default defineHandler({
 *   name: 'greet',
 *   setup: ({ greeting }) => ({ greeting: String(greeting ?? 'hello') }),
 *   onMemberEvent(event, { state, log }) {
 *     for (const member of event.members) log.info(`${event.kind}: ${state.greeting} ${member.name}`);
 *   },
 * });
 * ```
 */
export function defineHandler<State = undefined>(handler: Handler<State>): Handler<State> {
  return handler;
}
