// A service together with the node it is on, as questions about services are answered.
// Upstream: agent/structs/structs.go (ServiceNode, CheckServiceNode).

import type { HealthCheck } from './health-check.ts';
import type { Node } from './node.ts';
import type { NodeService } from './service.ts';

/** One instance of a service. */
export interface ServiceInstance {
  readonly node: Node;
  readonly service: NodeService;
}

/** One instance with the checks that concern it: those of its node first, then its own. */
export interface InstanceHealth extends ServiceInstance {
  readonly checks: readonly HealthCheck[];
}
