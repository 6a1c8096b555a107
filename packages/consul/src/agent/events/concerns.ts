// Whether an event is meant for this agent. Upstream: agent/user_event.go (shouldProcessUserEvent).

import { compileRe2 } from '@reeve/serf/re2';
import type { UserEvent } from '../../core/index.ts';

/** What filters are held against. */
export interface EventAudience {
  readonly nodeName: string;
  /** The tags of each local service, by the service's id. */
  services(): ReadonlyMap<string, readonly string[]>;
}

/** Throws if a filter is no regular expression. */
export function concerns(event: UserEvent, audience: EventAudience): boolean {
  const { nodeFilter, serviceFilter, tagFilter } = event;
  if (nodeFilter !== '' && !compileRe2(nodeFilter).matches(audience.nodeName)) return false;
  if (serviceFilter === '') return true;
  const service = compileRe2(serviceFilter);
  const tag = tagFilter === '' ? undefined : compileRe2(tagFilter);
  return [...audience.services()].some(
    ([id, tags]) => service.matches(id) && (tag === undefined || tags.some((each) => tag.matches(each))),
  );
}
