// Command 3: sessions begin and end. Expiry, too, is an entry of the leader's: no server ends one by its own
// clock.

import type { SessionRequest } from '../records/index.ts';
import { createSession, endSession } from '../state/sessions.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';
import type { CommandAnswer } from './command-outcome.ts';

/** The id of a session that began; nothing for one that ended, or was not there. */
export function applySession(
  transaction: Transaction,
  { operation, session }: SessionRequest,
): CommandAnswer {
  switch (operation) {
    case 'create':
      createSession(transaction, session);
      return session.id;
    case 'destroy':
      endSession(transaction, session.id);
      return null;
    default:
      throw new StateError(`Invalid Session operation '${operation}'`);
  }
}
