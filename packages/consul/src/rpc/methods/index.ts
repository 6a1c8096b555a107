// Every method of Consul's RPC that we have. Next: method.ts, query.ts, then a file for each service.

export {
  catalog,
  type NodeServiceList,
  type NodeServices,
  type Nodes,
  type ServiceInstances,
  type Services,
} from './catalog.ts';
export {
  type Coordinates,
  type CoordinateUpdate,
  coordinate,
  type DatacenterCoordinates,
} from './coordinate.ts';
export type { Empty } from './empty.ts';
export { type HealthChecks, health, type InstancesHealth, type StateQuery } from './health.ts';
export {
  type EventFire,
  internal,
  type KeyringRequest,
  type KeyringResponse,
  type KeyringResponses,
  type NodeDump,
  type NodeInfo,
  type ServiceDumpQuery,
} from './internal.ts';
export { type KeyListQuery, type KeyQuery, type Keys, type KeyValues, kvs } from './kvs.ts';
export { pickedFrom, receivedBytes } from './lists.ts';
export type { Caller, Method } from './method.ts';
export {
  type ClusterHealth,
  operator,
  type RaftConfiguration,
  type RaftServer,
  type RemovePeer,
  type ServerHealth,
} from './operator.ts';
export {
  type NodeQuery,
  type NodesQuery,
  noNodesQuery,
  noQueryOptions,
  type QueryMeta,
  type QueryOptions,
  type QuerySource,
} from './query.ts';
export type { ServiceQuery } from './service-query.ts';
export { type SessionQuery, type Sessions, session } from './session.ts';
export { type RaftStats, status } from './status.ts';
export { type TransactionRead, type TransactionReadResponse, txn } from './txn.ts';
