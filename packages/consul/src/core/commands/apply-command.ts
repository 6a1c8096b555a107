// The state machine: takes the data of raft's entries, one after the other, and changes the state.
// Deterministic: ids and times are in the entry, so all servers that applied the same entries are the same.
// Upstream: agent/consul/fsm. Each type of command has a file; the rules are in ../state.

import { updateCoordinates } from '../state/coordinates.ts';
import { StateError } from '../state/state-error.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Transaction } from '../state/transaction.ts';
import { type Command, decodeCommand } from '../wire/command.ts';
import { applyAcl } from './acl.ts';
import { applyAutopilot } from './autopilot.ts';
import type { CommandAnswer, CommandOutcome } from './command-outcome.ts';
import { applyDeregister } from './deregister.ts';
import { applyKeyValue } from './key-value.ts';
import { applyAuthority, applyConfigEntry, applyFederationState, applyIntention } from './mesh.ts';
import { applyPreparedQuery } from './prepared-query.ts';
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
    if (command.ignorable) return { ok: true, answer: null };
    throw new UnknownCommandError(unknownText(index, command.number));
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
    case 'preparedQuery':
      return applyPreparedQuery(transaction, command.request);
    case 'intention':
      return applyIntention(transaction, command.request);
    case 'authority':
      return applyAuthority(transaction, command.request);
    case 'configEntry':
      return applyConfigEntry(transaction, command.request);
    case 'federationState':
      return applyFederationState(transaction, command.request);
    case 'leaf':
      return null; // upstream moves an index and forgets to commit it
    default:
      applyAcl(transaction, command);
      return null;
  }
}

function unknownText(index: number, number: number): string {
  return (
    `entry ${index} of the raft log has a command of type ${number}, which is unknown here and must not be ` +
    'skipped: this server stops, so that its state does not come to differ from that of the others. ' +
    'A leader of a newer version wrote it: bring this server to that version and start it again'
  );
}
