// What agents answer, as Go's client decodes it: unknown fields are ignored, missing ones have Go's zero.
// Upstream: api/*.go. Next: client.ts.

import { type JsonOutput, parseDuration } from '@reeve/cli';
import {
  durationNs,
  float,
  int,
  type Kind,
  list,
  map,
  nilable,
  struct,
  text,
  truth,
  uint,
  uint64,
} from '../json/decode.ts';

/** Texts by name. */
export const texts = map(text, 'string');

/** A list of texts. */
export const textList = list(text, 'string');

/** Upstream: AgentMember. */
export interface Member {
  readonly name: string;
  readonly addr: string;
  readonly port: number;
  readonly tags: ReadonlyMap<string, string> | null;
  readonly status: number;
}

/** The members that an agent knows. */
export const members = list(
  struct<Member>(
    'AgentMember',
    {
      name: ['Name', text],
      addr: ['Addr', text],
      port: ['Port', int],
      tags: ['Tags', texts],
      status: ['Status', int],
    },
    false,
  ),
  'api.AgentMember',
);

/** Upstream: Node. */
export interface CatalogNode {
  readonly id: string;
  readonly node: string;
  readonly address: string;
  readonly datacenter: string;
  readonly taggedAddresses: ReadonlyMap<string, string> | null;
  readonly meta: ReadonlyMap<string, string> | null;
  readonly createIndex: number;
  readonly modifyIndex: number;
}

const nodeFields = {
  id: ['ID', text],
  node: ['Node', text],
  address: ['Address', text],
  datacenter: ['Datacenter', text],
  taggedAddresses: ['TaggedAddresses', texts],
  createIndex: ['CreateIndex', uint64],
  modifyIndex: ['ModifyIndex', uint64],
} as const;

const catalogNode = struct<CatalogNode>('Node', { ...nodeFields, meta: ['Meta', texts] }, false);

/** The nodes of a catalog. */
export const catalogNodes = list(catalogNode, 'api.Node');

/** The nodes of a service's instances (upstream: CatalogService). */
export const serviceNodes = list(
  struct<CatalogNode>('CatalogService', { ...nodeFields, meta: ['NodeMeta', texts] }, false),
  'api.CatalogService',
);

/** A service on a node: its name and tags. */
export interface NamedService {
  readonly service: string;
  readonly tags: readonly string[] | null;
}

/** The services of a node by their ids; null if there is no such node (upstream: CatalogNode). */
export const nodeServices = nilable(
  struct<{ readonly services: ReadonlyMap<string, NamedService> | null }>(
    'CatalogNode',
    {
      services: [
        'Services',
        map(
          struct<NamedService>(
            'AgentService',
            { service: ['Service', text], tags: ['Tags', textList] },
            false,
          ),
          'api.AgentService',
        ),
      ],
    },
    false,
  ),
);

/** The tags of services by their names. */
export const serviceTags = map(textList, '[]string');

/** Upstream: HealthCheckDefinition. Durations are in nanoseconds. */
export interface CheckDefinition {
  readonly http: string;
  readonly header: ReadonlyMap<string, readonly string[] | null> | null;
  readonly method: string;
  readonly body: string;
  readonly tlsSkipVerify: boolean;
  readonly tcp: string;
  readonly intervalNs: number;
  readonly timeoutNs: number;
  readonly deregisterCriticalServiceAfterNs: number;
}

/** Upstream: HealthCheck. */
export interface Check {
  readonly node: string;
  readonly checkId: string;
  readonly name: string;
  readonly status: string;
  readonly notes: string;
  readonly output: string;
  readonly serviceId: string;
  readonly serviceName: string;
  readonly serviceTags: readonly string[] | null;
  readonly type: string;
  readonly definition: CheckDefinition;
  readonly createIndex: number;
  readonly modifyIndex: number;
}

const checkDefinition = struct<CheckDefinition>(
  'HealthCheckDefinition',
  {
    http: ['HTTP', text],
    header: ['Header', map(textList, '[]string')],
    method: ['Method', text],
    body: ['Body', text],
    tlsSkipVerify: ['TLSSkipVerify', truth],
    tcp: ['TCP', text],
    intervalNs: ['Interval', durationNs],
    timeoutNs: ['Timeout', durationNs],
    deregisterCriticalServiceAfterNs: ['DeregisterCriticalServiceAfter', durationNs],
  },
  false,
);

const check = struct<Check>(
  'HealthCheck',
  {
    node: ['Node', text],
    checkId: ['CheckID', text],
    name: ['Name', text],
    status: ['Status', text],
    notes: ['Notes', text],
    output: ['Output', text],
    serviceId: ['ServiceID', text],
    serviceName: ['ServiceName', text],
    serviceTags: ['ServiceTags', textList],
    type: ['Type', text],
    definition: ['Definition', checkDefinition],
    createIndex: ['CreateIndex', uint64],
    modifyIndex: ['ModifyIndex', uint64],
  },
  false,
);

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
export interface Service {
  readonly kind: string;
  readonly id: string;
  readonly service: string;
  readonly tags: readonly string[] | null;
  readonly meta: ReadonlyMap<string, string> | null;
  readonly port: number;
  readonly address: string;
  readonly taggedAddresses: ReadonlyMap<string, { readonly address: string; readonly port: number }> | null;
  readonly weights: { readonly passing: number; readonly warning: number };
  readonly enableTagOverride: boolean;
  readonly createIndex: number;
  readonly modifyIndex: number;
  readonly proxy: JsonOutput | undefined;
  readonly connect: JsonOutput | undefined;
}

const service = struct<Service>(
  'AgentService',
  {
    kind: ['Kind', text],
    id: ['ID', text],
    service: ['Service', text],
    tags: ['Tags', textList],
    meta: ['Meta', texts],
    port: ['Port', int],
    address: ['Address', text],
    taggedAddresses: [
      'TaggedAddresses',
      map(
        struct<{ address: string; port: number }>(
          'ServiceAddress',
          { address: ['Address', text], port: ['Port', int] },
          false,
        ),
        'api.ServiceAddress',
      ),
    ],
    weights: [
      'Weights',
      struct<{ passing: number; warning: number }>(
        'AgentWeights',
        { passing: ['Passing', int], warning: ['Warning', int] },
        false,
      ),
    ],
    enableTagOverride: ['EnableTagOverride', truth],
    createIndex: ['CreateIndex', uint64],
    modifyIndex: ['ModifyIndex', uint64],
    proxy: ['Proxy', unread],
    connect: ['Connect', unread],
  },
  false,
);

/** Upstream: ServiceEntry. */
export interface Instance {
  readonly node: CatalogNode;
  readonly service: Service;
  readonly checks: readonly Check[] | null;
}

/** The instances of a service with their checks. */
export const instances = list(
  struct<Instance>(
    'ServiceEntry',
    { node: ['Node', catalogNode], service: ['Service', service], checks: ['Checks', checks] },
    false,
  ),
  'api.ServiceEntry',
);

/** Upstream: UserEvent. */
export interface UserEvent {
  readonly id: string;
  readonly name: string;
  /** In base64; null if there is none. */
  readonly payload: string | null;
  readonly nodeFilter: string;
  readonly serviceFilter: string;
  readonly tagFilter: string;
  readonly version: number;
  readonly lTime: number;
}

/** One event. */
export const userEvent = struct<UserEvent>(
  'UserEvent',
  {
    id: ['ID', text],
    name: ['Name', text],
    payload: ['Payload', nilable(text)],
    nodeFilter: ['NodeFilter', text],
    serviceFilter: ['ServiceFilter', text],
    tagFilter: ['TagFilter', text],
    version: ['Version', int],
    lTime: ['LTime', uint64],
  },
  false,
);

/** The events that an agent remembers. */
export const userEvents = list(userEvent, 'api.UserEvent');

/** Upstream: RaftServer. */
export interface RaftServer {
  readonly id: string;
  readonly node: string;
  readonly address: string;
  readonly isLeader: boolean;
  readonly protocolVersion: string;
  readonly isVoter: boolean;
}

/** Who takes part in Raft (upstream: RaftConfiguration). */
export const raftConfiguration = struct<{ readonly servers: readonly RaftServer[] | null }>(
  'RaftConfiguration',
  {
    servers: [
      'Servers',
      list(
        struct<RaftServer>(
          'RaftServer',
          {
            id: ['ID', text],
            node: ['Node', text],
            address: ['Address', text],
            isLeader: ['Leader', truth],
            protocolVersion: ['ProtocolVersion', text],
            isVoter: ['Voter', truth],
          },
          false,
        ),
        'api.RaftServer',
      ),
    ],
  },
  false,
);

/** Upstream: AutopilotConfiguration. */
export interface Autopilot {
  readonly cleanupDeadServers: boolean;
  readonly lastContactThresholdMs: number;
  readonly maxTrailingLogs: number;
  readonly minQuorum: number;
  readonly serverStabilizationTimeMs: number;
  readonly redundancyZoneTag: string;
  readonly disableUpgradeMigration: boolean;
  readonly upgradeVersionTag: string;
  readonly createIndex: number;
  readonly modifyIndex: number;
}

const durationMs: Kind<number> = {
  zero: 0,
  read: (value, at) => (typeof value === 'number' ? value / nsPerMs : parseDuration(text.read(value, at))),
};

/** How servers are taken in and removed. */
export const autopilot = struct<Autopilot>(
  'AutopilotConfiguration',
  {
    cleanupDeadServers: ['CleanupDeadServers', truth],
    lastContactThresholdMs: ['LastContactThreshold', durationMs],
    maxTrailingLogs: ['MaxTrailingLogs', uint64],
    minQuorum: ['MinQuorum', uint],
    serverStabilizationTimeMs: ['ServerStabilizationTime', durationMs],
    redundancyZoneTag: ['RedundancyZoneTag', text],
    disableUpgradeMigration: ['DisableUpgradeMigration', truth],
    upgradeVersionTag: ['UpgradeVersionTag', text],
    createIndex: ['CreateIndex', uint64],
    modifyIndex: ['ModifyIndex', uint64],
  },
  false,
);

/** Upstream: KeyringResponse. */
export interface KeyringPool {
  readonly isWan: boolean;
  readonly datacenter: string;
  readonly segment: string;
  readonly messages: ReadonlyMap<string, string> | null;
  readonly keys: ReadonlyMap<string, number> | null;
  readonly primaryKeys: ReadonlyMap<string, number> | null;
  readonly nodes: number;
}

/** The keys of each gossip pool. */
export const keyringPools = list(
  struct<KeyringPool>(
    'KeyringResponse',
    {
      isWan: ['WAN', truth],
      datacenter: ['Datacenter', text],
      segment: ['Segment', text],
      messages: ['Messages', texts],
      keys: ['Keys', map(int, 'int')],
      primaryKeys: ['PrimaryKeys', map(int, 'int')],
      nodes: ['NumNodes', int],
    },
    false,
  ),
  'api.KeyringResponse',
);

/** Where a node is. */
export interface NodeCoordinate {
  readonly node: string;
  readonly segment: string;
  readonly coordinate: {
    readonly vec: readonly number[] | null;
    readonly error: number;
    readonly adjustment: number;
    readonly height: number;
  } | null;
}

/** The coordinates of nodes (upstream: CoordinateEntry). */
export const nodeCoordinates = list(
  struct<NodeCoordinate>(
    'CoordinateEntry',
    {
      node: ['Node', text],
      segment: ['Segment', text],
      coordinate: [
        'Coord',
        nilable(
          struct<NonNullable<NodeCoordinate['coordinate']>>(
            'Coordinate',
            {
              vec: ['Vec', list(float, 'float64')],
              error: ['Error', float],
              adjustment: ['Adjustment', float],
              height: ['Height', float],
            },
            false,
          ),
        ),
      ],
    },
    false,
  ),
  'api.CoordinateEntry',
);

/** The coordinates of servers by datacenter (upstream: CoordinateDatacenterMap). */
export const datacenterCoordinates = list(
  struct<{
    readonly datacenter: string;
    readonly areaId: string;
    readonly coordinates: readonly NodeCoordinate[] | null;
  }>(
    'CoordinateDatacenterMap',
    {
      datacenter: ['Datacenter', text],
      areaId: ['AreaID', text],
      coordinates: ['Coordinates', nodeCoordinates],
    },
    false,
  ),
  'api.CoordinateDatacenterMap',
);

/** What an agent says of itself. */
export interface Self {
  readonly config: { readonly nodeName: string; readonly datacenter: string };
  readonly stats: ReadonlyMap<string, ReadonlyMap<string, string> | null> | null;
}

/** `/v1/agent/self`. */
export const self = struct<Self>(
  'Self',
  {
    config: [
      'Config',
      struct<Self['config']>(
        'Config',
        { nodeName: ['NodeName', text], datacenter: ['Datacenter', text] },
        false,
      ),
    ],
    stats: ['Stats', map(texts, 'map[string]string')],
  },
  false,
);

/** An answer that has an id: of an event, of a session. */
export const withId = struct<{ readonly id: string }>('', { id: ['ID', text] }, false);

const nsPerMs = 1e6;
