// The questions and answers that real Consul 1.8.7 servers were seen to exchange, and ours beside them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  decodeAny,
  encodeText,
  encodeWith,
  gossipDialect,
  MsgpackReader,
  type MsgpackValue,
} from '@reeve/bytes';
import { capturePath, readRaftMessages } from '@reeve/golden';
import {
  type Answer,
  decodeConfiguration,
  decodePeers,
  encodeAnswer,
  encodeConfiguration,
  encodePeers,
  encodeRefusal,
  encodeRequest,
  logEntryCodec,
  type Request,
  readAnswer,
  readRequest,
} from '@reeve/raft/core';
import { entry, server, voters } from './core-kit.ts';

const golden = readFileSync(capturePath('rpc/server-to-server.txt', 'consul'), 'utf8').split('\n');

/** The captured messages that begin so, decoded. */
function captured(start: string): unknown[] {
  return golden
    .filter((line) => line.startsWith(start))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))));
}

/** What bytes say, in the recorder's notation. */
function noted(value: MsgpackValue): unknown {
  if (typeof value === 'string' && !/^[\x20-\x7e]*$/.test(value))
    return `hex:${Buffer.from(encodeText(value)).toString('hex')}`;
  if (Array.isArray(value)) return value.map(noted);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, of]) => [String(key), noted(of)]));
  return value;
}

/** The type byte of a question, and its fields with their names in the order in which they are written. */
function written(request: Request): { readonly type: number | undefined; readonly json: string } {
  const bytes = encodeRequest(request);
  return { type: bytes[0], json: JSON.stringify(noted(decodeAny(new MsgpackReader(bytes, 1), 9))) };
}

/** Bytes as hex, whether they are a Buffer or not. */
function asText(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const raw = this[key];
  return raw instanceof Uint8Array ? Buffer.from(raw).toString('hex') : value;
}

function read(bytes: Uint8Array): Request | undefined {
  return readRequest(new MsgpackReader(bytes));
}

const append: Request = {
  kind: 'append-entries',
  term: 2,
  leader: '127.0.0.11:8300',
  prevIndex: 1,
  prevTerm: 1,
  entries: [{ ...entry(2, 2, ''), type: 'noop' }],
  leaderCommit: 0,
};
const heartbeat: Request = { kind: 'heartbeat', term: 2, leader: '127.0.0.11:8300' };
const vote: Request = {
  kind: 'request-vote',
  term: 2,
  candidate: '127.0.0.11:8300',
  lastIndex: 1,
  lastTerm: 1,
  isLeadershipTransfer: false,
};

/** Which question an answer is to. */
const answerOf: Readonly<Record<string, Request['kind']>> = {
  'vote-answer': 'request-vote',
  'append-answer': 'append-entries',
  'timeout-now-answer': 'timeout-now',
};

test('questions have the fields and values that real servers send', () => {
  const isSeen = (request: Request, type: number): void => {
    const ours = written(request);
    const seen = captured(`REQ type ${type}`).map((it) => JSON.stringify(it));
    assert.equal(ours.type, type);
    assert.ok(seen.includes(ours.json), `${ours.json}\nis not among\n${seen.slice(0, 4).join('\n')}`);
  };
  isSeen(vote, 1);
  isSeen({ ...append, entries: [] }, 0);
  isSeen(append, 0);
  isSeen({ ...append, prevIndex: 2, prevTerm: 2, entries: [{ ...entry(3, 2, ''), type: 'barrier' }] }, 0);
  isSeen(heartbeat, 0);
});

test('an entry with a command is sent as real servers send it', () => {
  const [seen] = captured('REQ type 0').filter((it) => JSON.stringify(it).includes('hex:09')) as [
    { Entries: [{ Data: string }]; LeaderCommitIndex: number },
  ];
  const data = Buffer.from(seen.Entries[0].Data.slice('hex:'.length), 'hex');
  const command = { ...entry(4, 2), data };
  const ours = written({ ...append, prevIndex: 3, prevTerm: 2, entries: [command], leaderCommit: 3 });
  assert.equal(ours.json, JSON.stringify(seen));
});

test('answers have the fields and values that real servers give', () => {
  const isSeen = (answer: Answer): void => {
    const reader = new MsgpackReader(encodeAnswer(answer));
    assert.equal(reader.readText(), '');
    const ours = JSON.stringify(noted(decodeAny(reader, 9)));
    const seen = captured('RESP error= ""').map((it) => JSON.stringify(it));
    assert.ok(seen.includes(ours), `${ours} is not among ${seen.slice(0, 3).join('\n')}`);
  };
  isSeen({ kind: 'vote-answer', term: 2, isGranted: true });
  isSeen({ kind: 'append-answer', term: 2, lastIndex: 1, isSuccess: true, noRetryBackoff: false });
});

for (const [at, line] of readRaftMessages().entries()) {
  const [kind, hex] = line;
  test(`message ${at} of a real server, ${kind}, is read, and has its bytes when we send it`, () => {
    const reader = new MsgpackReader(Buffer.from(hex, 'hex'));
    const asked = answerOf[kind];
    const message = asked === undefined ? readRequest(reader) : readAnswer(reader, asked);
    assert.ok(typeof message === 'object' && message.kind === kind);
    const again = asked === undefined ? encodeRequest(message as Request) : encodeAnswer(message as Answer);
    assert.equal(Buffer.from(again).toString('hex'), hex);
  });
}

test('every question comes back as it was', () => {
  const configuration = { servers: [server(1), server(2, 'nonvoter'), server(3, 'staging')] };
  const snapshot = { index: 9, term: 2, configuration, configurationIndex: 4, sizeBytes: 123 };
  const questions: Request[] = [
    append,
    { ...append, entries: [entry(2, 1), { ...entry(3, 2), extensions: Buffer.from('e') }] },
    heartbeat,
    vote,
    { kind: 'install-snapshot', term: 3, leader: '10.0.0.1:8300', snapshot },
    { kind: 'timeout-now' },
  ];
  for (const question of questions) {
    const back = read(encodeRequest(question));
    assert.equal(JSON.stringify(back, asText), JSON.stringify(question, asText));
  }
});

test('every answer comes back as it was, an error as its text', () => {
  const answers: [Request['kind'], Answer][] = [
    [
      'append-entries',
      { kind: 'append-answer', term: 4, lastIndex: 7, isSuccess: false, noRetryBackoff: true },
    ],
    ['request-vote', { kind: 'vote-answer', term: 4, isGranted: false }],
    ['install-snapshot', { kind: 'snapshot-answer', term: 4, isSuccess: true }],
    ['timeout-now', { kind: 'timeout-now-answer' }],
  ];
  for (const [kind, answer] of answers) {
    assert.deepEqual(readAnswer(new MsgpackReader(encodeAnswer(answer)), kind), answer);
    assert.equal(readAnswer(new MsgpackReader(encodeRefusal('no')), kind), 'no');
  }
});

test('a question of a version we do not speak is none', () => {
  for (const [version, isSpoken] of [
    [0, false],
    [1, false],
    [2, true],
    [3, true],
    [4, false],
  ] as const) {
    const bytes = encodeRequest({ kind: 'timeout-now' });
    bytes[bytes.length - 1] = version;
    assert.equal(read(bytes) !== undefined, isSpoken, `version ${version}`);
  }
});

test('entries with gaps, of later terms, of unknown types or with broken configurations are refused', () => {
  const refused = (entries: Parameters<typeof entry>[], changes = {}): void => {
    const request: Request = {
      ...(append as Extract<Request, { kind: 'append-entries' }>),
      entries: entries.map((it) => ({ ...entry(...it), ...changes })),
    };
    assert.throws(() => read(encodeRequest(request)), { name: 'DecodeError' });
  };
  refused([[3, 2]]);
  refused([
    [2, 2],
    [4, 2],
  ]);
  refused([[2, 3]]);
  refused([[2, 2, 'x']], { type: 'configuration' });
  refused([[2, 2, '']], { type: 'add-peer-deprecated', data: Buffer.from([0x9f]) });
  const unknown = encodeWith(logEntryCodec, gossipDialect, entry(1, 1, ''));
  unknown[unknown.length - 1] = 9;
  assert.throws(() => logEntryCodec.decode(new MsgpackReader(unknown)), { name: 'DecodeError' });
});

test('a configuration is a map of servers with their suffrage as a number', () => {
  const configuration = { servers: [server(1), server(2, 'nonvoter')] };
  const bytes = encodeConfiguration(configuration);
  assert.deepEqual(noted(decodeAny(new MsgpackReader(bytes), 9)), {
    Servers: [
      { Address: '10.0.0.1:8300', ID: 's1', Suffrage: 0 },
      { Address: '10.0.0.2:8300', ID: 's2', Suffrage: 1 },
    ],
  });
  assert.deepEqual(decodeConfiguration(bytes), configuration);
});

test('a list of peers has the voters’ addresses, which are their ids when it is read', () => {
  const bytes = encodePeers({ servers: [...voters(2).servers, server(3, 'nonvoter')] });
  assert.deepEqual(noted(decodeAny(new MsgpackReader(bytes), 9)), ['10.0.0.1:8300', '10.0.0.2:8300']);
  assert.deepEqual(decodePeers(bytes).servers[1], {
    suffrage: 'voter',
    id: '10.0.0.2:8300',
    address: '10.0.0.2:8300',
  });
});
