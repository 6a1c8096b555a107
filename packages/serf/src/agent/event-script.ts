// What `-event-handler` says: `[FILTER=]SCRIPT`, split at the first `=`, so a script that holds one needs a
// filter. A filter of several items makes several scripts, each invoked for the events of its item.
// Upstream: cmd/serf/command/agent/event_handler.go (EventScript). Next: event-handlers.ts, which invokes
// them.

import { type EventFilter, isValidEventFilter, parseEventFilters } from './event-filter.ts';

/** A shell command and the events it is invoked for. */
export interface EventScript {
  readonly filter: EventFilter;
  /** Given to the shell as it is. */
  readonly command: string;
}

/**
 * Reads one specification.
 * @throws Error when it names an event that does not exist; the text is the original's.
 */
export function parseEventScripts(specification: string): EventScript[] {
  const [, list = '', command = specification] = /^([^=]*)=(.*)$/s.exec(specification) ?? [];
  const scripts = parseEventFilters(list).map((filter) => ({ filter, command }));
  for (const script of scripts) {
    if (isValidEventFilter(script.filter)) continue;
    throw new Error(`Event '${filterText(script.filter)}' invoking '${command}'`);
  }
  return scripts;
}

function filterText({ event, name }: EventFilter): string {
  return name === '' ? event : `${event}:${name}`;
}
