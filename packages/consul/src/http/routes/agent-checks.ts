// The agent's own checks: `/v1/agent/check…`. Upstream: agent/agent_endpoint.go.

import { checkShape } from '../../core/index.ts';
import { healthCheckOf, isStatus } from '../../definitions/check-definition.ts';
import { checkKindOf, checkTypeProblem } from '../../definitions/check-type.ts';
import { picker } from '../../filter/picker.ts';
import { jsonObject } from '../../json/answers/list.ts';
import { healthCheckJson } from '../../json/answers/records.ts';
import { checkDefinitionBody, checkUpdateBody } from '../../json/requests/definitions.ts';
import type { RegisteringAgent } from '../agent.ts';
import { tokenOf } from '../question.ts';
import { readBody } from '../read-body.ts';
import { refuse } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json, nothingToSay } from '../response.ts';
import { refusingNamespaces } from './namespaces.ts';

/** All of it. */
export const agentCheckRoutes: readonly Route<RegisteringAgent>[] = refusingNamespaces([
  { pattern: '/v1/agent/checks', methods: ['GET'], handle: list },
  { pattern: '/v1/agent/check/register', methods: ['PUT'], handle: register },
  { pattern: '/v1/agent/check/deregister/', methods: ['PUT'], handle: deregister },
  { pattern: '/v1/agent/check/pass/', methods: ['PUT'], handle: noting('passing') },
  { pattern: '/v1/agent/check/warn/', methods: ['PUT'], handle: noting('warning') },
  { pattern: '/v1/agent/check/fail/', methods: ['PUT'], handle: noting('critical') },
  { pattern: '/v1/agent/check/update/', methods: ['PUT'], handle: update },
]);

function list(request: HttpRequest, { local }: RegisteringAgent): HttpResponse {
  const pick = picker({ filter: request.query.get('filter') }, checkShape);
  return json(jsonObject(pick(local.state.checks()).map((check) => [check.checkId, healthCheckJson(check)])));
}

async function register(request: HttpRequest, agent: RegisteringAgent): Promise<HttpResponse> {
  const bytes = await request.body(agent.limits.recordBytesMax);
  const definition = readBody(bytes, checkDefinitionBody);
  if (definition.name === '') refuse('Missing check name');
  if (definition.status !== '' && !isStatus(definition.status)) refuse('Bad check status');
  const problem = checkTypeProblem(definition);
  if (problem !== undefined) refuse(`Invalid check: ${problem}`);
  const check = { ...healthCheckOf(definition, agent.defaults.nodeName), type: checkKindOf(definition) };
  const who = { token: tokenOf(request, agent.defaults), source: 'remote', isKept: true } as const;
  await agent.local.registrations.addCheck(check, definition, who);
  await agent.local.syncChanges();
  return nothingToSay;
}

async function deregister(
  _request: HttpRequest,
  { local }: RegisteringAgent,
  id: string,
): Promise<HttpResponse> {
  await local.registrations.removeCheck(id);
  await local.syncChanges();
  return nothingToSay;
}

/** What is told with `?note=` becomes the output. */
function noting(status: string): Route<RegisteringAgent>['handle'] {
  return (request, agent, id) => tell(agent, id, status, request.query.get('note'));
}

async function update(request: HttpRequest, agent: RegisteringAgent, id: string): Promise<HttpResponse> {
  const bytes = await request.body(agent.limits.recordBytesMax);
  const { status, output } = readBody(bytes, checkUpdateBody);
  if (!isStatus(status)) refuse(`Invalid check status: '${status}'`);
  return tell(agent, id, status, output);
}

async function tell(
  { local }: RegisteringAgent,
  id: string,
  status: string,
  output: string,
): Promise<HttpResponse> {
  await local.registrations.updateTtl(id, status, output);
  await local.syncChanges();
  return nothingToSay;
}
