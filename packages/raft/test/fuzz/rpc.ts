// Damaged questions and answers, and the configurations in them.

import assert from 'node:assert/strict';
import { DecodeError, MsgpackReader } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import {
  decodeConfiguration,
  decodePeers,
  encodeAnswer,
  encodeConfiguration,
  encodePeers,
  encodeRequest,
  type Request,
  readAnswer,
  readRequest,
} from '@reeve/raft/core';
import { entry, voters } from '../core-kit.ts';

const refuses = (error: unknown): boolean => error instanceof DecodeError;
const snapshot = { index: 9, term: 2, configuration: voters(2), configurationIndex: 1, sizeBytes: 3 };
const leader = 'a:1';
const configuration = encodeConfiguration(voters(2));
const questions: Request[] = [
  { kind: 'heartbeat', term: 2, leader },
  {
    kind: 'append-entries',
    term: 2,
    leader,
    prevIndex: 1,
    prevTerm: 1,
    entries: [entry(2, 2), { ...entry(3, 2), type: 'configuration', data: configuration }],
    leaderCommit: 1,
  },
  { kind: 'request-vote', term: 2, candidate: leader, lastIndex: 1, lastTerm: 1, isLeadershipTransfer: true },
  { kind: 'install-snapshot', term: 2, leader, snapshot },
  { kind: 'timeout-now' },
];

const asking: FuzzTarget = {
  name: 'raft questions',
  promise: 'a damaged question is refused, or is one that can be asked again',
  seeds: questions.map(encodeRequest),
  open: () => ({
    run: (input) => {
      const request = readRequest(new MsgpackReader(input));
      if (request !== undefined) assert.ok(encodeRequest(request).length > 0);
    },
  }),
  refuses,
};

const answering: FuzzTarget = {
  name: 'raft answers',
  promise: 'a damaged answer is refused, or is an answer',
  seeds: [
    encodeAnswer({ kind: 'append-answer', term: 2, lastIndex: 9, isSuccess: true, noRetryBackoff: false }),
    encodeAnswer({ kind: 'vote-answer', term: 2, isGranted: true }),
    encodeAnswer({ kind: 'snapshot-answer', term: 2, isSuccess: true }),
  ],
  open: () => ({
    run: (input) => {
      for (const { kind } of questions) {
        const answer = readAnswer(new MsgpackReader(input), kind);
        if (typeof answer !== 'string') assert.ok(encodeAnswer(answer).length > 0);
      }
    },
  }),
  refuses,
};

const configurations: FuzzTarget = {
  name: 'raft configurations',
  promise: 'a damaged configuration is refused, or is one that can be written again',
  seeds: [configuration, encodePeers(voters(2))],
  open: () => ({
    run: (input) => {
      const isMap = ((input[0] ?? 0) & 0xf0) === 0x80;
      const read = isMap ? decodeConfiguration(input) : decodePeers(input);
      assert.ok(encodeConfiguration(read).length > 0);
    },
  }),
  refuses,
};

export const rpcTargets: readonly FuzzTarget[] = [asking, answering, configurations];
