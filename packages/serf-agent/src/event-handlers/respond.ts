// How a query is answered, by a script or a module.

import type { QueryEvent } from '@reeve/serf/core';
import { errorText } from '../error-text.ts';
import type { EventHandlersHost } from './action.ts';

/** Answers a query; what is refused is told in the log. */
export function respond(query: QueryEvent, answer: Uint8Array, { log }: EventHandlersHost): void {
  try {
    query.respond(answer);
  } catch (error) {
    log('warn', `agent: Failed to respond to query 'query: ${query.name}': ${errorText(error)}`);
  }
}
