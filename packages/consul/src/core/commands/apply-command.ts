// The state machine: takes the data of raft's entries, one after the other, and changes the state.
// Deterministic: ids and times are in the entry, so all servers that applied the same entries are the same.
// Upstream: agent/consul/fsm. Each type of command has a file; the rules are in ../state.

import { updateCoordinates } from '../state/coordinates.ts';
import { StateError } from '../state/state-error.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Transaction } from '../state/transaction.ts';
import { type Command, decodeCommand } from '../wire/command.ts';
import { applyAutopilot } from './autopilot.ts';
import type { CommandAnswer, CommandOutcome } from './command-outcome.ts';
import { applyDeregister } from './deregister.ts';
import { applyKeyValue } from './key-value.ts';
import { applyRegister } from './register.ts';
import { applySession } from './session.ts';
import { applyTombstone } from './tombstone.ts';
import { applyTransaction } from './transaction.ts';

/**
 * An entry that other servers apply and we cannot: it is of a type that we do not know, and must not be
 * skipped. Whoever gets this has to stop: from here on the state would not be what the others have.
 */
export class UnknownCommandError extends Error {
  override name = 'UnknownCommandError';
}

/**
 * Applies the data of the log entry with this index.
 *
 * @throws UnknownCommandError, or DecodeError if the entry is no command at all. Nothing is changed then.
 */
export function applyCommand(store: StateStore, index: number, data: Uint8Array): CommandOutcome {
  const command = decodeCommand(data);
  if (command.type === 'unknown') {
    if (command.ignorable || meshCommands.has(command.number)) return { ok: true, answer: null };
    throw new UnknownCommandError(`entry ${index} has a command of type ${command.number}, which is unknown`);
  }
  try {
    const answer = store.write(index, (transaction) => applyTo(transaction, command));
    return { ok: true, answer };
  } catch (error) {
    if (error instanceof StateError) return { ok: false, error: error.message };
    throw error;
  }
}

function applyTo(transaction: Transaction, command: Command): CommandAnswer {
  switch (command.type) {
    case 'register':
      return applyRegister(transaction, command.request);
    case 'deregister':
      return applyDeregister(transaction, command.request);
    case 'keyValue':
      return applyKeyValue(transaction, command.request);
    case 'session':
      return applySession(transaction, command.request);
    case 'tombstone':
      return applyTombstone(transaction, command.request);
    case 'coordinates':
      updateCoordinates(transaction, command.request);
      return null;
    case 'transaction':
      return applyTransaction(transaction, command.request);
    case 'autopilot':
      return applyAutopilot(transaction, command.request);
  }
}

/**
 * What leaders of the original write about their service mesh and their datacenters, wanted or not. Nothing
 * that we answer depends on it, so it is let pass; a snapshot of theirs brings it, and we pass that on.
 */
const meshCommands: ReadonlySet<number> = new Set([
  12, // intentions
  13, // certificate authority
  14, // its provider's state
  21, // certificates of services
  22, // configuration entries
  30, // federation states
]);
