// Gateways, and the states of federated datacenters: there are none. Who asks is told so in upstream's words.
// Upstream: agent/catalog_endpoint.go, ui_endpoint.go, federation_state_endpoint.go.

import type { HttpAgent } from '../agent.ts';
import { refuseNamespace } from '../question.ts';
import { refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { bare, type HttpResponse, json } from '../response.ts';
import { required } from './catalog.ts';
import { worthOfNothing } from './nothing.ts';

/** Everything that is there and empty. */
export const absentRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/catalog/gateway-services/', methods: ['GET'], handle: gatewayServices },
  { pattern: '/v1/internal/ui/gateway-services-nodes/', methods: ['GET'], handle: gatewayNodes },
  { pattern: '/v1/internal/federation-states', methods: ['GET'], handle: empty('[]') },
  { pattern: '/v1/internal/federation-states/mesh-gateways', methods: ['GET'], handle: empty('{}') },
  { pattern: '/v1/internal/federation-state/', methods: ['GET'], handle: federationState },
];

function empty(text: string): Route<HttpAgent>['handle'] {
  return async (request, agent) => json(text, await worthOfNothing(request, agent, false));
}

async function federationState(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  if (name === '') refuseBadRequest('Missing datacenter name');
  await worthOfNothing(request, agent, false);
  return bare(404);
}

async function gatewayServices(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  refuseNamespace(request);
  required(name, 'Missing gateway name');
  return json('null', await worthOfNothing(request, agent, true));
}

async function gatewayNodes(request: HttpRequest, agent: HttpAgent, name: string): Promise<HttpResponse> {
  refuseNamespace(request);
  required(name, 'Missing gateway name');
  return json('[]', await worthOfNothing(request, agent, false));
}
