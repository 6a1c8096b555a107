// Maintenance of the node and of services: `/v1/agent/maintenance`, `/v1/agent/service/maintenance/…`.
// Upstream: agent/agent_endpoint.go.

import { quote } from '@reeve/cli';
import {
  disableNodeMaintenance,
  disableServiceMaintenance,
  enableNodeMaintenance,
  enableServiceMaintenance,
} from '../../local/maintenance.ts';
import type { RegisteringAgent } from '../agent.ts';
import { parseBool } from '../query.ts';
import { tokenOf } from '../question.ts';
import { refuse, refuseNotFound } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, nothingToSay } from '../response.ts';
import { refusingNamespaces } from './namespaces.ts';

/** Both. */
export const agentMaintenanceRoutes: readonly Route<RegisteringAgent>[] = [
  { pattern: '/v1/agent/maintenance', methods: ['PUT'], handle: node },
  ...refusingNamespaces([{ pattern: '/v1/agent/service/maintenance/', methods: ['PUT'], handle: service }]),
];

async function node(request: HttpRequest, agent: RegisteringAgent): Promise<HttpResponse> {
  const { registrations } = agent.local;
  const token = tokenOf(request, agent.defaults);
  if (isEnabling(request)) await enableNodeMaintenance(registrations, request.query.get('reason'), token);
  else await disableNodeMaintenance(registrations);
  await agent.local.syncChanges();
  return nothingToSay;
}

async function service(request: HttpRequest, agent: RegisteringAgent, id: string): Promise<HttpResponse> {
  if (id === '') refuse('Missing service ID');
  const enables = isEnabling(request);
  const { registrations, state } = agent.local;
  if (state.service(id) === undefined) refuseNotFound(`No service registered with ID ${quote(id)}`);
  const token = tokenOf(request, agent.defaults);
  const reason = request.query.get('reason');
  if (enables) await enableServiceMaintenance(registrations, id, reason, token);
  else await disableServiceMaintenance(registrations, id);
  await agent.local.syncChanges();
  return nothingToSay;
}

function isEnabling({ query }: HttpRequest): boolean {
  if (!query.has('enable')) refuse('Missing value for enable');
  const value = query.get('enable');
  return parseBool(value) ?? refuse(`Invalid value for enable: ${quote(value)}`);
}
