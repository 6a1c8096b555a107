// A check that is registered by itself, of the node or of one of its services.
// Upstream: agent/structs/check_definition.go.

import { type HealthCheck, healthCheckCodec } from '../core/index.ts';
import type { CheckType } from './check-type.ts';

/** A check from a file or a request. */
export interface CheckDefinition extends CheckType {
  /** Empty: it is a check of the node. */
  readonly serviceId: string;
  readonly token: string;
}

/**
 * What the catalog gets of it. Without an id it takes its name. Upstream leaves the type of checks from files
 * empty; requests set it.
 */
export function healthCheckOf(definition: CheckDefinition, node: string): HealthCheck {
  return {
    ...healthCheckCodec.zero(),
    node,
    checkId: definition.checkId || definition.name,
    name: definition.name,
    status: definition.status || 'critical',
    notes: definition.notes,
    serviceId: definition.serviceId,
  };
}

/** Whether a check may have this status. */
export function isStatus(text: string): boolean {
  return text === 'passing' || text === 'warning' || text === 'critical';
}
