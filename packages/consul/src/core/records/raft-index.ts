// When a record was made and last changed. Upstream: agent/structs/structs.go (RaftIndex).

/** Indexes of raft entries; both 0 for records that are in no state store. */
export interface RaftIndex {
  readonly createIndex: number;
  readonly modifyIndex: number;
}
