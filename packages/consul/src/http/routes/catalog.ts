// Nodes and services: `/v1/catalog/…`. Upstream: agent/catalog_endpoint.go.

import { compactJson } from '@reeve/cli';
import type { NodeService } from '../../core/index.ts';
import { meshProblem } from '../../definitions/service-mesh.ts';
import { nodeJson, serviceInstanceJson, serviceJson } from '../../json/answers/records.ts';
import type { Kind } from '../../json/decode.ts';
import { deregisterBody, registerBody } from '../../json/requests/catalog.ts';
import type { RegisteredService } from '../../json/requests/records.ts';
import { catalog, type ServiceQuery } from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import { ask } from '../ask.ts';
import { askCached, cacheHeaders } from '../ask-cached.ts';
import { longList } from '../long-text.ts';
import {
  metaHeaders,
  namespaceFeature,
  nodeMetaOf,
  parseBriefQuestion,
  parseQuestion,
  sourceOf,
  tokenOf,
} from '../question.ts';
import { readBody } from '../read-body.ts';
import { refuse } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json, jsonBoolean } from '../response.ts';
import { refusingNamespaces } from './namespaces.ts';

/** All of `/v1/catalog`. */
export const catalogRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/catalog/datacenters', methods: ['GET'], handle: datacenters },
  { pattern: '/v1/catalog/nodes', methods: ['GET'], handle: nodes },
  ...refusingNamespaces([
    { pattern: '/v1/catalog/register', methods: ['PUT'], handle: register },
    { pattern: '/v1/catalog/deregister', methods: ['PUT'], handle: deregister },
    { pattern: '/v1/catalog/services', methods: ['GET'], handle: services },
    { pattern: '/v1/catalog/service/', methods: ['GET'], handle: serviceNodes },
    // Of the service mesh: nobody is in one.
    { pattern: '/v1/catalog/connect/', methods: ['GET'], handle: connectNodes },
    { pattern: '/v1/catalog/node/', methods: ['GET'], handle: nodeServices },
    { pattern: '/v1/catalog/node-services/', methods: ['GET'], handle: nodeServiceList },
  ]),
];

async function register(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const body = await bodyOf(request, agent, registerBody);
  const service = body.service === null ? null : fitService(body.service);
  const to = addressee(request, agent, body.datacenter);
  await agent.caller.call(catalog.register, { ...body, service, ...to });
  return jsonBoolean(true);
}

/** Without what belongs to the mesh, which other servers refuse where it cannot be. */
function fitService({ service, mesh }: RegisteredService): NodeService {
  const problem = meshProblem({ kind: service.kind, port: service.port, mesh });
  if (problem !== undefined) throw new Error(problem);
  return service;
}

async function deregister(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const body = await bodyOf(request, agent, deregisterBody);
  await agent.caller.call(catalog.deregister, { ...body, ...addressee(request, agent, body.datacenter) });
  return jsonBoolean(true);
}

/** Of all fields that nobody knows the original explains this one. */
async function bodyOf<T>(request: HttpRequest, agent: HttpAgent, kind: Kind<T>): Promise<T> {
  const bytes = await request.body(agent.limits.recordBytesMax);
  try {
    return readBody(bytes, kind);
  } catch (error) {
    const { message } = error as Error;
    return refuse(message.endsWith('field "Namespace"') ? `${message} - ${namespaceFeature}` : message);
  }
}

/** A body names its datacenter itself; its token counts for nothing. */
function addressee(request: HttpRequest, { defaults }: HttpAgent, datacenter: string) {
  return { datacenter: datacenter || defaults.datacenter, token: tokenOf(request, defaults) };
}

async function datacenters(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const options = parseBriefQuestion(request, agent.defaults);
  if (options.useCache && agent.cache !== undefined) {
    const remembered = await agent.cache.getOnce(catalog.listDatacenters, options);
    return json(compactJson(remembered.answer), cacheHeaders(remembered));
  }
  return json(compactJson(await agent.caller.call(catalog.listDatacenters, options)));
}

async function nodes(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const found = await ask(request, agent, catalog.listNodes, nodesQuestion(request, agent));
  return json(longList(found.nodes, nodeJson), metaHeaders(found));
}

async function services(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const question = { ...nodesQuestion(request, agent), filter: '' };
  const { found, headers } = await askCached(request, agent, catalog.listServices, question);
  const tags = new Map([...found.services].map(([name, own]) => [name, own ?? []]));
  return json(compactJson(tags), headers);
}

function serviceNodes(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  return instances(request, agent, { ...serviceQuestion(request, agent, name), connect: false });
}

function connectNodes(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  return instances(request, agent, { ...serviceQuestion(request, agent, name), connect: true });
}

async function instances(
  request: HttpRequest,
  agent: HttpAgent,
  question: ServiceQuery,
): Promise<HttpResponse> {
  const { found, headers } = await askCached(request, agent, catalog.serviceNodes, question);
  return json(longList(found.serviceNodes, serviceInstanceJson), headers);
}

async function nodeServices(request: HttpRequest, agent: HttpAgent, node: string): Promise<HttpResponse> {
  const question = { ...parseQuestion(request, agent.defaults), node: required(node, 'Missing node name') };
  const found = await ask(request, agent, catalog.nodeServices, question);
  if (found.nodeServices === null) return json('null', metaHeaders(found));
  const { node: record, services: byId } = found.nodeServices;
  const sorted = [...byId].sort(([a], [b]) => (a < b ? -1 : 1));
  const nodeText = record === null ? 'null' : nodeJson(record);
  const text = longList(sorted, ([id, service]) => `${compactJson(id)}:${serviceJson(service)}`, {
    open: `{"Node":${nodeText},"Services":{`,
    close: '}}',
  });
  return json(text, metaHeaders(found));
}

async function nodeServiceList(request: HttpRequest, agent: HttpAgent, node: string): Promise<HttpResponse> {
  const question = { ...parseQuestion(request, agent.defaults), node: required(node, 'Missing node name') };
  const found = await ask(request, agent, catalog.nodeServiceList, question);
  const { node: record, services: list } = found.nodeServices;
  const open = `{"Node":${record === null ? 'null' : nodeJson(record)},"Services":`;
  if (list === null) return json(`${open}null}`, metaHeaders(found));
  return json(longList(list, serviceJson, { open: `${open}[`, close: ']}' }), metaHeaders(found));
}

/** A question about many nodes. */
export function nodesQuestion(request: HttpRequest, { defaults }: HttpAgent) {
  return {
    source: sourceOf(request, defaults),
    nodeMetaFilters: nodeMetaOf(request),
    ...parseQuestion(request, defaults),
  };
}

/** A question about the instances of a service. */
export function serviceQuestion(request: HttpRequest, agent: HttpAgent, name: string): ServiceQuery {
  const nodes = nodesQuestion(request, agent);
  const tags = request.query.all('tag');
  return {
    serviceName: required(name, 'Missing service name'),
    serviceTag: '',
    serviceTags: tags,
    tagFilter: tags.length > 0,
    serviceAddress: '',
    connect: false,
    ingress: false,
    ...nodes,
  };
}

/** What stands behind the route in the path, which must be something. */
export function required(below: string, refusal: string): string {
  return below === '' ? refuse(refusal) : below;
}
