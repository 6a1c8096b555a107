// The agent's own services: `/v1/agent/service…`. Upstream: agent/agent_endpoint.go.

import { serviceMetadataProblem, serviceShape } from '../../core/index.ts';
import { isStatus } from '../../definitions/check-definition.ts';
import {
  checkTypesOf,
  checkTypesProblem,
  isAnyAddress,
  type ServiceDefinition,
  serviceOf,
  weightsProblem,
} from '../../definitions/service-definition.ts';
import { meshProblem } from '../../definitions/service-mesh.ts';
import { picker } from '../../filter/picker.ts';
import { agentServiceJson, contentHash } from '../../json/answers/agent-service.ts';
import { jsonObject } from '../../json/answers/list.ts';
import { serviceDefinitionBody } from '../../json/requests/definitions.ts';
import type { LocalAgent } from '../../local/local-agent.ts';
import type { CallSignal } from '../../waiting/call-signal.ts';
import type { RegisteringAgent } from '../agent.ts';
import { tokenOf, waitOf } from '../question.ts';
import { readBody } from '../read-body.ts';
import { refuse, refuseNotFound } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json, nothingToSay } from '../response.ts';
import { refusingNamespaces } from './namespaces.ts';

/** All of it but maintenance. */
export const agentServiceRoutes: readonly Route<RegisteringAgent>[] = refusingNamespaces([
  { pattern: '/v1/agent/services', methods: ['GET'], handle: list },
  { pattern: '/v1/agent/service/', methods: ['GET'], handle: one },
  { pattern: '/v1/agent/service/register', methods: ['PUT'], handle: register },
  { pattern: '/v1/agent/service/deregister/', methods: ['PUT'], handle: deregister },
]);

function list(request: HttpRequest, { local }: RegisteringAgent): HttpResponse {
  const pick = picker({ filter: request.query.get('filter') }, serviceShape);
  return json(
    jsonObject(pick(local.state.services()).map((service) => [service.id, agentServiceJson(service)])),
  );
}

/** With `?hash=` it waits until the service is another one than that. */
async function one(request: HttpRequest, agent: RegisteringAgent, id: string): Promise<HttpResponse> {
  const { maxQueryTimeNs } = waitOf(request);
  const known = request.query.get('hash');
  const { local } = agent;
  const gone = known === '' ? undefined : request.signal();
  const until = local.runtime.clock.now() + waitMs(local, maxQueryTimeNs);
  for (;;) {
    const service = local.state.service(id);
    if (service === undefined) return refuseNotFound(`unknown service ID: ${id}`);
    const hash = contentHash(service);
    const isOver = known !== hash || local.runtime.clock.now() >= until || gone?.aborted;
    if (isOver) return json(agentServiceJson(service, hash), [['X-Consul-Contenthash', hash]]);
    await changeOf(local, id, until, gone);
    await local.whenLoaded();
  }
}

function waitMs({ runtime }: LocalAgent, maxQueryTimeNs: number): number {
  const ms = maxQueryTimeNs === 0 ? usualWaitMs : Math.min(maxQueryTimeNs / nsPerMs, waitMsMax);
  return ms + (runtime.random.float() * ms) / 16;
}

/** When the service is another one, the time is over, or nobody waits any more. */
function changeOf(
  { state, runtime }: LocalAgent,
  id: string,
  until: number,
  gone: CallSignal | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      unwatch();
      timer.cancel();
      gone?.removeEventListener('abort', end);
      resolve();
    };
    const unwatch = state.watchService(id, end);
    const timer = runtime.timers.after(until - runtime.clock.now(), end);
    gone?.addEventListener('abort', end);
  });
}

async function register(request: HttpRequest, agent: RegisteringAgent): Promise<HttpResponse> {
  const bytes = await request.body(agent.limits.recordBytesMax);
  const definition = readBody(bytes, serviceDefinitionBody);
  const problem = problemOf(definition);
  if (problem !== undefined) refuse(problem);
  const replace = request.query.get('replace-existing-checks');
  const replaces = request.query.has('replace-existing-checks') && (replace === '' || replace === 'true');
  const who = { token: tokenOf(request, agent.defaults), source: 'remote', isKept: true } as const;
  const service = serviceOf(definition);
  await agent.local.registrations.addService(service, checkTypesOf(definition), who, replaces);
  await agent.local.syncChanges();
  return nothingToSay;
}

/** What a client is told is wrong with a service; what else is wrong is our error to it (status 500). */
function problemOf(definition: ServiceDefinition): string | undefined {
  const { name, address, weights, kind, meta } = definition;
  if (name === '') return 'Missing service name';
  if (isAnyAddress(address)) return 'Invalid service address';
  const weightProblem = weights === null ? undefined : weightsProblem(weights);
  if (weightProblem !== undefined) return `Invalid Weights: ${weightProblem}`;
  const metaProblem = serviceMetadataProblem(kind, meta);
  if (metaProblem !== undefined) return `Invalid Service Meta: ${metaProblem}`;
  const unfit = meshProblem(definition);
  if (unfit !== undefined) return unfit;
  const types = checkTypesOf(definition);
  const checkProblem = checkTypesProblem(types);
  if (checkProblem !== undefined) return `Invalid check: ${checkProblem}`;
  const isKnown = types.every(({ status }) => status === '' || isStatus(status));
  return isKnown ? undefined : "Status for checks must 'passing', 'warning', 'critical'";
}

async function deregister(
  _request: HttpRequest,
  { local }: RegisteringAgent,
  id: string,
): Promise<HttpResponse> {
  await local.registrations.removeService(id);
  await local.syncChanges();
  return nothingToSay;
}

const usualWaitMs = 300_000;
const waitMsMax = 600_000;
const nsPerMs = 1e6;
