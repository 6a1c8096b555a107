// Damaged questions, answers, entries and snapshot files.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError, MsgpackReader } from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';
import {
  decodeLogEntry,
  encodeAnswer,
  encodeConfiguration,
  encodeLogEntry,
  encodeRequest,
  readAnswer,
  readRequest,
} from '@reeve/raft/core';
import { entry, voters } from '../core-kit.ts';

const snapshot = { index: 9, term: 2, configuration: voters(2), configurationIndex: 1, sizeBytes: 3 };

test('a damaged question is refused, or is one that can be asked again', () => {
  const counts = fuzzTarget({
    name: 'readRequest',
    seeds: [
      encodeRequest({ kind: 'heartbeat', term: 2, leader: 'a:1' }),
      encodeRequest({
        kind: 'append-entries',
        term: 2,
        leader: 'a:1',
        prevIndex: 1,
        prevTerm: 1,
        entries: [
          entry(2, 2),
          { ...entry(3, 2), type: 'configuration', data: encodeConfiguration(voters(2)) },
        ],
        leaderCommit: 1,
      }),
      encodeRequest({
        kind: 'request-vote',
        term: 2,
        candidate: 'a:1',
        lastIndex: 1,
        lastTerm: 1,
        isLeadershipTransfer: true,
      }),
      encodeRequest({ kind: 'install-snapshot', term: 2, leader: 'a:1', snapshot }),
      encodeRequest({ kind: 'timeout-now' }),
    ],
    run: (input) => {
      const request = readRequest(new MsgpackReader(input));
      if (request !== undefined) assert.ok(encodeRequest(request).length > 0);
    },
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});

test('a damaged answer is refused, or is an answer', () => {
  const kinds = ['append-entries', 'request-vote', 'install-snapshot', 'timeout-now'] as const;
  const counts = fuzzTarget({
    name: 'readAnswer',
    seeds: [
      encodeAnswer({ kind: 'append-answer', term: 2, lastIndex: 9, isSuccess: true, noRetryBackoff: false }),
      encodeAnswer({ kind: 'vote-answer', term: 2, isGranted: true }),
      encodeAnswer({ kind: 'snapshot-answer', term: 2, isSuccess: true }),
    ],
    run: (input) => {
      for (const kind of kinds) readAnswer(new MsgpackReader(input), kind);
    },
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});

test('a damaged entry is refused, or is one that can be written again', () => {
  const counts = fuzzTarget({
    name: 'decodeLogEntry',
    seeds: [encodeLogEntry(entry(2, 2))],
    run: (input) => assert.ok(encodeLogEntry(decodeLogEntry(input)).length > 0),
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});
