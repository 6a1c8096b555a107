// How the agent's own services are, for load balancers that look at the status alone:
// `/v1/agent/health/service/…`. Upstream: agent/agent_endpoint.go, api/health.go (AggregatedStatus).

import { compactJson } from '@reeve/cli';
import type { HealthCheck, NodeService } from '../../core/index.ts';
import { agentServiceJson } from '../../json/answers/agent-service.ts';
import { jsonList } from '../../json/answers/list.ts';
import { agentCheckJson } from '../../json/api-check.ts';
import type { LocalAgent } from '../../local/local-agent.ts';
import { nodeMaintenanceId, serviceMaintenancePrefix } from '../../local/maintenance.ts';
import type { RegisteringAgent } from '../agent.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json } from '../response.ts';
import { refusingNamespaces } from './namespaces.ts';

/** By id and by name. */
export const agentHealthRoutes: readonly Route<RegisteringAgent>[] = refusingNamespaces([
  { pattern: '/v1/agent/health/service/id/', methods: ['GET'], handle: byId },
  { pattern: '/v1/agent/health/service/name/', methods: ['GET'], handle: byName },
]);

function byId(request: HttpRequest, { local }: RegisteringAgent, id: string): HttpResponse {
  // Upstream means to answer with 400, and does not.
  if (id === '') throw new Error('Bad request: Missing serviceID');
  const service = local.state.service(id);
  if (service === undefined) {
    const reason = `ServiceId ${id} not found`;
    const nothing = '{"AggregatedStatus":"critical","Service":null,"Checks":null}';
    // In text form, too, it is JSON.
    return answer(404, reason, isText(request) ? compactJson(reason) : nothing);
  }
  const health = healthOf(local, service);
  return isText(request)
    ? textAnswer(health.code, health.status)
    : answer(health.code, health.status, health.json);
}

/** The worst of the services with a name. */
function byName(request: HttpRequest, { local }: RegisteringAgent, name: string): HttpResponse {
  if (name === '') throw new Error('Bad request: Missing service Name');
  const named = local.state.services().filter(({ service }) => service === name);
  const all = named.map((service) => healthOf(local, service));
  const nothing = { code: 404, status: `ServiceName ${name} Not Found` };
  const [{ code, status } = nothing] = all.toSorted((a, b) => b.code - a.code);
  return isText(request)
    ? textAnswer(code, status)
    : answer(
        code,
        status,
        jsonList(all, (health) => health.json),
      );
}

function healthOf({ state }: LocalAgent, service: NodeService) {
  const checks = state.checksOf(service.id, true);
  const status = aggregate(checks);
  const list = jsonList(checks, agentCheckJson);
  const info = `"Service":${agentServiceJson(service)},"Checks":${list}`;
  return { code: codes.get(status) ?? 503, status, json: `{"AggregatedStatus":"${status}",${info}}` };
}

/** Maintenance outdoes everything. A check with a status that is none leaves nothing to say. */
function aggregate(checks: readonly HealthCheck[]): string {
  const isMaintenance = ({ checkId }: HealthCheck) =>
    checkId === nodeMaintenanceId || checkId.startsWith(serviceMaintenancePrefix);
  const statuses = new Set(checks.filter((check) => !isMaintenance(check)).map(({ status }) => status));
  for (const status of statuses) if (!known.has(status)) return '';
  if (checks.some(isMaintenance)) return 'maintenance';
  return ['critical', 'warning'].find((status) => statuses.has(status)) ?? 'passing';
}

function isText(request: HttpRequest): boolean {
  return request.header('accept')?.startsWith('text/plain') || request.query.get('format') === 'text';
}

function answer(status: number, reason: string, text: string): HttpResponse {
  return json(text, [['X-Consul-Reason', reason]], status);
}

function textAnswer(status: number, reason: string): HttpResponse {
  const headers = [['X-Consul-Reason', reason] as const, ['Content-Type', 'text/plain'] as const];
  return { status, headers, body: reason };
}

const known = new Set(['passing', 'warning', 'critical']);
const codes = new Map([
  ['passing', 200],
  ['warning', 429],
]);
