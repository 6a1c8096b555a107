// How the agent and its machine do, in numbers: `/v1/agent/metrics`, `/v1/agent/host`.
// Upstream: agent/agent_endpoint.go.

import { compactJson } from '@reeve/cli';
import { metricsJson } from '../../json/answers/metrics.ts';
import type { ClusterAgent } from '../cluster-agent.ts';
import { Refusal } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json } from '../response.ts';

/** Both. */
export const agentTelemetryRoutes: readonly Route<ClusterAgent>[] = [
  { pattern: '/v1/agent/metrics', methods: ['GET'], handle: metrics },
  { pattern: '/v1/agent/host', methods: ['GET'], handle: host },
];

/** As for a configuration without `telemetry.prometheus_retention_time`, which is without effect. */
function metrics(request: HttpRequest, agent: ClusterAgent): HttpResponse {
  if (wantsPrometheus(request)) {
    const reason = 'Prometheus is not enabled since its retention time is not positive';
    throw new Refusal(415, reason, false);
  }
  return json(metricsJson(agent.metrics.latest()));
}

function wantsPrometheus(request: HttpRequest): boolean {
  if (request.query.get('format') === 'prometheus') return true;
  const accepted = request.header('accept') ?? '';
  return accepted.split(',').some((type) => {
    const [name = '', parameter = ''] = type.split(';').map((part) => part.trim());
    const isPlain = name.toLowerCase() === 'text/plain' && parameter === 'version=0.4.0';
    return isPlain || name.toLowerCase() === 'application/openmetrics-text';
  });
}

async function host(_request: HttpRequest, agent: ClusterAgent): Promise<HttpResponse> {
  return json(compactJson(await agent.hostInfo()));
}
