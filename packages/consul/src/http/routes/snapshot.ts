// The whole state as a file: `/v1/snapshot`. Upstream: agent/snapshot_endpoint.go.

import { snapshotOperations } from '../../rpc/snapshot/index.ts';
import type { ClusterAgent } from '../cluster-agent.ts';
import { datacenterOf, metaHeaders, tokenOf } from '../question.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, nothingToSay } from '../response.ts';

/** GET saves, PUT restores. */
export const snapshotRoute: Route<ClusterAgent> = {
  pattern: '/v1/snapshot',
  methods: ['GET', 'PUT'],
  handle: (request, agent) => (request.method === 'PUT' ? restore(request, agent) : save(request, agent)),
};

async function save(request: HttpRequest, agent: ClusterAgent): Promise<HttpResponse> {
  const operation = snapshotOperations.save;
  const { meta, archive } = await agent.snapshot({ ...wishOf(request, agent), operation }, nothing());
  return { status: 200, headers: [...metaHeaders(meta), archiveType], body: archive };
}

async function restore(request: HttpRequest, agent: ClusterAgent): Promise<HttpResponse> {
  const operation = snapshotOperations.restore;
  await agent.snapshot({ ...wishOf(request, agent), operation }, request.pieces(archiveBytesMax));
  return nothingToSay;
}

function wishOf(request: HttpRequest, { defaults }: ClusterAgent) {
  return {
    datacenter: datacenterOf(request, defaults),
    token: tokenOf(request, defaults),
    allowStale: request.query.has('stale'),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const archiveType = ['Content-Type', 'application/x-gzip'] as const;
/** An archive is a fraction of a state; it is read as it comes. */
const archiveBytesMax = 2 ** 30;
