// Everything that a server keeps. Upstream: the schemas in agent/consul/state/*.go.
// Nodes, services, checks and coordinates are found by names in any case, keys only by themselves.

import type {
  AclAuthMethod,
  AclBindingRule,
  AclPolicy,
  AclRole,
  AclToken,
  AutopilotConfig,
  ChunkSet,
  HealthCheck,
  MeshRecord,
  Node,
  NodeCoordinate,
  PreparedQuery,
  Session,
  Tombstone,
} from '../records/index.ts';
import type { KeptKeyValue } from './kept-key-value.ts';
import { byteKey, chunkKey, nameKey, onNodeKey, uuidKey } from './keys.ts';
import { intentionPair, meshKey } from './mesh-keys.ts';
import type { IndexEntry, ServiceRow, SessionCheck } from './rows.ts';
import { Table } from './table.ts';

/** The tables, all empty. */
export function createTables() {
  return {
    nodes: new Table<Node, 'id'>({
      key: (node) => nameKey(node.name),
      lookups: { id: (node) => (node.id === '' ? null : uuidKey(node.id)) },
    }),
    services: new Table<ServiceRow, 'name' | 'kind'>({
      key: ({ node, service }) => onNodeKey(node, service.id),
      lookups: {
        name: ({ service }) => nameKey(service.service),
        kind: ({ service }) => nameKey(service.kind),
      },
    }),
    checks: new Table<HealthCheck, 'service' | 'status' | 'onService'>({
      key: (check) => onNodeKey(check.node, check.checkId),
      lookups: {
        service: (check) => (check.serviceName === '' ? null : nameKey(check.serviceName)),
        status: (check) => byteKey(check.status),
        onService: (check) => onNodeKey(check.node, check.serviceId),
      },
    }),
    keyValues: new Table<KeptKeyValue, 'session'>({
      key: (entry) => byteKey(entry.key),
      lookups: { session: (entry) => (entry.session === '' ? null : uuidKey(entry.session)) },
    }),
    tombstones: new Table<Tombstone>({ key: (stone) => byteKey(stone.key), lookups: {} }),
    sessions: new Table<Session, 'node'>({
      key: (session) => uuidKey(session.id),
      lookups: { node: (session) => nameKey(session.node) },
    }),
    sessionChecks: new Table<SessionCheck, 'session'>({
      key: ({ node, checkId, session }) => onNodeKey(node, checkId) + uuidKey(session),
      lookups: { session: ({ session }) => uuidKey(session) },
    }),
    coordinates: new Table<NodeCoordinate>({
      key: ({ node, segment }) => onNodeKey(node, segment),
      lookups: {},
    }),
    /** One row, or none. */
    autopilot: new Table<AutopilotConfig>({ key: () => '', lookups: {} }),
    ...createAccessTables(),
    /** What the service mesh keeps: nothing here asks for it. */
    mesh: new Table<MeshRecord, 'pair'>({ key: meshKey, lookups: { pair: intentionPair } }),
    /** Large commands of which parts are still to come. */
    chunks: new Table<ChunkSet>({ key: ({ operation }) => chunkKey(operation), lookups: {} }),
    indexes: new Table<IndexEntry>({ key: (entry) => nameKey(entry.name), lookups: {} }),
  };
}

/** Prepared queries and ACLs. */
function createAccessTables() {
  return {
    queries: new Table<PreparedQuery, 'session' | 'name' | 'template'>({
      key: ({ id }) => uuidKey(id),
      lookups: {
        session: ({ session }) => (session === '' ? null : uuidKey(session)),
        name: ({ name }) => (name === '' ? null : nameKey(name)),
        template: ({ name, template }) => (template.type === '' ? null : nameKey(name)),
      },
    }),
    aclTokens: new Table<AclToken, 'accessor' | 'authMethod'>({
      key: ({ secretId }) => byteKey(secretId),
      lookups: {
        accessor: ({ accessorId }) => (accessorId === '' ? null : uuidKey(accessorId)),
        authMethod: ({ authMethod }) => (authMethod === '' ? null : byteKey(authMethod)),
      },
    }),
    aclPolicies: new Table<AclPolicy, 'name'>({
      key: ({ id }) => uuidKey(id),
      lookups: { name: ({ name }) => nameKey(name) },
    }),
    aclRoles: new Table<AclRole, 'name'>({
      key: ({ id }) => uuidKey(id),
      lookups: { name: ({ name }) => nameKey(name) },
    }),
    aclBindingRules: new Table<AclBindingRule, 'authMethod'>({
      key: ({ id }) => uuidKey(id),
      lookups: { authMethod: ({ authMethod }) => nameKey(authMethod) },
    }),
    aclAuthMethods: new Table<AclAuthMethod>({ key: ({ name }) => nameKey(name), lookups: {} }),
  };
}

/** All tables of a server. */
export type Tables = ReturnType<typeof createTables>;

/** The same rows, from now on apart: what a snapshot is written from. */
export function cloneTables(tables: Tables): Tables {
  const copy: Record<string, unknown> = {};
  for (const [name, table] of Object.entries(tables)) copy[name] = table.clone();
  return copy as Tables;
}

/** The highest of some entries of the index table; 0 if there is none. */
export function maxIndex({ indexes }: Tables, ...names: readonly string[]): number {
  return names.reduce((max, name) => Math.max(max, indexes.get(nameKey(name))?.value ?? 0), 0);
}
