// Rules of a session that no recording shows: order, streams, answers, and what one client may cost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '@reeve/bytes';
import {
  pendingQueriesMax,
  recordsMax,
  requestBytesMax,
  subscriptionsMax,
  unsentBytesMax,
} from '../../dist/rpc/limits.js';
import { logRecord } from '../../dist/rpc/wire/records.js';
import { membersReply } from '../../dist/rpc/wire/replies.js';
import {
  authRequest,
  eventRequest,
  handshakeRequest,
  joinRequest,
  membersFilteredRequest,
  monitorRequest,
  queryRequest,
  respondRequest,
  stopRequest,
  streamRequest,
} from '../../dist/rpc/wire/requests.js';
import { Conversation, read, readHeader, splitObjects } from './conversation.ts';
import { FakeAgent, logLine, member, queryEvent, userEvent } from './fake-agent.ts';

test('requests may be cut anywhere on their way', async () => {
  const agent = new FakeAgent();
  const conversation = new Conversation(agent);
  const requests = concatBytes([
    conversation.encode('handshake', handshakeRequest, { version: 1 }),
    conversation.encode('event', eventRequest, { name: 'a', payload: null, coalesce: true }),
    conversation.encode('members'),
  ]);
  for (const byte of requests) conversation.session.onData(Uint8Array.of(byte));
  assert.equal(splitObjects(await conversation.receive()).length, 4);
  assert.deepEqual(agent.calls, ['event a  coalesce=true']);
});

test('a slow command holds up those behind it, and nothing else', async () => {
  const agent = new FakeAgent();
  let finishJoin = (_contacted: number): void => {};
  agent.onJoin = () =>
    new Promise((resolve) => {
      finishJoin = resolve;
    });
  const conversation = await connected(agent);
  await conversation.command('stream', streamRequest, { type: '*' });
  const joinAndMembers = concatBytes([
    conversation.encode('join', joinRequest, { existing: ['x'], replay: false }),
    conversation.encode('members'),
  ]);
  assert.equal((await conversation.exchange(joinAndMembers)).length, 0);
  agent.emit(userEvent('meanwhile', '', 1, false));
  const [record] = splitObjects(await conversation.receive(1));
  assert.equal(readHeader(record).seq, 2n, 'the stream goes on');
  finishJoin(3);
  const headers = splitObjects(await conversation.receive(1)).filter((_, index) => index % 2 === 0);
  assert.deepEqual(
    headers.map((header) => readHeader(header).seq),
    [3n, 4n],
  );
});

test('members lists everybody as they are now, however often they were listed before', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  const listed = async (): Promise<string[]> => {
    const [, body] = await conversation.command('members');
    return read(membersReply, body).members.map(({ name, status }) => `${name} ${status}`);
  };
  assert.deepEqual(await listed(), []);
  const [a, b] = [member('a', '10.0.0.1'), member('b', '10.0.0.2')];
  agent.memberList = [a, b];
  assert.deepEqual(await listed(), ['a alive', 'b alive']);
  assert.deepEqual(await listed(), ['a alive', 'b alive']);
  agent.memberList = [a, { ...b, status: 'failed' }];
  assert.deepEqual(await listed(), ['a alive', 'b failed']);
  agent.memberList = [a];
  assert.deepEqual(await listed(), ['a alive']);
});

test('a list of members that is too long to be remembered is right all the same', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  agent.memberList = Array.from({ length: 8_000 }, (_, at) => member(`m${at}`, '10.0.0.1'));
  for (const status of ['alive', 'failed'] as const) {
    agent.memberList = agent.memberList.map((each) => ({ ...each, status }));
    const [, body] = await conversation.command('members');
    const { members } = read(membersReply, body);
    assert.equal(members.length, 8_000);
    assert.ok(members.every((each) => each.status === status));
  }
});

test('[84] a stream shows what its filter names', async () => {
  const happened = [
    userEvent('deploy', 'x', 1, false),
    userEvent('other', 'x', 2, false),
    queryEvent('load', '', 3),
    { kind: 'member-join', members: [member('a', '10.0.0.1')] },
    { kind: 'member-failed', members: [member('a', '10.0.0.1')] },
  ] as const;
  const shown = async (type: string): Promise<number> => {
    const agent = new FakeAgent();
    const conversation = await connected(agent);
    await conversation.command('stream', streamRequest, { type });
    for (const event of happened) agent.emit(event);
    return splitObjects(await conversation.receive()).length / 2;
  };
  assert.equal(await shown(''), 5);
  assert.equal(await shown('*'), 5);
  assert.equal(await shown('user'), 2);
  assert.equal(await shown('user:deploy'), 1);
  assert.equal(await shown('user:'), 2);
  assert.equal(await shown('query:load,member-failed'), 2);
  assert.equal(await shown('query:other'), 0);
});

test('[84] a filter with an item that names nothing is refused', async () => {
  const conversation = await connected(new FakeAgent());
  for (const type of ['foo', 'user,', 'member-join:x', 'User']) {
    const [header] = await conversation.command('stream', streamRequest, { type });
    assert.equal(readHeader(header).error, 'Invalid event filter');
  }
});

test('[84] every stream that shows a query numbers it anew, and any of the numbers answers it', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  await conversation.command('stream', streamRequest, { type: 'query' });
  await conversation.command('stream', streamRequest, { type: '*' });
  const answers: string[] = [];
  agent.emit(queryEvent('load', '', 1, answers));
  await conversation.receive(1);
  const [header] = await respond(conversation, 2n, 'yes');
  assert.equal(readHeader(header).error, '');
  assert.deepEqual(answers, ['yes']);
  const [again] = await respond(conversation, 1n, 'yes');
  assert.equal(readHeader(again).error, 'failed to respond to key query: response already sent');
});

test('[84] after stop nothing of a stream comes, not even what was waiting', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  await conversation.command('stream', streamRequest, { type: '*' });
  conversation.unsentBytes = unsentBytesMax + 1;
  agent.emit(userEvent('waiting', '', 1, false));
  conversation.session.onData(conversation.encode('stop', stopRequest, { stop: 2n }));
  conversation.unsentBytes = 0;
  conversation.session.onDrain();
  agent.emit(userEvent('late', '', 2, false));
  assert.equal(splitObjects(await conversation.receive()).length, 1, 'the reply to stop');
  assert.equal(agent.eventListeners.size, 0);
});

test('[85] a monitor shows lines of its level, in whatever case, and graver ones', async () => {
  const agent = new FakeAgent();
  agent.backlog = [logLine('1 [INFO] a: old'), logLine('2 [ERR] a: old')];
  const conversation = await connected(agent);
  const backlog = await conversation.command('monitor', monitorRequest, { logLevel: 'Warn' });
  agent.log('3 [DEBUG] a: new');
  agent.log('4 [WARN] a: new');
  const live = splitObjects(await conversation.receive());
  const lines = [...backlog.slice(1), ...live].filter((_, index) => index % 2 === 1);
  assert.deepEqual(
    lines.map((line) => read(logRecord, line).log),
    ['2 [ERR] a: old', '4 [WARN] a: new'],
  );
});

test('[85] stop ends a monitor and a stream that share a number', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  const stream = conversation.encode('stream', streamRequest, { type: '*' });
  const monitor = Buffer.from(conversation.encode('monitor', monitorRequest, { logLevel: 'info' }));
  monitor[monitor.indexOf('Seq') + 3] = 2; // the stream's number
  await conversation.exchange(concatBytes([stream, monitor]));
  assert.equal(agent.eventListeners.size + agent.logListeners.size, 2);
  await conversation.command('stop', stopRequest, { stop: 2n });
  assert.equal(agent.eventListeners.size + agent.logListeners.size, 0);
});

test('[86] a query is asked as requested, and ends with done', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  const query = {
    filterNodes: ['a'],
    filterTags: new Map([['role', 'w']]),
    requestAck: true,
    relayFactor: 3,
    timeoutNs: 1_500_000_000,
    name: 'load',
    payload: null,
  };
  await conversation.command('query', queryRequest, query);
  const { params, handlers } = agent.queries[0] ?? assert.fail('nothing was asked');
  assert.deepEqual(params, {
    nodes: ['a'],
    tags: query.filterTags,
    requestAck: true,
    relayFactor: 3,
    timeoutMs: 1500,
  });
  handlers.onAck('a');
  handlers.onDone();
  assert.equal(splitObjects(await conversation.receive()).length, 4);
});

test('[86] a query whose time is negative gets the default time', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  await conversation.command('query', queryRequest, { ...anyQuery, timeoutNs: -5 });
  assert.equal(agent.queries[0]?.params.timeoutMs, 0);
});

test('[87] a query cannot be answered after its deadline, nor under a number nobody gave', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  await conversation.command('stream', streamRequest, { type: 'query' });
  agent.emit(queryEvent('load', '', 1));
  await conversation.receive(1);
  assert.equal(readHeader((await respond(conversation, 9n, 'x'))[0]).error, 'No pending queries matching ID');
  agent.nowMs = 1000;
  assert.equal(readHeader((await respond(conversation, 1n, 'x'))[0]).error, 'No pending queries matching ID');
});

test('[88] expressions are anchored as one text, so alternatives are only at one end', async () => {
  const agent = new FakeAgent();
  agent.memberList = [
    member('alpha', '10.0.0.1', { tags: new Map([['role', 'webserver']]) }),
    member('beta', '10.0.0.2', { tags: new Map([['role', 'mylb']]), status: 'failed' }),
    member('gamma', '10.0.0.3'),
  ];
  const conversation = await connected(agent);
  const names = async (filter: { tag?: string; status?: string; name?: string }): Promise<string> => {
    const tags = new Map(filter.tag === undefined ? [] : [['role', filter.tag]]);
    const [, body] = await conversation.command('members-filtered', membersFilteredRequest, {
      tags,
      status: filter.status ?? '',
      name: filter.name ?? '',
    });
    const { members } = read(membersReply, body);
    return members.map(({ name }) => name).join(' ');
  };
  assert.equal(await names({}), 'alpha beta gamma');
  assert.equal(await names({ name: 'alph' }), '');
  assert.equal(await names({ name: 'al.*' }), 'alpha');
  assert.equal(await names({ tag: 'web|lb' }), 'alpha beta', '^web or lb$');
  assert.equal(await names({ tag: '' }), 'gamma', 'a missing tag is empty');
  assert.equal(await names({ status: 'alive' }), 'alpha gamma');
  assert.equal(await names({ tag: '(?i)WEB.*', name: '[[:alpha:]]+' }), 'alpha', 'RE2, not JavaScript');
});

test('[88] an expression that would be too large is refused, and the connection lives on', async () => {
  const conversation = await connected(new FakeAgent());
  const filter = { tags: new Map(), status: '', name: 'x'.repeat(5000) };
  const [header] = await conversation.command('members-filtered', membersFilteredRequest, filter);
  assert.match(readHeader(header).error, /^Failed to compile regex: expression too large$/);
  assert.equal((await conversation.command('members')).length, 2);
});

test('no expression stops the agent for long', async (t) => {
  const agent = new FakeAgent();
  const value = 'x'.repeat(500);
  agent.memberList = Array.from({ length: 50 }, (_, index) =>
    member(`m${index}`, '10.0.0.1', { tags: new Map([['t', value]]) }),
  );
  const conversation = await connected(agent);
  const filter = { tags: new Map([['t', '((x?){20}){20}']]), status: '', name: '' };
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  t.after(() => clearInterval(counting));
  const reply = await conversation.command('members-filtered', membersFilteredRequest, filter);
  assert.equal(reply.length, 2);
  assert.ok(turns > 3, `others had ${turns} turns meanwhile`);
});

test('a client that has sent its last request still gets the replies, then the connection ends', async () => {
  const conversation = await connected(new FakeAgent());
  conversation.session.onData(conversation.encode('members'));
  conversation.session.onEnd();
  assert.equal(splitObjects(await conversation.receive()).length, 2);
  assert.equal(conversation.isClosed, true);
});

test('a request that is too large ends the connection as soon as its size is known', async () => {
  const conversation = await connected(new FakeAgent());
  conversation.session.onData(conversation.encode('event'));
  conversation.session.onData(
    Uint8Array.from([0x81, 0xa4, 0x4e, 0x61, 0x6d, 0x65, 0xdb, 0x7f, 0xff, 0xff, 0xff]),
  );
  await conversation.receive();
  assert.equal(conversation.isClosed, true);
  assert.match(conversation.log.join('\n'), /^err agent\.ipc: Failed to evaluate request: decode failed: /m);
});

test('requests that cannot be handled yet are not read without end', async () => {
  const agent = new FakeAgent();
  agent.onJoin = () => new Promise(() => {});
  const conversation = await connected(agent);
  conversation.session.onData(conversation.encode('join', joinRequest, { existing: [], replay: false }));
  assert.equal(conversation.isReading, true);
  conversation.session.onData(new Uint8Array(requestBytesMax + 1).fill(0x80));
  assert.equal(conversation.isReading, false);
});

test('a client that does not read its replies gets no further ones until it does', async () => {
  const conversation = await connected(new FakeAgent());
  conversation.unsentBytes = unsentBytesMax + 1;
  assert.equal((await conversation.exchange(conversation.encode('members'))).length, 0);
  conversation.unsentBytes = 0;
  conversation.session.onDrain();
  assert.equal(splitObjects(await conversation.receive()).length, 2);
});

test('a stream that is not read loses what is too much, and one line says so', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  await conversation.command('stream', streamRequest, { type: '*' });
  conversation.unsentBytes = unsentBytesMax + 1;
  for (let lTime = 0; lTime < recordsMax + 100; lTime++) agent.emit(userEvent('e', '', lTime, false));
  assert.equal((await conversation.receive()).length, 0);
  assert.deepEqual(conversation.log, ['warn agent.ipc: Dropping event to ipc.client: 127.0.0.1:5000']);
  conversation.unsentBytes = 0;
  conversation.session.onDrain();
  assert.equal(splitObjects(await conversation.receive()).length, 2 * recordsMax);
});

test('a monitor that is not read does not drown in lines about itself', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  conversation.onLog = (line) => agent.log(`[WARN] ${line}`); // as the agent's log does
  await conversation.command('monitor', monitorRequest, { logLevel: 'trace' });
  conversation.unsentBytes = unsentBytesMax + 1;
  for (let line = 0; line < recordsMax + 100; line++) agent.log('[INFO] x: y');
  assert.deepEqual(conversation.log, ['warn agent.ipc: Dropping logs to ipc.client: 127.0.0.1:5000']);
});

test('a query that is not read still ends', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  await conversation.command('query', queryRequest, anyQuery);
  conversation.unsentBytes = unsentBytesMax + 1;
  const { handlers } = agent.queries[0] ?? assert.fail('nothing was asked');
  for (let node = 0; node < recordsMax + 100; node++) handlers.onAck(`n${node}`);
  handlers.onDone();
  conversation.unsentBytes = 0;
  conversation.session.onDrain();
  const objects = splitObjects(await conversation.receive());
  assert.equal(objects.length, 2 * (recordsMax + 1));
  assert.match(Buffer.from(objects.at(-1) ?? []).toString('latin1'), /done/);
});

test('a connection has so many streams and queries at a time, and no more', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  for (let count = 0; count < subscriptionsMax; count++) {
    await conversation.command('stream', streamRequest, { type: '*' });
    await conversation.command('query', queryRequest, anyQuery);
  }
  const [stream] = await conversation.command('stream', streamRequest, { type: '*' });
  assert.match(readHeader(stream).error, /streams/);
  const [query] = await conversation.command('query', queryRequest, anyQuery);
  assert.match(readHeader(query).error, /queries/);
  agent.queries[0]?.handlers.onDone();
  await conversation.receive();
  const [another] = await conversation.command('query', queryRequest, anyQuery);
  assert.equal(readHeader(another).error, '');
});

test('the oldest of too many queries that wait for an answer give way', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  await conversation.command('stream', streamRequest, { type: 'query' });
  for (let count = 0; count <= pendingQueriesMax; count++) {
    agent.emit(queryEvent('q', '', count));
    if (count % 100 === 0) await conversation.receive();
  }
  await conversation.receive();
  assert.equal(readHeader((await respond(conversation, 1n, 'x'))[0]).error, 'No pending queries matching ID');
  assert.equal(readHeader((await respond(conversation, 2n, 'x'))[0]).error, '');
});

test('a client that goes leaves nothing behind in the agent', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  await conversation.command('stream', streamRequest, { type: '*' });
  await conversation.command('monitor', monitorRequest, { logLevel: 'info' });
  await conversation.command('query', queryRequest, anyQuery);
  conversation.session.onClosed();
  assert.equal(agent.eventListeners.size + agent.logListeners.size, 0);
  assert.equal(agent.queries[0]?.isClosed, true);
  agent.queries[0]?.handlers.onAck('late');
  assert.equal((await conversation.receive()).length, 0);
});

test('many small requests at once let others have their turn', async () => {
  const agent = new FakeAgent();
  const conversation = await connected(agent);
  const request = conversation.encode('event', eventRequest, { name: 'e', payload: null, coalesce: false });
  conversation.session.onData(concatBytes(Array(1000).fill(request)));
  const atOnce = agent.calls.length;
  assert.ok(atOnce < 100, `${atOnce} were handled at once`);
  const deadline = performance.now() + 30_000;
  while (agent.calls.length < 1000 && performance.now() < deadline) await conversation.receive();
  assert.equal(agent.calls.length, 1000);
});

test('a query that is over at once leaves room for the next', async () => {
  const agent = new FakeAgent();
  agent.onQuery = (handlers) => handlers.onDone();
  const conversation = await connected(agent);
  for (let count = 0; count <= subscriptionsMax; count++) {
    const [header] = await conversation.command('query', queryRequest, anyQuery);
    assert.equal(readHeader(header).error, '');
  }
});

test('a stranger fills neither the log nor a line of it', async () => {
  const conversation = new Conversation(new FakeAgent(), 'secret');
  await conversation.handshake();
  for (let count = 0; count < 10; count++) await conversation.command('stats');
  await conversation.command('auth', authRequest, { authKey: 'secret' });
  await conversation.command('x'.repeat(1000));
  assert.deepEqual(conversation.log, [
    'warn agent.ipc: Client sending commands before auth',
    `err agent.ipc: Failed to evaluate request: command '${'x'.repeat(64)}' not recognized`,
  ]);
});

test('a sequence number may use all of its 64 bits', async () => {
  const conversation = await connected(new FakeAgent());
  const seq = [0xcf, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x88];
  const request = [
    0x82,
    0xa7,
    ...Buffer.from('Command'),
    0xa7,
    ...Buffer.from('members'),
    0xa3,
    ...Buffer.from('Seq'),
  ];
  const answer = await conversation.exchange(Uint8Array.from([...request, ...seq]), 1);
  assert.ok(Buffer.from(answer).includes(Buffer.from(seq)));
});

test('a wrong token is refused as often as it is tried', async () => {
  const conversation = new Conversation(new FakeAgent(), 'secret');
  await conversation.handshake();
  assert.equal(conversation.session.isAdmitted, false);
  for (const authKey of ['', 'secre', 'secrets', 'SECRET']) {
    const [header] = await conversation.command('auth', authRequest, { authKey });
    assert.equal(readHeader(header).error, 'Invalid authentication token');
  }
  await conversation.command('auth', authRequest, { authKey: 'secret' });
  assert.equal(conversation.session.isAdmitted, true);
});

const anyQuery = {
  filterNodes: null,
  filterTags: new Map(),
  requestAck: true,
  relayFactor: 0,
  timeoutNs: 0,
  name: 'q',
  payload: null,
};

async function connected(agent: FakeAgent): Promise<Conversation> {
  const conversation = new Conversation(agent);
  await conversation.handshake();
  return conversation;
}

function respond(conversation: Conversation, id: bigint, answer: string): Promise<Uint8Array[]> {
  return conversation.command('respond', respondRequest, { id, payload: new TextEncoder().encode(answer) });
}
