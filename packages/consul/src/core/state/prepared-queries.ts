// Prepared queries: found by id, by name, or, templates, by what a name begins with.
// Upstream: agent/consul/state/prepared_query.go.

import { quote } from '@reeve/cli';
import type { PreparedQuery } from '../records/index.ts';
import { nameKey, uuidKey } from './keys.ts';
import { queryTemplateProblem } from './query-template.ts';
import { StateError, within } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Adds a query, or replaces the one with its id. */
export function setQuery(transaction: Transaction, requested: PreparedQuery): void {
  if (requested.id === '') throw new StateError('Missing Query ID');
  const key = findKey(requested.id);
  const { queries } = transaction.tables;
  requireFreeName(transaction, requested, key);
  requireSession(transaction, requested.session);
  const problem = requested.template.type === '' ? undefined : queryTemplateProblem(requested);
  if (problem !== undefined) throw new StateError(`failed compiling template: ${problem}`);
  const { index } = transaction;
  const createIndex = queries.get(key)?.createIndex ?? index;
  transaction.put('queries', { ...requested, createIndex, modifyIndex: index });
  transaction.touch('prepared-queries');
}

/** Deletes the query with an id, if there is one. */
export function deleteQuery(transaction: Transaction, id: string): void {
  const key = within(
    (what) => `failed prepared query delete: ${what}`,
    () => findKey(id),
  );
  if (transaction.tables.queries.get(key) === undefined) return;
  transaction.remove('queries', key);
  transaction.touch('prepared-queries');
}

/** Nobody may hide another's query behind its name or its id. */
function requireFreeName({ tables }: Transaction, query: PreparedQuery, key: string): void {
  const { queries } = tables;
  const { name, template } = query;
  if (name !== '') {
    if (queries.matching('name', nameKey(name)).some((other) => queries.keyOf(other) !== key))
      throw new StateError(`name '${name}' aliases an existing query name`);
  } else if (template.type !== '') {
    if (queries.matching('template', nameKey('')).some((other) => queries.keyOf(other) !== key))
      throw new StateError('a query template with an empty name already exists');
  }
  if (uuid.test(name) && queries.get(uuidKey(name)) !== undefined)
    throw new StateError(`name '${name}' aliases an existing query ID`);
}

function requireSession({ tables }: Transaction, session: string): void {
  if (session === '') return;
  const key = within(
    (what) => `invalid session: ${what}`,
    () => uuidKey(session),
  );
  if (tables.sessions.get(key) === undefined) throw new StateError(`invalid session ${quote(session)}`);
}

function findKey(id: string): string {
  return within(
    (what) => `failed prepared query lookup: ${what}`,
    () => uuidKey(id),
  );
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
