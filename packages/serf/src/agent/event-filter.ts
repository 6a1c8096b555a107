// Which events somebody wants: a comma list of `member-join`, `member-leave`, `member-failed`,
// `member-update`, `member-reap`, `user`, `user:NAME`, `query`, `query:NAME` and `*`. Names match exactly;
// the empty text means `*`.
//
// Upstream: cmd/serf/command/agent/event_handler.go (EventFilter). The `stream` command and `-event-handler`
// share it.

import type { SerfEvent } from '../core/index.ts';

/** One item of the list. */
export interface EventFilter {
  /** As written, not checked: a kind of event or `*`. */
  readonly event: string;
  /** The name behind `user:` or `query:`; empty takes every name. */
  readonly name: string;
}

/** Splits a list into its items without judging them; see {@link isValidEventFilter}. */
export function parseEventFilters(list: string): EventFilter[] {
  if (list === '') return [{ event: '*', name: '' }];
  return list.split(',').map((item) => {
    const [, event = item, name = ''] = /^(user|query):(.*)$/s.exec(item) ?? [];
    return { event, name };
  });
}

/** Whether this item names a kind of event there is. */
export function isValidEventFilter(filter: EventFilter): boolean {
  return knownEvents.has(filter.event);
}

/** Whether this item asks for that event. */
export function matchesEvent(filter: EventFilter, event: SerfEvent): boolean {
  if (filter.event === '*') return true;
  if (filter.event !== event.kind) return false;
  return filter.name === '' || !('name' in event) || filter.name === event.name;
}

const knownEvents: ReadonlySet<string> = new Set([
  'member-join',
  'member-leave',
  'member-failed',
  'member-update',
  'member-reap',
  'user',
  'query',
  '*',
] satisfies (SerfEvent['kind'] | '*')[]);
