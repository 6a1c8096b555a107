// What Consul keeps, as plain values. Records never change: a change is a new record.

export type { HealthCheck, HealthCheckDefinition, HealthStatus } from './health-check.ts';
export type { KeyValue } from './key-value.ts';
export type { Node, TextMap } from './node.ts';
export type { RaftIndex } from './raft-index.ts';
export type { NodeService, ServiceAddress, Weights } from './service.ts';
export type { ServiceCheckBinding, Session, SessionBehavior } from './session.ts';
