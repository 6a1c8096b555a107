// The conversations that were recorded on a real agent's RPC port, held again with a session of ours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, MsgpackObjectStream } from '@reeve/bytes';
import { type Exchange, readRpc } from '@reeve/golden';
import { logRecord } from '../../dist/rpc/wire/records.js';
import { statsReply } from '../../dist/rpc/wire/replies.js';
import { Conversation, read, splitObjects } from './conversation.ts';
import { FakeAgent, keyOutcome, logLine, member, queryEvent, userEvent } from './fake-agent.ts';

test('[81] other versions and a second handshake are refused, an unknown command ends it', async () => {
  await replay('handshake-variants', new FakeAgent());
});

test('[81] nothing comes before the handshake', async () => {
  await replay('no-handshake', new FakeAgent());
});

test('[81] bytes that are no request end the connection without a reply', async () => {
  await replay('garbage', new FakeAgent());
});

test('[81] what a header leaves out is taken from the header before', async () => {
  await replay('header-fields-inherited', new FakeAgent());
});

test('[81] without the token a command is refused, and takes its body with it', async () => {
  const agent = new FakeAgent();
  agent.memberList = [member('rb', '127.0.7.42', { tags: tags('role=two', 'new=t') })];
  await replay('auth', agent, {
    authKey: 's3cret',
    // Upstream takes the body for another request and answers that too.
    expect: { 'members-filtered without auth (has a body)': (golden) => golden.slice(0, golden.length / 2) },
  });
});

test('[81] requests that arrive together are answered one after the other', async () => {
  const agent = raAgent();
  const [handshake, pipelined] = readRpc('pipelined');
  assert.ok(handshake !== undefined && pipelined !== undefined);
  const both = new Conversation(agent);
  await both.exchange(handshake.request.bytes);
  const together = await both.exchange(pipelined.request.bytes);

  const single = new Conversation(agent);
  await single.exchange(handshake.request.bytes);
  const replies: Uint8Array[] = [];
  for (const header of splitObjects(pipelined.request.bytes)) replies.push(await single.exchange(header, 1));
  assert.equal(replies.length, 2);
  assert.deepEqual(together, concatBytes(replies));
});

test('[82] members, members-filtered, stats and get-coordinate, byte by byte', async () => {
  await replay('members-stats-coordinate', raAgent());
});

test('[82] event, tags, join, force-leave and keys, byte by byte', async () => {
  const agent = raAgent();
  agent.onJoin = async ([address]) => {
    if (address === '127.0.7.41') return 1;
    throw new Error(
      '1 error occurred:\n\t* Failed to join 127.0.7.99: ' +
        'dial tcp 127.0.7.99:7946: connect: connection refused\n\n',
    );
  };
  const failed = (message: string) =>
    keyOutcome({ messages: new Map([['ra', message]]), errors: 1, error: '1/1 nodes reported failure' });
  await replay('event-tags-join-forceleave-keys', agent, {
    before: {
      'list-keys (no body)': () => {
        agent.keyOutcome = failed('Keyring is empty (encryption not enabled)');
      },
      'install-key': () => {
        agent.keyOutcome = failed('No keyring to modify (encryption not enabled)');
      },
    },
  });
  assert.deepEqual(agent.calls, [
    'event deploy abc coalesce=false',
    'event deploy abd coalesce=false',
    'event deploy3  coalesce=false',
    'tags role=web x=1',
    'tags role=web x=1',
    'join 127.0.7.99 replay=false',
    'join 127.0.7.41 replay=true',
    'force-leave nosuch prune=false',
    'list-keys',
    'install-key AAAA',
  ]);
});

test('[82] leave is answered before the agent ends', async () => {
  const agent = new FakeAgent();
  let isShutDown = false;
  agent.onShutdown = () => {
    isShutDown = true;
  };
  await replay('leave', agent, { authKey: 's3cret', isClosed: () => isShutDown });
  assert.deepEqual(agent.calls, ['leave', 'shutdown']);
});

test('[85] monitor: backlog, a second one, a bad level, stop and again', async () => {
  const agent = new FakeAgent();
  const [, debug, , , , again] = readRpc('monitor');
  const debugLines = recordedLines(debug);
  const errorLines = recordedLines(again);
  assert.ok(debugLines.length > 5 && errorLines.length > 2);
  await replay('monitor', agent, {
    before: {
      'monitor debug': () => {
        agent.backlog = debugLines.map(logLine);
      },
      'monitor again after stop': () => {
        agent.backlog = [...debugLines.filter((line) => line.includes('[INFO]')), ...errorLines].map(logLine);
      },
    },
    expect: { 'monitor debug': wholeObjects },
  });
  assert.equal(agent.logListeners.size, 1, 'the first one is gone');
});

test('[84] [86] [87] streams, a query, its answers, respond, stop: the recorded records', async () => {
  const agent = new FakeAgent();
  let lTime = 3;
  agent.onUserEvent = (name, payload, coalesce) => {
    lTime += 1;
    agent.emit(userEvent(name, new TextDecoder().decode(payload), lTime, coalesce));
  };
  const answers: string[] = [];
  agent.onQuery = (handlers) => {
    agent.emit(queryEvent('q1', 'qp', 3, answers));
    handlers.onAck('ra');
  };
  const running = () => agent.queries[0]?.handlers;
  await replay('stream-query-respond', agent, {
    before: {
      'respond to ID 1 after the deadline': () => {
        agent.nowMs = 2000;
      },
      'query internal': () => {
        agent.failure = new Error("Queries cannot contain the '_serf_' prefix");
      },
      'event after stop: only stream 50 fires': () => {
        agent.failure = undefined;
      },
    },
    after: {
      'respond to query ID 1': () => running()?.onResponse('ra', new TextEncoder().encode(answers[0])),
      'respond to ID 99': () => running()?.onDone(),
    },
    isUnordered: true,
  });
  assert.deepEqual(answers, ['answer']);
});

test('[88] a bad regular expression is answered, where upstream drops the connection', async () => {
  const [handshake, filtered] = readRpc('members-filtered-bad-regexp');
  assert.ok(handshake !== undefined && filtered !== undefined);
  const conversation = new Conversation(raAgent());
  assert.deepEqual(await conversation.exchange(handshake.request.bytes), handshake.responses[0]?.bytes);
  const answer = await conversation.exchange(filtered.request.bytes, 1);
  const error = 'Failed to compile regex: error parsing regexp: missing closing ): `^al($`';
  const expected = Buffer.concat([
    Buffer.from([0x82, 0xa5, ...Buffer.from('Error'), 0xd9, error.length, ...Buffer.from(error)]),
    Buffer.from([0xa3, ...Buffer.from('Seq'), 0x02]),
    Buffer.from([0x81, 0xa7, ...Buffer.from('Members'), 0x90]),
  ]);
  assert.deepEqual(Buffer.from(answer), expected);
  assert.equal(conversation.isClosed, false);
});

interface Replay {
  readonly authKey?: string;
  /** Done before a request is sent, by its label. */
  readonly before?: Readonly<Record<string, () => void>>;
  /** Done when the reply must be there. */
  readonly after?: Readonly<Record<string, () => void>>;
  /** What is expected instead of the recorded bytes. */
  readonly expect?: Readonly<Record<string, (golden: Uint8Array) => Uint8Array>>;
  /** Records come in an order that depends on chance; the reply comes first all the same. */
  readonly isUnordered?: boolean;
  /** Whether the other side is gone; the session's connection if absent. */
  readonly isClosed?: () => boolean;
}

async function replay(name: string, agent: FakeAgent, options: Replay = {}): Promise<void> {
  let conversation = new Conversation(agent, options.authKey);
  let connection = 0;
  for (const exchange of readRpc(name)) {
    if (exchange.connection !== connection) conversation = new Conversation(agent, options.authKey);
    connection = exchange.connection;
    options.before?.[exchange.label]?.();
    const golden = exchange.responses[0]?.bytes ?? new Uint8Array(0);
    const expected = options.expect?.[exchange.label]?.(golden) ?? golden;
    conversation.session.onData(exchange.request.bytes);
    options.after?.[exchange.label]?.();
    const answer = await conversation.receive(expected.length);
    const where = `${name}: ${exchange.label}`;
    if (options.isUnordered) assertSameRecords(answer, expected, where);
    else assert.deepEqual(Buffer.from(answer), Buffer.from(expected), where);
    assert.equal(options.isClosed?.() ?? conversation.isClosed, exchange.closed, `${where}: closed`);
  }
}

function assertSameRecords(answer: Uint8Array, expected: Uint8Array, where: string): void {
  const [reply, ...records] = units(answer);
  const [goldenReply, ...goldenRecords] = units(expected);
  assert.equal(reply, goldenReply, where);
  assert.deepEqual(records.sort(), goldenRecords.sort(), where);
}

/** Headers, each together with the body that follows it, in hex. */
function units(bytes: Uint8Array): string[] {
  const found: string[] = [];
  for (const object of splitObjects(bytes)) {
    const hex = Buffer.from(object).toString('hex');
    const isHeader = hex.startsWith('82a54572726f72'); // a map of two that begins with "Error"
    if (isHeader || found.length === 0) found.push(hex);
    else found[found.length - 1] += hex;
  }
  return found;
}

/** What a recording that was cut off shows of whole headers with their records. */
function wholeObjects(bytes: Uint8Array): Uint8Array {
  const stream = new MsgpackObjectStream(Number.POSITIVE_INFINITY);
  stream.push(bytes);
  const objects: Uint8Array[] = [];
  for (let object = stream.next(); object !== undefined; object = stream.next()) objects.push(object);
  const isHeaderLast = objects.length % 2 === 0; // the reply, then pairs
  return concatBytes(isHeaderLast ? objects.slice(0, -1) : objects);
}

function recordedLines(exchange: Exchange | undefined): string[] {
  const [reply, ...records] = splitObjects(wholeObjects(exchange?.responses[0]?.bytes ?? new Uint8Array(0)));
  assert.ok(reply !== undefined);
  return records.filter((_, index) => index % 2 === 1).map((record) => read(logRecord, record).log);
}

/** The agent of most recordings, with the stats it had. */
function raAgent(): FakeAgent {
  const agent = new FakeAgent();
  agent.ownTags = tags('role=web');
  agent.memberList = [member('ra', '127.0.7.41', { tags: agent.ownTags })];
  agent.coordinates.set('ra', { vec: Array(8).fill(0), error: 1.5, adjustment: 0, height: 1e-5 });
  const stats = readRpc('members-stats-coordinate').find(({ label }) => label.startsWith('stats'));
  const [, body] = splitObjects(stats?.responses[0]?.bytes ?? new Uint8Array(0));
  agent.statistics = read(statsReply, body);
  return agent;
}

function tags(...pairs: string[]): Map<string, string> {
  return new Map(pairs.map((pair) => pair.split('=') as [string, string]));
}
