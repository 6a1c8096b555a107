// A key with its value. Upstream: agent/structs/structs.go (DirEntry).

import type { RaftIndex } from './raft-index.ts';

/** One entry of the key/value store. */
export interface KeyValue extends RaftIndex {
  readonly key: string;
  /** An empty value is shown as `null`. */
  readonly value: Uint8Array;
  /** Whatever the client wants, 64 bits: more than a number holds. */
  readonly flags: bigint;
  /** How often a session has acquired the key; a plain write of a locked key sets it back to 0. */
  readonly lockIndex: number;
  /** The session that holds the key, or empty. */
  readonly session: string;
}
