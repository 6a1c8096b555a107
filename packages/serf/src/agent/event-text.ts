// Events as log lines name them.

import type { SerfEvent } from '../core/index.ts';

/** `member-join`, `user-event: deploy`, `query: load`. */
export function eventText(event: SerfEvent): string {
  if (event.kind === 'user') return `user-event: ${event.name}`;
  if (event.kind === 'query') return `query: ${event.name}`;
  return event.kind;
}
