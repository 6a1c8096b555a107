// The state as raft replicates it: entries in, outcomes out; and the whole of it as bytes, both ways. It is
// the `StateMachine` that @reeve/raft asks for.

import { DecodeError } from '@reeve/bytes';
import type { LogEntry } from '@reeve/raft/core';
import { applyChunk } from './commands/apply-chunk.ts';
import { applyCommand, UnknownCommandError } from './commands/apply-command.ts';
import type { CommandOutcome } from './commands/command-outcome.ts';
import { StateReader } from './snapshot/state-reader.ts';
import { writeState } from './snapshot/state-writer.ts';
import type { StateStore } from './state/state-store.ts';

/** What a state machine works on. */
export interface StateMachineOptions {
  readonly store: StateStore;
  /** How many values a state of another server may have; without it any number. See `StateReader`. */
  readonly roomForValues?: () => number;
  /**
   * A committed entry cannot be applied: the others' state is from here on not ours. Whoever is told has to
   * stop this server.
   */
  readonly onFatal: (error: Error) => void;
}

/** Consul's state machine. */
export class ConsulStateMachine {
  readonly #options: StateMachineOptions;

  constructor(options: StateMachineOptions) {
    this.#options = options;
  }

  /** Applies committed entries, in order; the outcome of each. */
  apply(entries: readonly LogEntry[]): readonly CommandOutcome[] {
    return entries.map((entry) => this.#apply(entry));
  }

  /** The state as of now, as bytes in pieces, whatever is applied until they are asked for. */
  snapshot(): Iterator<Uint8Array, void> {
    return writeState(this.#options.store.snapshot());
  }

  /** What replaces the state, and wakes everybody who waits, once all is read. @throws DecodeError */
  *read(state: Uint8Array, isOurs: boolean): Generator<void, () => void> {
    const reader = new StateReader(isOurs ? undefined : this.#options.roomForValues?.());
    for (let at = 0; at < state.length; at += pieceBytes) {
      reader.push(state.subarray(at, at + pieceBytes));
      yield;
    }
    const tables = reader.finish();
    return () => this.#options.store.replace(tables);
  }

  #apply(entry: LogEntry): CommandOutcome {
    const { store } = this.#options;
    const { index, data, extensions } = entry;
    try {
      return extensions.length === 0 ? applyCommand(store, index, data) : applyChunk(store, entry);
    } catch (error) {
      if (!(error instanceof UnknownCommandError || error instanceof DecodeError)) throw error;
      const fatal = error instanceof DecodeError ? unreadable(index, error) : error;
      this.#options.onFatal(fatal);
      return { ok: false, error: fatal.message };
    }
  }
}

function unreadable(index: number, error: DecodeError): Error {
  const text =
    `entry ${index} of the raft log cannot be read: ${error.message}. This server stops, so that its state ` +
    'does not come to differ from that of the others';
  return new Error(text, { cause: error });
}

/** Read in one step; the reader copies what it is given. */
const pieceBytes = 64 * 1024;
