// Checks, and services with them: `/v1/health/…`. Upstream: agent/health_endpoint.go.

import type { InstanceHealth } from '../../core/index.ts';
import { healthCheckJson, instanceHealthJson } from '../../json/answers/records.ts';
import type { QueryOptions } from '../../rpc/methods/index.ts';
import {
  type HealthChecks,
  health,
  type Method,
  pickedFrom,
  type ServiceQuery,
} from '../../rpc/methods/index.ts';
import { type Soon, soon } from '../../waiting/soon.ts';
import type { HttpAgent } from '../agent.ts';
import { ask } from '../ask.ts';
import { askCached } from '../ask-cached.ts';
import { keptList } from '../json-text.ts';
import { longList } from '../long-text.ts';
import { parseBool, type Query } from '../query.ts';
import { metaHeaders, parseQuestion } from '../question.ts';
import { refuse } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json } from '../response.ts';
import { nodesQuestion, required, serviceQuestion } from './catalog.ts';
import { refusingNamespaces } from './namespaces.ts';

/** All of `/v1/health`. */
export const healthRoutes: readonly Route<HttpAgent>[] = refusingNamespaces([
  { pattern: '/v1/health/node/', methods: ['GET'], handle: nodeChecks },
  { pattern: '/v1/health/checks/', methods: ['GET'], handle: serviceChecks },
  { pattern: '/v1/health/state/', methods: ['GET'], handle: checksInState },
  { pattern: '/v1/health/service/', methods: ['GET'], handle: serviceNodes },
  // Of the service mesh: nobody is in one.
  { pattern: '/v1/health/connect/', methods: ['GET'], handle: connectNodes },
  { pattern: '/v1/health/ingress/', methods: ['GET'], handle: ingressNodes },
]);

function nodeChecks(request: HttpRequest, agent: HttpAgent, node: string): Promise<HttpResponse> {
  const question = { ...parseQuestion(request, agent.defaults), node: required(node, 'Missing node name') };
  return checks(request, agent, health.nodeChecks, question);
}

function serviceChecks(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  const question = { ...serviceQuestion(request, agent, name), serviceTags: null, tagFilter: false };
  return checks(request, agent, health.serviceChecks, question);
}

function checksInState(request: HttpRequest, agent: HttpAgent, state: string): Promise<HttpResponse> {
  const question = { ...nodesQuestion(request, agent), state: required(state, 'Missing check state') };
  return checks(request, agent, health.checksInState, question);
}

async function checks<Question extends QueryOptions>(
  request: HttpRequest,
  agent: HttpAgent,
  method: Method<Question, HealthChecks>,
  question: Question,
): Promise<HttpResponse> {
  const found = await ask(request, agent, method, question);
  return json(longList(found.healthChecks, healthCheckJson), metaHeaders(found));
}

function serviceNodes(request: HttpRequest, agent: HttpAgent, name: string): Soon<HttpResponse> {
  return instances(request, agent, serviceQuestion(request, agent, name));
}

function connectNodes(request: HttpRequest, agent: HttpAgent, name: string): Soon<HttpResponse> {
  return instances(request, agent, { ...serviceQuestion(request, agent, name), connect: true });
}

function ingressNodes(request: HttpRequest, agent: HttpAgent, name: string): Soon<HttpResponse> {
  return instances(request, agent, { ...serviceQuestion(request, agent, name), ingress: true });
}

function instances(request: HttpRequest, agent: HttpAgent, question: ServiceQuery): Soon<HttpResponse> {
  return soon(askCached(request, agent, health.serviceNodes, question), ({ found, headers }) => {
    const all = found.nodes ?? noInstances;
    return json(instancesJson(passingOnly(request.query) ? onlyPassing(all) : all), headers);
  });
}

function passingOnly(query: Query): boolean {
  if (!query.has('passing')) return false;
  const value = query.get('passing');
  return value === '' || (parseBool(value) ?? refuse('Invalid value for ?passing'));
}

/**
 * The instances of which every check is passing. Where one is dropped the last one takes its place: that is
 * the order clients see.
 */
function onlyPassing(all: readonly InstanceHealth[]): readonly InstanceHealth[] {
  const known = passing.get(all);
  if (known !== undefined) return known;
  const left = [...all];
  for (let i = 0; i < left.length; ) {
    if (left[i]?.checks.every(({ status }) => status === 'passing')) i++;
    else {
      const last = left.pop();
      if (last !== undefined && i < left.length) left[i] = last;
    }
  }
  passing.set(all, left);
  return pickedFrom(all, left);
}

// Who asks the same gets the same list, until something changes; what was made of it is remembered as long.
const instancesJson = keptList(instanceHealthJson);
const passing = new WeakMap<readonly InstanceHealth[], readonly InstanceHealth[]>();
const noInstances: readonly InstanceHealth[] = [];
