// Commands 12, 13, 22 and 30: intentions, the certificate authority, configuration entries and federation
// states.

import { DecodeError } from '@reeve/bytes';
import type { AuthorityRequest, MeshRequest } from '../records/index.ts';
import {
  countSerialNumber,
  deleteAuthorityKeys,
  setAuthorityConfig,
  setAuthorityConfigIf,
  setAuthorityKeys,
  setRootsIf,
} from '../state/certificate-authority.ts';
import {
  deleteRecord,
  modifyIndexOf,
  setConfigEntry,
  setConfigEntryIf,
  setFederationState,
  setIntention,
} from '../state/mesh-records.ts';
import { StateError } from '../state/state-error.ts';
import type { Transaction } from '../state/transaction.ts';
import type { CommandAnswer } from './command-outcome.ts';

/** Command 12. */
export function applyIntention(transaction: Transaction, { operation, record }: MeshRequest): null {
  const fields = required(record);
  if (operation === 'create' || operation === 'update') setIntention(transaction, fields);
  else if (operation === 'delete') deleteRecord(transaction, 'intention', fields);
  else throw new StateError(`Invalid Intention operation '${operation}'`);
  return null;
}

/** Command 22. Whether the entry was set, if the request sets one. */
export function applyConfigEntry(
  transaction: Transaction,
  { operation, record }: MeshRequest,
): CommandAnswer {
  const fields = required(record);
  if (operation === 'upsert-cas') return setConfigEntryIf(transaction, fields);
  if (operation === 'delete') {
    deleteRecord(transaction, 'configEntry', fields);
    return null;
  }
  if (operation !== 'upsert') throw new StateError(`invalid config entry operation type: ${operation}`);
  setConfigEntry(transaction, fields);
  return true;
}

/** Command 30. */
export function applyFederationState(
  transaction: Transaction,
  { operation, record }: MeshRequest,
): CommandAnswer {
  const fields = required(record);
  if (operation === 'delete') {
    deleteRecord(transaction, 'federationState', fields);
    return null;
  }
  if (operation !== 'upsert') throw new StateError(`invalid federation state operation type: ${operation}`);
  setFederationState(transaction, fields);
  return true;
}

/** Command 13. Whether it was done, for those operations that may not do it. */
export function applyAuthority(transaction: Transaction, request: AuthorityRequest): CommandAnswer {
  const { operation, index, roots, config, keys } = request;
  switch (operation) {
    case 'set-config':
      if (modifyIndexOf(required(config)) !== 0) return setAuthorityConfigIf(transaction, required(config));
      setAuthorityConfig(transaction, required(config));
      return null;
    case 'set-roots':
      return setRootsIf(transaction, roots ?? [], index);
    case 'set-roots-config': {
      if (!setRootsIf(transaction, roots ?? [], index)) return false;
      // The roots stay if the configuration is not set; and its index is the next one.
      return setAuthorityConfigIf(transaction, required(config), transaction.index + 1);
    }
    case 'set-provider-state':
      setAuthorityKeys(transaction, required(keys));
      return true;
    case 'delete-provider-state':
      deleteAuthorityKeys(transaction, required(keys));
      return true;
    case 'increment-provider-serial':
      countSerialNumber(transaction);
      return null;
    default:
      throw new StateError(`Invalid CA operation '${operation}'`);
  }
}

function required<Fields>(fields: Fields | null): Fields {
  if (fields === null) throw new DecodeError('malformed', 'a change of a record that names none');
  return fields;
}
