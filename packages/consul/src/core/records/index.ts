// What Consul keeps, as plain values. Records never change: a change is a new record.

export type {
  AclAuthMethod,
  AclBindingRule,
  AclLink,
  AclNodeIdentity,
  AclPolicy,
  AclRole,
  AclServiceIdentity,
  AclToken,
  LegacyAcl,
} from './acl.ts';
export type {
  AclAuthMethodsRequest,
  AclBindingRulesRequest,
  AclBootstrapRequest,
  AclDeletionRequest,
  AclPoliciesRequest,
  AclRolesRequest,
  AclTokensRequest,
  LegacyAclRequest,
  PreparedQueryRequest,
} from './acl-requests.ts';
export type { AutopilotConfig } from './autopilot-config.ts';
export type { ChunkInfo, ChunkSet } from './chunk-set.ts';
export type { NodeCoordinate } from './coordinate.ts';
export { type HealthCheck, type HealthCheckDefinition, serfHealth } from './health-check.ts';
export type { KeyValue } from './key-value.ts';
export {
  type AuthorityRequest,
  type LeafRequest,
  type MeshKind,
  type MeshRecord,
  type MeshRequest,
  meshKinds,
  type RawFields,
} from './mesh.ts';
export type { Node, TextMap } from './node.ts';
export type { PreparedQuery, QueryFailover, QueryTemplate, ServiceQuery } from './prepared-query.ts';
export type { RaftIndex } from './raft-index.ts';
export {
  consulService,
  evenWeights,
  type NodeService,
  type ServiceAddress,
  type Weights,
  weightMax,
} from './service.ts';
export type { InstanceHealth, ServiceInstance } from './service-instance.ts';
export type { ServiceCheckBinding, Session, SessionBehavior } from './session.ts';
export type { Tombstone } from './tombstone.ts';
export type {
  TransactionError,
  TransactionRequest,
  TransactionResponse,
  TransactionResult,
  TransactionStep,
} from './transaction.ts';
export type { ReceivedEvent, UserEvent } from './user-event.ts';
export type {
  AutopilotRequest,
  DeregisterRequest,
  KeyOperation,
  KeyValueRequest,
  RegisterRequest,
  SessionRequest,
  TombstoneRequest,
  WriteRequest,
} from './write-requests.ts';
