// The requests that change something, as msgpack: RPC carries them, and raft's entries after a type byte.
// Upstream: agent/structs/structs.go, operator.go. Next: transaction.ts, command.ts.

import {
  boolean,
  field,
  nilable,
  nilableList,
  type StructCodec,
  type StructFields,
  struct,
  text,
  uint64,
} from '@reeve/bytes';
import type {
  AutopilotRequest,
  DeregisterRequest,
  KeyValueRequest,
  RegisterRequest,
  SessionRequest,
  TombstoneRequest,
  WriteRequest,
} from '../records/index.ts';
import { healthCheckCodec } from './health-check.ts';
import { recordElementsMax } from './limits.ts';
import {
  autopilotConfigCodec,
  keyValueCodec,
  nilableTexts,
  raftIndexFields,
  sessionCodec,
} from './records.ts';
import { serviceCodec } from './service.ts';

/** What every request to change something carries. */
export const writeRequestFields: StructFields<WriteRequest> = {
  datacenter: field('Datacenter', text),
  token: field('Token', text),
};

/** `Catalog.Register`, and the nodes, services and checks of a snapshot. */
export const registerRequestCodec: StructCodec<RegisterRequest> = struct<RegisterRequest>({
  id: field('ID', text),
  node: field('Node', text),
  address: field('Address', text),
  taggedAddresses: field('TaggedAddresses', nilableTexts),
  nodeMeta: field('NodeMeta', nilableTexts),
  service: field('Service', nilable(serviceCodec)),
  check: field('Check', nilable(healthCheckCodec)),
  checks: field('Checks', nilableList(healthCheckCodec, recordElementsMax)),
  skipNodeUpdate: field('SkipNodeUpdate', boolean),
  ...writeRequestFields,
  ...raftIndexFields,
});

/** `Catalog.Deregister`. */
export const deregisterRequestCodec: StructCodec<DeregisterRequest> = struct<DeregisterRequest>({
  node: field('Node', text),
  serviceId: field('ServiceID', text),
  checkId: field('CheckID', text),
  ...writeRequestFields,
});

/** `KVS.Apply`. */
export const keyValueRequestCodec: StructCodec<KeyValueRequest> = struct<KeyValueRequest>({
  operation: field('Op', text),
  entry: field('DirEnt', keyValueCodec),
  ...writeRequestFields,
});

/** `Session.Apply`. */
export const sessionRequestCodec: StructCodec<SessionRequest> = struct<SessionRequest>({
  operation: field('Op', text),
  session: field('Session', sessionCodec),
  ...writeRequestFields,
});

/** The leader's own: nobody calls it. */
export const tombstoneRequestCodec: StructCodec<TombstoneRequest> = struct<TombstoneRequest>({
  operation: field('Op', text),
  reapIndex: field('ReapIndex', uint64),
  ...writeRequestFields,
});

/** `Operator.AutopilotSetConfiguration`. */
export const autopilotRequestCodec: StructCodec<AutopilotRequest> = struct<AutopilotRequest>({
  config: field('Config', autopilotConfigCodec),
  cas: field('CAS', boolean),
  ...writeRequestFields,
});
