// Queries that nodes answer themselves: names beginning with `_serf_`. No application ever sees one.
// Upstream: internal_query.go. `_serf_ping` is answered by its acknowledgement alone.
// Next: name-conflict.ts and key-request.ts.

import type { IncomingQuery } from './incoming-query.ts';
import { answerKeyRequest, isKeyOperation } from './key-request.ts';
import type { Machine } from './machine.ts';
import { internalQueryPrefix } from './messages.ts';
import { answerConflict } from './name-conflict.ts';

/** Whether a query is of this kind. */
export function isInternalQuery(name: string): boolean {
  return name.startsWith(internalQueryPrefix);
}

/** Answers it, if it is one we know. */
export function answerInternalQuery(machine: Machine, query: IncomingQuery): void {
  const name = query.name.slice(internalQueryPrefix.length);
  if (name === 'ping') return;
  if (name === 'conflict') answerConflict(machine, query);
  else if (isKeyOperation(name)) answerKeyRequest(machine, name, query);
  else machine.log('warn', `Unhandled internal query '${name}'`);
}
