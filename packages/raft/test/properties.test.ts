// The properties of Raft notice what they are there for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry, RaftState, Role } from '@reeve/raft';
import { raftProperties, type WatchedServer } from '@reeve/raft/properties';
import { ListMachine } from './simulation/server.ts';
import { stateMachineSafety } from './simulation/state-machine-safety.ts';

interface Known {
  readonly role?: Role;
  readonly term?: number;
  readonly commitIndex?: number;
  readonly appliedIndex?: number;
  readonly durableTerm?: number;
  /** `2a`: term 2, content a. */
  readonly log?: readonly string[];
}

/** A server with so much of its state as properties look at. */
function server(id: string, known: Known): WatchedServer {
  const { role = 'follower', term = 2, commitIndex = 0, appliedIndex = 0, durableTerm = term } = known;
  const entries = (known.log ?? []).map((text, i) => entry(i + 1, text));
  const log = {
    firstIndex: 1,
    lastIndex: entries.length,
    snapshot: { index: 0, term: 0 },
    entryAt: (index: number) => entries[index - 1],
    termAt: (index: number) => (index === 0 ? 0 : entries[index - 1]?.term),
  };
  const state = { role, term, commitIndex, appliedIndex, log };
  return { id, state: state as unknown as RaftState, durableTerm };
}

function entry(index: number, text: string): LogEntry {
  const data = Buffer.from(text.slice(1));
  return { index, term: Number(text[0]), type: 'command', data, extensions: new Uint8Array() } as LogEntry;
}

function watch(...servers: readonly WatchedServer[]): void {
  const properties = raftProperties();
  for (const each of servers) for (const property of properties) property.onRan(each);
}

test('two leaders in one term break election safety, in two terms they do not', () => {
  watch(server('a', { role: 'leader', term: 2 }), server('b', { role: 'leader', term: 3 }));
  const both = [server('a', { role: 'leader', term: 2 }), server('b', { role: 'leader', term: 2 })];
  assert.throws(() => watch(...both), { message: 'election safety: a and b lead in term 2' });
});

test('entries of one index and term with other contents, or others before them, break log matching', () => {
  watch(server('a', { log: ['1a', '2b'] }), server('b', { log: ['1a', '1b'] }));
  const message = /^log matching: two entries 2 of term 2$/;
  assert.throws(() => watch(server('a', { log: ['1a', '2b'] }), server('b', { log: ['1a', '2c'] })), {
    message,
  });
  assert.throws(() => watch(server('a', { log: ['1a', '2b'] }), server('b', { log: ['2a', '2b'] })), {
    message,
  });
});

test('a leader without a committed entry of an earlier term breaks leader completeness', () => {
  const committed = server('a', { log: ['1a', '2b'], commitIndex: 2 });
  watch(committed, server('b', { role: 'leader', term: 3, log: ['1a', '2b', '3c'] }));
  watch(committed, server('b', { role: 'candidate', term: 3, log: ['1a'] }));
  assert.throws(() => watch(committed, server('b', { role: 'leader', term: 3, log: ['1a'] })), {
    message: 'leader completeness: b lacks committed entry 2',
  });
  assert.throws(() => watch(committed, server('b', { log: ['1a', '1c'], commitIndex: 2 })), {
    message: 'leader completeness: entry 2 is committed in terms 2 and 1',
  });
});

test('a term that falls after the disk had it is noticed; one that was never on the disk may be lost', () => {
  watch(server('a', { term: 4, durableTerm: 3 }), server('a', { term: 3 }));
  assert.throws(() => watch(server('a', { term: 4 }), server('a', { term: 3 })), {
    message: 'terms rise: a: term 4 is followed by 3',
  });
  assert.throws(() => watch(server('a', { log: ['1a'], commitIndex: 0, appliedIndex: 1 })), {
    message: 'terms rise: a applies 1, committed is 0',
  });
});

test('in one life nothing that was committed or applied is taken back', () => {
  const life = server('a', { log: ['1a', '1b'], commitIndex: 2, appliedIndex: 2 });
  const properties = raftProperties();
  for (const property of properties) property.onRan(life);
  life.state.appliedIndex = 1;
  assert.throws(() => properties.map((property) => property.onRan(life)), /applied entry 2 is followed by 1/);
});

test('two servers that have applied different commands in one place break state machine safety', () => {
  const machineOf = (...texts: string[]) => {
    const machine = new ListMachine();
    machine.commands = texts.map((text, i) => ({ index: i + 1, text }));
    return { machine };
  };
  const look = stateMachineSafety();
  look(machineOf('a', 'b'));
  look(machineOf('a'));
  assert.throws(() => look(machineOf('a', 'c')), /state machine safety: command 1 differs/);
});
