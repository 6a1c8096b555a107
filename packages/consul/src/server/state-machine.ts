// The state of a server as raft's state machine. Upstream: agent/consul/fsm.

import type { LogEntry, StateMachine } from '@reeve/raft';
import {
  applyCommand,
  type CommandOutcome,
  StateReader,
  type StateStore,
  writeState,
} from '../core/index.ts';

/** Applies commands to a state store, and makes snapshots of it. */
export class ConsulStateMachine implements StateMachine {
  readonly #store: StateStore;
  readonly #onUnfit: (error: Error) => void;

  /** @param onUnfit an entry cannot be applied, so this server's state would be another than the others' */
  constructor(store: StateStore, onUnfit: (error: Error) => void) {
    this.#store = store;
    this.#onUnfit = onUnfit;
  }

  apply(commands: readonly LogEntry[]): readonly CommandOutcome[] {
    return commands.map(({ index, data }) => {
      try {
        return applyCommand(this.#store, index, data);
      } catch (error) {
        this.#onUnfit(error as Error);
        return { ok: false, error: (error as Error).message };
      }
    });
  }

  snapshot(): Iterator<Uint8Array, void> {
    return writeState(this.#store.snapshot());
  }

  restore(state: Uint8Array): void {
    const reader = new StateReader();
    reader.push(state);
    this.#store.replace(reader.finish());
  }
}
