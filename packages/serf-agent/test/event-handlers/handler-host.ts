// Handlers without an agent: a host that remembers log lines, and events made by hand.

import type { LogLevel } from '@reeve/runtime';
import { noMetrics } from '@reeve/runtime';
import type { Member, QueryEvent, UserEvent } from '@reeve/serf/core';
import type { EventHandlersHost } from '../../dist/event-handlers/action.js';
import { EventHandlers } from '../../dist/event-handlers/event-handlers.js';
import { type HandlerEntry, planHandlers } from '../../dist/event-handlers/handler-entry.js';

/** Makes a member. */
export function member(name: string, host: string, tags: Readonly<Record<string, string>> = {}): Member {
  return {
    name,
    host,
    port: 7946,
    tags: new Map(Object.entries(tags)),
    status: 'alive',
    protocolMin: 1,
    protocolMax: 5,
    protocolCur: 2,
    delegateMin: 2,
    delegateMax: 5,
    delegateCur: 5,
  };
}

/** Makes a user event. */
export function userEvent(name: string, payload: string, lTime = 1): UserEvent {
  return { kind: 'user', name, payload: new TextEncoder().encode(payload), lTime, coalesce: false };
}

/** A query that remembers how it was answered. */
export interface AskedQuery extends QueryEvent {
  readonly answers: readonly string[];
}

/** Makes a query; `respond` may throw instead of answering. */
export function query(name: string, payload = '', respond: () => void = () => {}): AskedQuery {
  const answers: string[] = [];
  return {
    kind: 'query',
    name,
    payload: new TextEncoder().encode(payload),
    lTime: 2,
    sourceNode: 'beta',
    deadlineMs: Number.POSITIVE_INFINITY,
    answers,
    respond(answer) {
      respond();
      answers.push(new TextDecoder().decode(answer));
    },
  };
}

/** An agent that remembers what is logged, for handlers to serve. */
export interface Host extends EventHandlersHost {
  readonly lines: readonly string[];
  /** Settles when `count` lines contain `text`. */
  logged(text: string, count?: number): Promise<void>;
}

/** Makes the host `alpha`, as in the captures; `members` is asked for the members of the moment. */
export function createHost(members: () => readonly Member[] = () => []): Host {
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  const log = (level: LogLevel, text: string): void => {
    lines.push(`[${level.toUpperCase()}] ${text}`);
    for (const watcher of [...watchers]) watcher();
  };
  const tags = { role: 'web', dc: 'east', 'odd-name.x': 'a b' };
  const self = (): Member => member('alpha', '127.0.7.1', tags);
  const logged = (text: string, count = 1): Promise<void> =>
    new Promise((resolve, reject) => {
      const deadline = setTimeout(
        () => reject(new Error(`never logged: ${text}\n${lines.join('\n')}`)),
        60_000,
      );
      const check = (): void => {
        if (lines.filter((line) => line.includes(text)).length < count) return;
        clearTimeout(deadline);
        watchers.delete(check);
        resolve();
      };
      watchers.add(check);
      check();
    });
  return { nodeName: 'alpha', self, members, log, metrics: noMetrics, lines, logged };
}

/** Starts handlers that serve `host`. */
export async function startHandlers(host: Host, ...entries: readonly HandlerEntry[]): Promise<EventHandlers> {
  const handlers = new EventHandlers(host);
  await handlers.replace(planHandlers(entries));
  return handlers;
}

/** The handlers of node `alpha`, and what they log. */
export async function handlersOf(...entries: readonly HandlerEntry[]) {
  const host = createHost();
  const handlers = await startHandlers(host, ...entries);
  return { handlers, lines: host.lines, logged: host.logged };
}
