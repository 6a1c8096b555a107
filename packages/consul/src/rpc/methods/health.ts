// Checks, and services with them. Upstream: agent/consul/health_endpoint.go, agent/structs/structs.go.

import { field, struct, text } from '@reeve/bytes';
import {
  type HealthCheck,
  healthCheckCodec,
  type InstanceHealth,
  instanceHealthCodec,
} from '../../core/index.ts';
import { answerList } from './lists.ts';
import { method } from './method.ts';
import { type NodesQuery, nodeQuery, nodesQueryFields, type QueryMeta, queryMetaFields } from './query.ts';
import { serviceQuery } from './service-query.ts';

/** Checks in one status. */
export interface StateQuery extends NodesQuery {
  /** A status, or `any`. */
  readonly state: string;
}

/** Checks; null if there are none. */
export interface HealthChecks extends QueryMeta {
  readonly healthChecks: readonly HealthCheck[] | null;
}

/** Instances of a service with the checks that concern them; null if there are none. */
export interface InstancesHealth extends QueryMeta {
  readonly nodes: readonly InstanceHealth[] | null;
}

const stateQuery = struct<StateQuery>({ state: field('State', text), ...nodesQueryFields });

const healthChecks = struct<HealthChecks>({
  healthChecks: field('HealthChecks', answerList(healthCheckCodec)),
  ...queryMetaFields,
});

/** Instances with their checks (upstream: IndexedCheckServiceNodes). */
export const instancesHealth = struct<InstancesHealth>({
  nodes: field('Nodes', answerList(instanceHealthCodec)),
  ...queryMetaFields,
});

/** The methods of `Health`. */
export const health = {
  checksInState: method('Health.ChecksInState', stateQuery, healthChecks),
  nodeChecks: method('Health.NodeChecks', nodeQuery, healthChecks),
  serviceChecks: method('Health.ServiceChecks', serviceQuery, healthChecks),
  serviceNodes: method('Health.ServiceNodes', serviceQuery, instancesHealth),
};
