// State-machine safety, seen from the state: servers that have come to the same index have the same keys and
// sessions, whether they got there command by command or by a snapshot.

import { listKeys, writeState } from '../../dist/core/index.js';
import { maxIndex, type Tables } from '../../dist/core/state/tables.js';

/** The property, of one run: looks at a server's state, and says what is wrong. */
export function sameState(): (server: string, tables: Tables) => string | undefined {
  const known = new Map<string, { readonly text: string; readonly server: string }>();
  const seen = new Map<string, string>();
  return (server, tables) => {
    for (const [part, indexNames, describe] of parts) {
      const at = `${part} at index ${maxIndex(tables, ...indexNames)}`;
      if (seen.get(`${server} ${part}`) === at) continue;
      seen.set(`${server} ${part}`, at);
      const text = describe(tables);
      const first = known.get(at) ?? { text, server };
      known.set(at, first);
      if (first.text !== text)
        return `state machine safety: ${at}: ${server} has ${text}, ${first.server} ${first.text}`;
    }
    return undefined;
  };
}

/** The whole state, as a snapshot has it. */
export function wholeState(tables: Tables): string {
  return Buffer.concat([...writeState(tables)]).toString('latin1');
}

function keysOf(tables: Tables): string {
  const { value } = listKeys(tables, null, '');
  const texts = value.map(
    (entry) => `${entry.key}=${Buffer.from(entry.value)} ${entry.modifyIndex} ${entry.session}`,
  );
  return texts.join(', ');
}

function sessionsOf(tables: Tables): string {
  return tables.sessions
    .startingWith('')
    .map(({ id, createIndex }) => `${id} ${createIndex}`)
    .join(', ');
}

const parts = [
  ['keys', ['kvs', 'tombstones'], keysOf],
  ['sessions', ['sessions'], sessionsOf],
] as const;
