// The types of the records in a snapshot, by their byte. Many are also types of commands.
// Upstream: agent/structs/structs.go (MessageType), agent/consul/fsm/snapshot_oss.go.

import type { MeshKind } from '../records/index.ts';

/** All types. */
export const recordTypes = {
  registration: 0,
  keyValue: 2,
  session: 3,
  /** Of before 1.4. */
  legacyAcl: 4,
  tombstone: 5,
  coordinates: 6,
  preparedQuery: 7,
  autopilot: 9,
  /** Of before 1.4: only the index at which ACLs were bootstrapped. */
  legacyBootstrap: 11,
  index: 16,
  aclToken: 17,
  aclPolicy: 19,
  aclRole: 23,
  aclBindingRule: 25,
  aclAuthMethod: 27,
  /** Commands of which parts are still to come; upstream always writes this one. */
  chunks: 29,
} as const;

/** What the mesh keeps. */
export const meshTypes: { readonly [Kind in MeshKind]: number } = {
  intention: 12,
  authorityRoot: 13,
  authorityKeys: 14,
  authorityConfig: 15,
  configEntry: 22,
  federationState: 30,
};
