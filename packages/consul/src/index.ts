// Consul as services use it.

export type { HealthCheck, KeyValue, Node, NodeService, Session } from './core/index.ts';
