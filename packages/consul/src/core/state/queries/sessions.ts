// Questions about sessions. Upstream: agent/consul/state/session.go. All share the index of the table.

import type { Session } from '../../records/index.ts';
import { nameKey, uuidKey } from '../keys.ts';
import { within } from '../state-error.ts';
import { maxIndex, type Tables } from '../tables.ts';
import { topics } from '../topics.ts';
import type { Watch } from '../watch.ts';
import type { Indexed } from './indexed.ts';

/** One session. @throws StateError for an id that is no UUID */
export function readSession(tables: Tables, watch: Watch | null, id: string): Indexed<Session | null> {
  const key = within(
    (what) => `failed session lookup: ${what}`,
    () => uuidKey(id),
  );
  watch?.add(topics.session(id));
  return { index: maxIndex(tables, 'sessions'), value: tables.sessions.get(key) ?? null };
}

/** All sessions, ordered by id. */
export function listSessions(tables: Tables, watch: Watch | null): Indexed<readonly Session[]> {
  watch?.add(topics.sessions);
  return { index: maxIndex(tables, 'sessions'), value: tables.sessions.startingWith('') };
}

/** The sessions of a node. */
export function listSessionsOn(
  tables: Tables,
  watch: Watch | null,
  node: string,
): Indexed<readonly Session[]> {
  watch?.add(topics.sessionsOn(node));
  return { index: maxIndex(tables, 'sessions'), value: tables.sessions.matching('node', nameKey(node)) };
}
