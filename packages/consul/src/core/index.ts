// The pure core of Consul's servers: no Node, no clock, no promises.

export type {
  HealthCheck,
  HealthCheckDefinition,
  HealthStatus,
  KeyValue,
  Node,
  NodeService,
  RaftIndex,
  ServiceAddress,
  ServiceCheckBinding,
  Session,
  SessionBehavior,
  TextMap,
  Weights,
} from './records/index.ts';
