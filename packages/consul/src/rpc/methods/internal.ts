// What the web pages ask for, events, and the keyring.
// Upstream: agent/consul/internal_endpoint.go, agent/structs/structs.go.

import { boolean, bytes, field, int64, struct, text, textMap, uint8 } from '@reeve/bytes';
import {
  type HealthCheck,
  healthCheckCodec,
  type NodeService,
  nilableTexts,
  serviceCodec,
  type TextMap,
} from '../../core/index.ts';
import { instancesHealth } from './health.ts';
import { answerElementsMax, answerList } from './lists.ts';
import { method } from './method.ts';
import {
  nodeQuery,
  nodesQuery,
  type QueryMeta,
  type QueryOptions,
  type QuerySource,
  queryMetaFields,
  queryOptionsFields,
  querySource,
} from './query.ts';

/** Everything about a node. */
export interface NodeInfo {
  readonly id: string;
  readonly node: string;
  readonly address: string;
  readonly taggedAddresses: TextMap | null;
  readonly meta: TextMap | null;
  readonly services: readonly NodeService[] | null;
  readonly checks: readonly HealthCheck[] | null;
}

/** Everything about nodes; null if there are none. */
export interface NodeDump extends QueryMeta {
  readonly dump: readonly NodeInfo[] | null;
}

/** Everything about the instances of all services, or of those of one kind. */
export interface ServiceDumpQuery extends QueryOptions {
  readonly serviceKind: string;
  /** The kind counts, even the empty one. */
  readonly useServiceKind: boolean;
  readonly source: QuerySource;
}

/** A user event to send into a datacenter. */
export interface EventFire extends QueryOptions {
  readonly name: string;
  readonly payload: Uint8Array;
}

/** Something to do with the gossip keys. */
export interface KeyringRequest extends QueryOptions {
  /** `list`, `install`, `use` or `remove`. */
  readonly operation: string;
  /** Base64. */
  readonly key: string;
  /** It has been sent on to other datacenters already. */
  readonly forwarded: boolean;
  readonly relayFactor: number;
  readonly localOnly: boolean;
}

/** What one gossip pool says about its keys. */
export interface KeyringResponse {
  readonly wan: boolean;
  readonly datacenter: string;
  readonly segment: string;
  /** What members had to say, by name. */
  readonly messages: TextMap | null;
  /** How many members have each key. */
  readonly keys: ReadonlyMap<string, number>;
  readonly primaryKeys: ReadonlyMap<string, number>;
  readonly nodes: number;
  readonly error: string;
}

/** What all pools say. */
export interface KeyringResponses extends QueryMeta {
  readonly responses: readonly KeyringResponse[] | null;
}

const nodeInfo = struct<NodeInfo>({
  id: field('ID', text),
  node: field('Node', text),
  address: field('Address', text),
  taggedAddresses: field('TaggedAddresses', nilableTexts),
  meta: field('Meta', nilableTexts),
  services: field('Services', answerList(serviceCodec)),
  checks: field('Checks', answerList(healthCheckCodec)),
});

const nodeDump = struct<NodeDump>({ dump: field('Dump', answerList(nodeInfo)), ...queryMetaFields });

const serviceDumpQuery = struct<ServiceDumpQuery>({
  serviceKind: field('ServiceKind', text),
  useServiceKind: field('UseServiceKind', boolean),
  source: field('Source', querySource),
  ...queryOptionsFields,
});

const eventFire = struct<EventFire>({
  name: field('Name', text),
  payload: field('Payload', bytes),
  ...queryOptionsFields,
});

const keyringRequest = struct<KeyringRequest>({
  operation: field('Operation', text),
  key: field('Key', text),
  forwarded: field('Forwarded', boolean),
  relayFactor: field('RelayFactor', uint8),
  localOnly: field('LocalOnly', boolean),
  ...queryOptionsFields,
});

const counts = textMap(int64, answerElementsMax);

const keyringResponse = struct<KeyringResponse>({
  wan: field('WAN', boolean),
  datacenter: field('Datacenter', text),
  segment: field('Segment', text),
  messages: field('Messages', nilableTexts),
  keys: field('Keys', counts),
  primaryKeys: field('PrimaryKeys', counts),
  nodes: field('NumNodes', int64),
  error: field('Error', text),
});

const keyringResponses = struct<KeyringResponses>({
  responses: field('Responses', answerList(keyringResponse)),
  ...queryMetaFields,
});

/** The methods of `Internal`. */
export const internal = {
  nodeInfo: method('Internal.NodeInfo', nodeQuery, nodeDump),
  nodeDump: method('Internal.NodeDump', nodesQuery, nodeDump),
  serviceDump: method('Internal.ServiceDump', serviceDumpQuery, instancesHealth),
  eventFire: method('Internal.EventFire', eventFire, struct<QueryMeta>(queryMetaFields)),
  keyringOperation: method('Internal.KeyringOperation', keyringRequest, keyringResponses),
};
