// What a deleted key leaves behind, so that the index of its prefix does not fall back.
// Upstream: agent/consul/state/graveyard.go.

/** A key, or the prefix of a deleted tree, and the index of the entry that deleted it. */
export interface Tombstone {
  readonly key: string;
  readonly index: number;
}
