// State-machine safety, seen from the state: servers that have applied the same entries have the same keys
// and sessions, whether they got there entry by entry or by a snapshot. And no state knows anything of
// entries that are still to be applied to it: they would be applied twice.

import { listKeys, writeState } from '../../dist/core/index.js';
import { maxIndex, type Tables } from '../../dist/core/state/tables.js';

/** The property, of one run: looks at a server that has applied so much, and says what is wrong. */
export function sameState(): (server: string, appliedIndex: number, tables: Tables) => string | undefined {
  const known = new Map<number, { readonly text: string; readonly server: string }>();
  const seen = new WeakMap<Tables, number>();
  return (server, appliedIndex, tables) => {
    if (seen.get(tables) === appliedIndex) return undefined;
    seen.set(tables, appliedIndex);
    const newest = maxIndex(tables, 'kvs', 'tombstones', 'sessions');
    if (newest > appliedIndex)
      return `${server} has applied ${newest}, and is still to apply ${appliedIndex + 1}`;
    const text = describe(tables);
    const first = known.get(appliedIndex) ?? { text, server };
    known.set(appliedIndex, first);
    if (first.text === text) return undefined;
    return `state machine safety: at ${appliedIndex} ${server} has ${text}, ${first.server} ${first.text}`;
  };
}

/** The whole state, as a snapshot has it. */
export function wholeState(tables: Tables): string {
  return Buffer.concat([...writeState(tables)]).toString('latin1');
}

function describe(tables: Tables): string {
  const keys = listKeys(tables, null, '').value.map(
    ({ key, value, createIndex, modifyIndex, lockIndex, session }) =>
      `${key}=${Buffer.from(value)} ${createIndex} ${modifyIndex} ${lockIndex} ${session}`,
  );
  const sessions = tables.sessions.startingWith('').map(({ id, createIndex }) => `${id} ${createIndex}`);
  return `keys ${keys.join(', ')}; sessions ${sessions.join(', ')}`;
}
