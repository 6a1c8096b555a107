// The agent itself and its cluster: `/v1/agent/self`, `members`, `join`, `leave`, `force-leave`, `reload`.
// Upstream: agent/agent_endpoint.go.

import { compactJson, type JsonOutput } from '@reeve/cli';
import { memberFields } from '../../json/answers/member.ts';
import type { ClusterAgent } from '../cluster-agent.ts';
import { refuse } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json, nothingToSay } from '../response.ts';

/** The routes about an agent's place in the cluster. */
export const clusterRoutes: readonly Route<ClusterAgent>[] = [
  { pattern: '/v1/agent/self', methods: ['GET'], handle: self },
  { pattern: '/v1/agent/members', methods: ['GET'], handle: members },
  { pattern: '/v1/agent/join/', methods: ['PUT'], handle: join },
  { pattern: '/v1/agent/leave', methods: ['PUT'], handle: leave },
  { pattern: '/v1/agent/force-leave/', methods: ['PUT'], handle: forceLeave },
  { pattern: '/v1/agent/reload', methods: ['PUT'], handle: reload },
];

function self(_request: HttpRequest, agent: ClusterAgent): HttpResponse {
  const { identity, nodeMeta, cluster } = agent;
  const coordinate = cluster.coordinate();
  const coord: JsonOutput =
    coordinate === undefined
      ? null
      : {
          Vec: [...coordinate.vec],
          Error: coordinate.error,
          Adjustment: coordinate.adjustment,
          Height: coordinate.height,
        };
  const text = compactJson({
    Config: {
      Datacenter: identity.datacenter,
      NodeName: identity.nodeName,
      NodeID: identity.nodeId,
      Revision: identity.revision,
      Server: identity.isServer,
      Version: identity.version,
    },
    DebugConfig: agent.debugConfig(),
    Coord: coord,
    Member: memberFields(cluster.localMember()),
    Stats: agent.stats(),
    Meta: nodeMeta,
  });
  return json(text);
}

function members({ query }: HttpRequest, { cluster }: ClusterAgent): HttpResponse {
  const isWan = query.get('wan') !== '';
  const segment = query.get('segment');
  const isOfSegment = segment !== '' && segment !== '_all';
  if (isWan && isOfSegment) refuse('Cannot provide a segment with wan=true');
  if (isOfSegment) throw new Error('Network segments are not supported in this version of Consul');
  const found = isWan ? cluster.wanMembers() : cluster.members();
  return json(compactJson(found === null ? null : found.map(memberFields)));
}

async function join(
  { query }: HttpRequest,
  { cluster }: ClusterAgent,
  address: string,
): Promise<HttpResponse> {
  await cluster.join(address, query.get('wan') !== '');
  return nothingToSay;
}

async function leave(_request: HttpRequest, { cluster }: ClusterAgent): Promise<HttpResponse> {
  await cluster.leave();
  return nothingToSay;
}

async function forceLeave(
  { query }: HttpRequest,
  { cluster }: ClusterAgent,
  node: string,
): Promise<HttpResponse> {
  await cluster.forceLeave(node, query.has('prune'));
  return nothingToSay;
}

async function reload(_request: HttpRequest, { cluster }: ClusterAgent): Promise<HttpResponse> {
  await cluster.reload();
  return nothingToSay;
}
