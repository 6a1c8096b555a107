// What a handler does with one event, whether it is a script or a module. Next: script-action.ts,
// module/module-action.ts.

import type { Log, Metrics } from '@reeve/runtime';
import type { Member, SerfEvent } from '@reeve/serf/core';

/** What handlers need from the agent they serve. */
export interface EventHandlersHost {
  readonly nodeName: string;
  /** Ourselves, as of now. */
  self(): Member;
  /** Every known member, as of now. */
  members(): readonly Member[];
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The deed of one handler. */
export interface Action {
  /** `script` or `handler`, for log lines. */
  readonly word: string;
  /** Gets ready for an event, which costs no time of the event's. Resolves like `invoke`. */
  prepare(): Promise<string | undefined>;
  /**
   * Handles an event; resolves with why it failed, or with undefined. Never rejects. When `signal` aborts it
   * stops and resolves within seconds, its reason being part of the failure.
   */
  invoke(event: SerfEvent, self: Member, signal: AbortSignal): Promise<string | undefined>;
  /** Gives back what it holds; whatever still runs is no longer listened to. Never rejects. */
  close(): Promise<void>;
}
