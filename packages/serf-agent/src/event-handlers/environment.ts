// What a handler reads from its environment: which event, who we are, and all our own tags. Upstream:
// cmd/serf/command/agent/invoke.go (invokeEventScript). Next: standard-input.ts, the event's content.

import type { Member, SerfEvent } from '@reeve/serf/core';

/** The variables a handler gets on top of the environment the agent was started in. */
export function handlerEnvironment(self: Member, event: SerfEvent): Record<string, string> {
  return {
    SERF_EVENT: event.kind,
    SERF_SELF_NAME: self.name,
    SERF_SELF_ROLE: self.tags.get('role') ?? '',
    ...Object.fromEntries([...self.tags].map(([name, value]) => [tagVariable(name), value])),
    ...eventVariables(event),
  };
}

function eventVariables(event: SerfEvent): Record<string, string> {
  if (event.kind === 'user') return { SERF_USER_EVENT: event.name, SERF_USER_LTIME: `${event.lTime}` };
  if (event.kind === 'query') return { SERF_QUERY_NAME: event.name, SERF_QUERY_LTIME: `${event.lTime}` };
  return {};
}

// Names of variables are kept to [A-Z0-9_]. Two tags may fall on one variable; the later wins.
function tagVariable(tag: string): string {
  return `SERF_TAG_${tag.replace(/[^A-Za-z0-9_]/gu, '_').toUpperCase()}`;
}
