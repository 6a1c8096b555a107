// The agent's log while somebody looks on: `/v1/agent/monitor`. Never packed, whatever the client takes:
// upstream says that it is and sends plain lines, so that its own command cannot read them.
// Upstream: agent/agent_endpoint.go (AgentMonitor).

import { parseLogLevel } from '../../log/log-level.ts';
import type { ClusterAgent } from '../cluster-agent.ts';
import { refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import type { HttpResponse } from '../response.ts';

/** Its level is its own, whatever the agent shows. */
export const monitorRoute: Route<ClusterAgent> = {
  pattern: '/v1/agent/monitor',
  methods: ['GET'],
  handle: monitor,
};

function monitor(request: HttpRequest, { log }: ClusterAgent): HttpResponse {
  const { query } = request;
  const name = query.get('loglevel') || 'INFO';
  const level = parseLogLevel(name);
  if (level === undefined) return refuseBadRequest(`Unknown log level: ${name}`);
  const format = query.has('logjson') ? 'json' : 'text';
  return { status: 200, headers: [], body: log.follow(level, format, request.signal()) };
}
