// User events as JSON. Upstream: agent/user_event.go.

import { encodeBase64 } from '@reeve/bytes';
import { compactJson } from '@reeve/cli';
import type { ReceivedEvent } from '../../core/index.ts';

/** One event; no payload is null. */
export function userEventJson(event: ReceivedEvent): string {
  return compactJson({
    ID: event.id,
    Name: event.name,
    Payload: event.payload.length === 0 ? null : encodeBase64(event.payload),
    NodeFilter: event.nodeFilter,
    ServiceFilter: event.serviceFilter,
    TagFilter: event.tagFilter,
    Version: event.version,
    LTime: event.lTime,
  });
}
