// Where nodes are: `/v1/coordinate/…`. Upstream: agent/coordinate_endpoint.go.

import { compactJson } from '@reeve/cli';
import type { NodeCoordinate } from '../../core/index.ts';
import { jsonList } from '../../json/answers/list.ts';
import { coordinateJson } from '../../json/answers/records.ts';
import { coordinateUpdateBody } from '../../json/requests/coordinate.ts';
import { type Coordinates, coordinate } from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import { ask } from '../ask.ts';
import { longList } from '../long-text.ts';
import { metaHeaders, parseQuestion, tokenOf } from '../question.ts';
import { readBody } from '../read-body.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { bare, type Header, type HttpResponse, json, nothingToSay } from '../response.ts';
import { nodesQuestion } from './catalog.ts';

/** All of `/v1/coordinate`. */
export const coordinateRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/coordinate/datacenters', methods: ['GET'], handle: datacenters },
  { pattern: '/v1/coordinate/nodes', methods: ['GET'], handle: nodes },
  { pattern: '/v1/coordinate/node/', methods: ['GET'], handle: node },
  { pattern: '/v1/coordinate/update', methods: ['PUT'], handle: update },
];

async function datacenters(_request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const found = await agent.caller.call(coordinate.listDatacenters, {});
  const text = jsonList(found, ({ datacenter, areaId, coordinates }) => {
    const name = `"Datacenter":${compactJson(datacenter)},"AreaID":${compactJson(areaId)}`;
    return `{${name},"Coordinates":${jsonList(coordinates, coordinateJson)}}`;
  });
  return json(text);
}

async function nodes(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const found = await ask(request, agent, coordinate.listNodes, nodesQuestion(request, agent));
  return json(longList(inSegment(request, found), coordinateJson), worthOf(found));
}

async function node(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  const question = { ...parseQuestion(request, agent.defaults), node: name };
  const found = await ask(request, agent, coordinate.node, question);
  const wanted = inSegment(request, found);
  return wanted.length === 0 ? bare(404) : json(longList(wanted, coordinateJson), worthOf(found));
}

async function update(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const body = readBody(await request.body(agent.limits.recordBytesMax), coordinateUpdateBody);
  const datacenter = request.query.get('dc') || body.datacenter || agent.defaults.datacenter;
  const token = tokenOf(request, agent.defaults);
  await agent.caller.call(coordinate.update, { ...body, datacenter, token });
  return nothingToSay;
}

function inSegment({ query }: HttpRequest, { coordinates }: Coordinates): readonly NodeCoordinate[] {
  const all = coordinates ?? [];
  return query.has('segment') ? all.filter(({ segment }) => segment === query.get('segment')) : all;
}

function worthOf(found: Coordinates): readonly Header[] {
  return metaHeaders({ ...found, consistencyLevel: '' });
}
