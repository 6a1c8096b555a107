// Raft's servers and autopilot, for operators: `/v1/operator/…`. Upstream: agent/operator_endpoint.go.

import { clusterHealthJson, raftConfigurationJson } from '../../json/answers/operator.ts';
import { autopilotConfig, autopilotConfigJson } from '../../json/autopilot.ts';
import { operator } from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import { datacenterOf, requireUint, tokenOf } from '../question.ts';
import { readBody } from '../read-body.ts';
import { refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { forgottenJsonType, type HttpResponse, json, jsonBoolean, nothingToSay } from '../response.ts';
import { nodesQuestion } from './catalog.ts';

/** What operators see and change of the servers. Their answers carry no meta headers. */
export const operatorRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/operator/raft/configuration', methods: ['GET'], handle: raftConfiguration },
  { pattern: '/v1/operator/raft/peer', methods: ['DELETE'], handle: removePeer },
  { pattern: '/v1/operator/autopilot/configuration', methods: ['GET', 'PUT'], handle: autopilot },
  { pattern: '/v1/operator/autopilot/health', methods: ['GET'], handle: health },
];

async function raftConfiguration(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const question = nodesQuestion(request, agent);
  return json(raftConfigurationJson(await agent.caller.call(operator.raftGetConfiguration, question)));
}

async function removePeer(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const { query } = request;
  const hasAddress = query.has('address');
  if (!query.has('id') && !hasAddress) {
    refuseBadRequest(
      "Must specify either ?id with the server's ID or ?address with IP:port of peer to remove",
    );
  }
  if (query.has('id') && hasAddress) refuseBadRequest('Must specify only one of ?id or ?address');
  const method = hasAddress ? operator.raftRemovePeerByAddress : operator.raftRemovePeerById;
  const peer = { id: query.get('id'), address: query.get('address') };
  await agent.caller.call(method, { ...writeOf(request, agent), ...peer });
  return nothingToSay;
}

function autopilot(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  return request.method === 'PUT' ? setAutopilot(request, agent) : readAutopilot(request, agent);
}

async function readAutopilot(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const question = nodesQuestion(request, agent);
  return json(autopilotConfigJson(await agent.caller.call(operator.autopilotGetConfiguration, question)));
}

async function setAutopilot(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const bytes = await request.body(agent.limits.recordBytesMax);
  const sent = readBody(bytes, autopilotConfig, 'Bad request: Error parsing autopilot config: ');
  const cas = request.query.has('cas');
  const modifyIndex = cas ? casOf(request.query.get('cas')) : 0;
  const config = { ...sent, createIndex: 0, modifyIndex };
  const wasSet = await agent.caller.call(operator.autopilotSetConfiguration, {
    ...writeOf(request, agent),
    config,
    cas,
  });
  return jsonBoolean(!cas || wasSet);
}

function casOf(text: string): number {
  try {
    return Math.min(Number(requireUint(text)), Number.MAX_SAFE_INTEGER);
  } catch (error) {
    return refuseBadRequest(`Error parsing cas value: ${(error as Error).message}`);
  }
}

/** Status 429 with the whole answer if something is unhealthy; upstream forgets to call that one JSON. */
async function health(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const found = await agent.caller.call(operator.serverHealth, nodesQuestion(request, agent));
  const text = clusterHealthJson(found);
  return found.healthy ? json(text) : { status: 429, headers: [forgottenJsonType], body: text };
}

function writeOf(request: HttpRequest, { defaults }: HttpAgent) {
  return { datacenter: datacenterOf(request, defaults), token: tokenOf(request, defaults) };
}
