// Areas of which we have nothing: prepared queries, configuration entries, intentions, gateways. Who asks is
// told so in upstream's words, as by a cluster where nobody has made any; what would make one is 405.
// Upstream: agent/prepared_query_endpoint.go, config_endpoint.go, intentions_endpoint.go.

import { compactJson, quote } from '@reeve/cli';
import { catalog } from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import { ask } from '../ask.ts';
import { metaHeaders } from '../question.ts';
import { FailedWithHeaders, refuseNotFound } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type Header, type HttpResponse, json, plain } from '../response.ts';
import { required, serviceQuestion } from './catalog.ts';

/** Everything that is there and empty. */
export const absentRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/query', methods: ['GET'], handle: emptyList(true) },
  { pattern: '/v1/query/', methods: [], handle: preparedQuery },
  { pattern: '/v1/config/', methods: ['GET'], handle: configEntry },
  { pattern: '/v1/connect/intentions', methods: ['GET'], handle: emptyList(false) },
  { pattern: '/v1/connect/intentions/match', methods: ['GET'], handle: matchIntentions },
  { pattern: '/v1/connect/intentions/check', methods: ['GET'], handle: checkIntentions },
  { pattern: '/v1/catalog/gateway-services/', methods: ['GET'], handle: gatewayServices },
  { pattern: '/v1/internal/ui/gateway-services-nodes/', methods: ['GET'], handle: gatewayNodes },
];

function emptyList(tellsConsistency: boolean): Route<HttpAgent>['handle'] {
  return async (request, agent) => json('[]', await worthOf(request, agent, tellsConsistency));
}

function preparedQuery(request: HttpRequest, _agent: HttpAgent, below: string): HttpResponse {
  const isRun = /\/(?:execute|explain)$/.test(below);
  const allowed = isRun ? 'GET' : 'GET,PUT,DELETE';
  if (request.method === 'OPTIONS') return json('{}', [['Allow', `OPTIONS,${allowed}`]]);
  if (request.method !== 'GET') {
    return plain(`method ${request.method} not allowed`, [['Allow', 'GET']], 405);
  }
  if (!isRun && below.length !== uuidLength) {
    const reason = 'failed prepared query lookup: index error: UUID must be 36 characters';
    const nothing = { index: 0, lastContactNs: 0, knownLeader: false, consistencyLevel: '' };
    throw new FailedWithHeaders(new Error(reason), metaHeaders(nothing));
  }
  return refuseNotFound('Query not found');
}

async function configEntry(request: HttpRequest, agent: HttpAgent, below: string): Promise<HttpResponse> {
  const [, kind = '', name = ''] = /^([^/]*)\/?(.*)$/s.exec(below) ?? [];
  if (kind !== '' && !configKinds.has(kind)) throw new Error(`invalid config entry kind: ${kind}`);
  const worth = await worthOf(request, agent, false);
  if (name === '') return json('[]', worth);
  return plain(`Config entry not found for ${quote(kind)} / ${quote(name)}`, worth, 404);
}

function matchIntentions({ query }: HttpRequest): HttpResponse {
  for (const name of ['by', 'name']) requireParameter(query.has(name), name);
  if (!['source', 'destination'].includes(query.get('by'))) {
    throw new Error("'by' parameter must be one of 'source' or 'destination'");
  }
  return json(compactJson(new Map(query.all('name').map((name) => [name, null]))));
}

/** Without access control and without intentions everything is allowed. */
function checkIntentions({ query }: HttpRequest): HttpResponse {
  for (const name of ['source', 'destination']) requireParameter(query.has(name), name);
  return json('{"Allowed":true}');
}

function requireParameter(isThere: boolean, name: string): void {
  if (!isThere) throw new Error(`required query parameter '${name}' not set`);
}

async function gatewayServices(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  required(name, 'Missing gateway name');
  return json('null', await worthOf(request, agent, true));
}

async function gatewayNodes(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  required(name, 'Missing gateway name');
  return json('[]', await worthOf(request, agent, false));
}

/** What the servers say about an answer with nothing in it, and never was. */
async function worthOf(
  request: HttpRequest,
  agent: HttpAgent,
  tellsConsistency: boolean,
): Promise<readonly Header[]> {
  const question = {
    ...serviceQuestion(request, agent, 'none'),
    connect: true,
    minQueryIndex: 0,
    filter: '',
  };
  const found = await ask(request, agent, catalog.serviceNodes, question);
  return metaHeaders({ ...found, index: 0, ...(tellsConsistency ? {} : { consistencyLevel: '' }) });
}

const configKinds = new Set([
  ...['service-defaults', 'proxy-defaults', 'service-router', 'service-splitter', 'service-resolver'],
  ...['ingress-gateway', 'terminating-gateway'],
]);
const uuidLength = 36;
