// A command that came in parts, of which some are still to come. Upstream: hashicorp/go-raftchunking.

/** What has come of one command. */
export interface ChunkSet {
  /** Chosen at random by who wrote it: 64 bits. */
  readonly operation: bigint;
  /** The term of the leader that wrote it: under another one the rest never comes. */
  readonly term: number;
  /** The parts in their order; null: still to come. */
  readonly chunks: readonly (Uint8Array | null)[];
}

/** Which part of a command an entry is. */
export interface ChunkInfo {
  readonly operation: bigint;
  /** From 0. */
  readonly sequence: number;
  /** How many parts there are. */
  readonly chunks: number;
}
