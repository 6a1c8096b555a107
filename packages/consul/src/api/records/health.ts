// Checks, and services with their checks. Upstream: api/health.go, api/agent.go (AgentService).
// Unknown fields are ignored, missing ones have Go's zero.

import type { JsonOutput } from '@reeve/cli';
import type { Node, NodeService, Weights } from '../../core/index.ts';
import { type ApiCheck, apiCheckDefinition } from '../../json/api-check.ts';
import { type Kind, list, map, struct, text } from '../../json/decode.ts';
import { apiNode, checkFields, serviceFields, taggedAddressesOf, weightsOf } from '../../json/fields.ts';

const check = struct<ApiCheck>('api.HealthCheck', {
  ...checkFields,
  checkId: ['CheckID', text],
  type: ['Type', text],
  definition: ['Definition', apiCheckDefinition],
});

/** Checks, as health shows them. */
export const checks = list(check, 'api.HealthCheck');

/** The checks of an agent by their ids. */
export const agentChecks = map(check, 'api.AgentCheck');

/** What the service mesh keeps: passed on as it is. */
const unread: Kind<JsonOutput | undefined> = {
  zero: undefined,
  read: (value) => value as JsonOutput,
};

/** Upstream: AgentService. */
export interface Service extends Omit<NodeService, 'weights' | 'proxy' | 'connect'> {
  readonly weights: Weights;
  /** Only from the agent it belongs to; empty from the catalog. */
  readonly contentHash: string;
  readonly proxy: JsonOutput | undefined;
  readonly connect: JsonOutput | undefined;
}

/** A service as its agent shows it. */
export const service = struct<Service>('api.AgentService', {
  ...serviceFields,
  kind: ['Kind', text],
  taggedAddresses: ['TaggedAddresses', taggedAddressesOf('api.ServiceAddress')],
  weights: ['Weights', weightsOf('api.AgentWeights')],
  contentHash: ['ContentHash', text],
  proxy: ['Proxy', unread],
  connect: ['Connect', unread],
});

/** Upstream: ServiceEntry. */
export interface Instance {
  readonly node: Node;
  readonly service: Service;
  readonly checks: readonly ApiCheck[] | null;
}

/** The instances of a service with their checks. */
export const instances = list(
  struct<Instance>('ServiceEntry', {
    node: ['Node', apiNode],
    service: ['Service', service],
    checks: ['Checks', checks],
  }),
  'api.ServiceEntry',
);
