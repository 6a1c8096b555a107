// What the service mesh and its certificate authority keep, and what leaders write about it. We need to know
// which record is which and when it changed; the rest is kept as it came. Upstream: agent/structs
// (intention.go, connect_ca.go, config_entry.go, federation_state.go).

import type { WriteRequest } from './write-requests.ts';

/** A Go struct of which little is read: the msgpack of each field, by its name there. */
export type RawFields = ReadonlyMap<string, Uint8Array>;

/** The kinds of records, in the order of snapshots. */
export const meshKinds = [
  'intention',
  'authorityRoot',
  'authorityKeys',
  'authorityConfig',
  'configEntry',
  'federationState',
] as const;

/** What a record is of. */
export type MeshKind = (typeof meshKinds)[number];

/** A record of the mesh. */
export interface MeshRecord {
  readonly kind: MeshKind;
  readonly fields: RawFields;
}

/** One record is to be created, updated, deleted … */
export interface MeshRequest extends WriteRequest {
  readonly operation: string;
  /** Null where upstream would have none, and would crash. */
  readonly record: RawFields | null;
}

/** The certificate authority; which fields count depends on the operation. */
export interface AuthorityRequest extends WriteRequest {
  readonly operation: string;
  /** The index that the roots must have. */
  readonly index: number;
  readonly roots: readonly RawFields[] | null;
  readonly config: RawFields | null;
  readonly keys: RawFields | null;
}

/** That an index of certificates moves; upstream never commits it. */
export interface LeafRequest extends WriteRequest {
  readonly operation: string;
}
