// Where a server keeps its log, its term and its vote. An entry is acknowledged only when it is durable on a
// quorum, so all of Raft's promises rest on `write`. Next: memory-log-store.ts, file-log-store.ts.

import type { Result } from '@reeve/runtime';
import type { HardState, LogReader, Write } from '../core/index.ts';

/** A log on a disk, or in what stands for one. What was found there can be read from the start. */
export interface LogStore extends LogReader {
  /** Term 0 and no vote when there was nothing. */
  readonly hardState: HardState;
  /**
   * Writes in this order: term and vote, removals at the end, removals at the beginning, entries. `done`
   * means that all of it survives a power cut; an error, that nothing of it needs to. One write at a time.
   */
  write(write: Write, done: (result: Result<void>) => void): void;
  /** Ends the use of the store; what was written stays. Nothing is told of a write under way. */
  close(done: () => void): void;
}
