// What Raft replicates: whoever uses it brings a state machine.

import type { LogEntry } from './core/index.ts';

/** A state that depends on nothing but the entries applied to it, in their order. */
export interface StateMachine {
  /**
   * Applies committed commands, in order; returns one result for each. Must not throw: what a command cannot
   * do is its result.
   */
  apply(commands: readonly LogEntry[]): readonly unknown[];
  /**
   * The state as of now, as bytes in pieces. The pieces are asked for later, a few at a time, while commands
   * go on being applied: they must not see those.
   */
  snapshot(): Iterator<Uint8Array, void>;
  /**
   * Reads a state that `snapshot` gave out, a little with each step; what the last one returns replaces the
   * present state by it.
   * @param isOurs it was kept by this server. Others' is bounded by what there is room for beside the present
   * one.
   * @throws when the bytes are no state: anybody may have sent them.
   */
  read(state: Uint8Array, isOurs: boolean): Iterator<void, () => void>;
}
