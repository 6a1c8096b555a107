// The records of the state as msgpack: fields are named as Go's, embedded structs are flattened.
// Nil and empty lists and maps stay different: JSON shows the difference. Upstream: agent/structs/structs.go.

import {
  bigUint64,
  bytes,
  type Codec,
  field,
  int64,
  nearestInt64,
  nilable,
  nilableList,
  type StructCodec,
  type StructFields,
  struct,
  text,
  textMap,
  boolean as truth,
  uint64,
} from '@reeve/bytes';
import { coordinateCodec } from '@reeve/serf/core';
import type {
  AutopilotConfig,
  KeyValue,
  Node,
  NodeCoordinate,
  RaftIndex,
  ServiceCheckBinding,
  Session,
  SessionBehavior,
  TextMap,
} from '../records/index.ts';
import { recordElementsMax } from './limits.ts';

/** The two indexes that every record begins with. */
export const raftIndexFields: StructFields<RaftIndex> = {
  createIndex: field('CreateIndex', uint64),
  modifyIndex: field('ModifyIndex', uint64),
};

/** A map of texts, or nil. */
export const nilableTexts: Codec<TextMap | null> = nilable(textMap(text, recordElementsMax));

/** A node. */
export const nodeCodec: StructCodec<Node> = struct<Node>({
  id: field('ID', text),
  name: field('Node', text),
  address: field('Address', text),
  datacenter: field('Datacenter', text),
  taggedAddresses: field('TaggedAddresses', nilableTexts),
  meta: field('Meta', nilableTexts),
  ...raftIndexFields,
});

/** A byte string of which Go writes none as nil. */
const value: Codec<Uint8Array> = {
  zero: bytes.zero,
  encode: (writer, value) => (value.length === 0 ? writer.nil() : writer.bytes(value)),
  decode: bytes.decode,
};

/** A key with its value. An empty value is written as nil, as Go's own decoder leaves it. */
export const keyValueCodec: StructCodec<KeyValue> = struct<KeyValue>({
  lockIndex: field('LockIndex', uint64),
  key: field('Key', text),
  flags: field('Flags', bigUint64),
  value: field('Value', value),
  session: field('Session', text),
  ...raftIndexFields,
});

/** Any text: what is neither is refused where the session is created. */
const behavior = text as Codec<string> as Codec<SessionBehavior>;

const serviceCheckBinding = struct<ServiceCheckBinding>({
  id: field('ID', text),
  namespace: field('Namespace', text),
});

/** A session. */
export const sessionCodec: StructCodec<Session> = struct<Session>({
  id: field('ID', text),
  name: field('Name', text),
  node: field('Node', text),
  lockDelayNs: field('LockDelay', nearestInt64),
  behavior: field('Behavior', behavior),
  ttl: field('TTL', text),
  nodeChecks: field('NodeChecks', nilableList(text, recordElementsMax)),
  serviceChecks: field('ServiceChecks', nilableList(serviceCheckBinding, recordElementsMax)),
  checks: field('Checks', nilableList(text, recordElementsMax)),
  ...raftIndexFields,
});

/** A node's coordinate. */
export const nodeCoordinateCodec: StructCodec<NodeCoordinate> = struct<NodeCoordinate>({
  node: field('Node', text),
  segment: field('Segment', text),
  coordinate: field('Coord', coordinateCodec),
});

/** Autopilot's configuration. */
export const autopilotConfigCodec: StructCodec<AutopilotConfig> = struct<AutopilotConfig>({
  cleanupDeadServers: field('CleanupDeadServers', truth),
  lastContactThresholdNs: field('LastContactThreshold', nearestInt64),
  maxTrailingLogs: field('MaxTrailingLogs', nearestInt64),
  minQuorum: field('MinQuorum', int64),
  serverStabilizationTimeNs: field('ServerStabilizationTime', nearestInt64),
  redundancyZoneTag: field('RedundancyZoneTag', text),
  disableUpgradeMigration: field('DisableUpgradeMigration', truth),
  upgradeVersionTag: field('UpgradeVersionTag', text),
  ...raftIndexFields,
});
