// What the agent and the thread of a handler module tell each other. Plain data that can be copied between
// threads. Next: module-thread.ts (the agent's end), thread-main.ts (the module's end).

import type { JsonObject } from '@reeve/cli';
import type { HandlerEvent, Member, MemberEvent, QueryEvent, UserEvent } from '@reeve/handler-api';
import type { SerfEvent, Member as SerfMember } from '@reeve/serf/core';
import type { ModuleReference } from '../handler-entry.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly module: ModuleReference;
  readonly options: JsonObject;
  readonly nodeName: string;
}

/** An event without the means to answer it. */
export type CopiedEvent = MemberEvent | UserEvent | Omit<QueryEvent, 'respond'>;

/** From the agent. */
export type ToThread =
  | { readonly kind: 'event'; readonly run: number; readonly event: CopiedEvent; readonly self: Member }
  | { readonly kind: 'abort'; readonly run: number; readonly reason: string }
  | { readonly kind: 'members'; readonly request: number; readonly members: readonly Member[] }
  | { readonly kind: 'close' };

/** From the module. */
export type FromThread =
  | { readonly kind: 'loaded'; readonly name: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'done'; readonly run: number; readonly failure: string | undefined }
  | { readonly kind: 'respond'; readonly run: number; readonly answer: Uint8Array }
  | { readonly kind: 'members'; readonly request: number }
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'err'; readonly text: string }
  | { readonly kind: 'closed' };

/** An event as a thread may see it. */
export function copyEvent(event: SerfEvent): CopiedEvent {
  if ('members' in event) return { kind: event.kind, members: event.members.map(copyMember) };
  const { name, lTime } = event;
  const payload = event.payload.slice(); // what is copied is the whole buffer behind a payload
  if (event.kind === 'user') return { kind: 'user', name, lTime, payload };
  return { kind: 'query', name, lTime, payload, sourceNode: event.sourceNode };
}

/** A member as a thread may see it. */
export function copyMember({ name, host, port, tags, status }: SerfMember): Member {
  return { name, host, port, tags, status };
}

/** The event in the module's hands. */
export function revive(event: CopiedEvent, respond: QueryEvent['respond']): HandlerEvent {
  return event.kind === 'query' ? { ...event, respond } : event;
}
