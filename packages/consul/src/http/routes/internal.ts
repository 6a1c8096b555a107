// What the web pages ask for: `/v1/internal/ui/…`. Upstream: agent/ui_endpoint.go.

import { compactJson } from '@reeve/cli';
import { jsonList } from '../../json/answers/list.ts';
import { bareHealthCheckJson, bareServiceJson } from '../../json/answers/records.ts';
import { serviceSummaries } from '../../json/answers/service-summary.ts';
import { isError, noLeader } from '../../rpc/known-errors.ts';
import {
  internal,
  type Method,
  type NodeInfo,
  type QueryMeta,
  type QueryOptions,
} from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import { ask } from '../ask.ts';
import { longList } from '../long-text.ts';
import { metaHeaders, parseQuestion, sourceOf } from '../question.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { bare, type Header, type HttpResponse, json } from '../response.ts';
import { nodesQuestion, required } from './catalog.ts';
import { refusingNamespaces } from './namespaces.ts';

/** All of `/v1/internal/ui`. */
export const internalRoutes: readonly Route<HttpAgent>[] = refusingNamespaces([
  { pattern: '/v1/internal/ui/nodes', methods: ['GET'], handle: nodes },
  { pattern: '/v1/internal/ui/node/', methods: ['GET'], handle: node },
  { pattern: '/v1/internal/ui/services', methods: ['GET'], handle: services },
]);

async function nodes(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const found = await askSomehow(request, agent, internal.nodeDump, nodesQuestion(request, agent));
  return json(longList(found.dump, nodeInfoJson), worthOf(found));
}

async function node(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  const question = { ...parseQuestion(request, agent.defaults), node: required(name, 'Missing node name') };
  const found = await askSomehow(request, agent, internal.nodeInfo, question);
  const [first] = found.dump ?? [];
  return first === undefined ? bare(404) : json(nodeInfoJson(first), worthOf(found));
}

async function services(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const question = {
    ...parseQuestion(request, agent.defaults),
    serviceKind: '',
    useServiceKind: false,
    source: sourceOf(request, agent.defaults),
  };
  const found = await askSomehow(request, agent, internal.serviceDump, question);
  return json(serviceSummaries(found.nodes ?? []), worthOf(found));
}

/** Pages are to show something even if nobody leads: what any server has. */
async function askSomehow<Question extends QueryOptions, Answer extends QueryMeta>(
  request: HttpRequest,
  agent: HttpAgent,
  method: Method<Question, Answer>,
  question: Question,
): Promise<Answer> {
  try {
    return await ask(request, agent, method, question);
  } catch (error) {
    if (question.allowStale || !isError(error as Error, noLeader)) throw error;
    return ask(request, agent, method, { ...question, allowStale: true });
  }
}

function nodeInfoJson(info: NodeInfo): string {
  const { id, node: name, address, taggedAddresses, meta, services: own, checks } = info;
  const fields = { ID: id, Node: name, Address: address, TaggedAddresses: taggedAddresses, Meta: meta };
  const ownText = jsonList(own, bareServiceJson);
  const checksText = jsonList(checks, bareHealthCheckJson);
  return `${compactJson(fields).slice(0, -1)},"Services":${ownText},"Checks":${checksText}}`;
}

function worthOf(found: QueryMeta): readonly Header[] {
  return metaHeaders({ ...found, consistencyLevel: '' });
}
