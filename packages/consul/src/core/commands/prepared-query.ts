// Command 7: a prepared query.

import { DecodeError } from '@reeve/bytes';
import type { PreparedQueryRequest } from '../records/index.ts';
import { deleteQuery, setQuery } from '../state/prepared-queries.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';

/** Sets the query or deletes it. */
export function applyPreparedQuery(
  transaction: Transaction,
  { operation, query }: PreparedQueryRequest,
): null {
  if (query === null) throw new DecodeError('malformed', 'a change of a prepared query that names none');
  if (operation === 'create' || operation === 'update') setQuery(transaction, query);
  else if (operation === 'delete') deleteQuery(transaction, query.id);
  else throw new StateError(`Invalid PreparedQuery operation '${operation}'`);
  return null;
}
