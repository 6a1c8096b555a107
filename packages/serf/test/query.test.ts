// Queries: asking, hearing, filtering, answering, collecting. Upstream: serf.go, query.go, event.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile, localProfile, type MemberlistConfig, wanProfile } from '@reeve/memberlist';
import { defaultSerfConfig, type QueryEvent, type SerfEvent } from '@reeve/serf/core';
import { compileRe2 } from '@reeve/serf/re2';
import { applyLeaveIntent } from '../dist/core/leave-intent.js';
import { onNodeLeave } from '../dist/core/node-events.js';
import { applyQuery, startQuery } from '../dist/core/query.js';
import { passesFilters } from '../dist/core/query-filter.js';
import { decodeQuery, encodeNodeFilter, encodeTagFilter } from '../dist/core/wire/query.js';
import { decodeQueryResponse, decodeRelay, encodeQueryResponse } from '../dist/core/wire/query-response.js';
import { bytesOf, textOf } from './support/bytes.js';
import { queryFrom } from './support/query-message.js';
import { createRig, nodeCalled } from './support/rig.js';

test('[47] the first query has LTime 1, the second 2', () => {
  const { machine } = createRig();
  for (let i = 0; i < 2; i++) startQuery(machine, 'load', bytesOf(''), {}, ignoreAnswers);
  const sent = machine.queues.queries.take(0, 1_000).map((message) => decodeQuery(message).lTime);
  assert.deepEqual(sent.sort(), [1, 2]);
});

test('a query names who asks and where to answer, and its id is 31 random bits', () => {
  const { machine } = createRig();
  startQuery(
    machine,
    'load',
    bytesOf('x'),
    { requestAck: true, relayFactor: 2, timeoutMs: 2_000 },
    ignoreAnswers,
  );
  const [message] = machine.queues.queries.take(0, 1_000);
  const { id, ...query } = decodeQuery(message ?? new Uint8Array());
  assert.ok(id >= 0 && id < 2 ** 31);
  assert.deepEqual(query, {
    lTime: 1,
    replyTo: { host: '10.0.0.1', port: 7946 },
    sourceNode: 'me',
    filters: [],
    flags: 1,
    relayFactor: 2,
    timeoutMs: 2_000,
    name: 'load',
    payload: bytesOf('x'),
  });
});

test('[55] the default timeout is 3.2 s up to 9 nodes in a LAN, 8 s in a WAN, 1.6 s locally', () => {
  assert.equal(defaultTimeoutMs(lanProfile('me'), 1), 3_200);
  assert.equal(defaultTimeoutMs(lanProfile('me'), 9), 3_200);
  assert.equal(defaultTimeoutMs(lanProfile('me'), 10), 6_400);
  assert.equal(defaultTimeoutMs(wanProfile('me'), 3), 8_000);
  assert.equal(defaultTimeoutMs(localProfile('me'), 3), 1_600);
});

test('a query over 1024 bytes is refused, and so is any below protocol 4', () => {
  const { machine } = createRig();
  const ask = () => startQuery(machine, 'load', new Uint8Array(1_000), {}, ignoreAnswers);
  assert.throws(ask, { name: 'SerfError', message: 'query exceeds limit of 1024 bytes' });
  const old = createRig({ protocolVersion: 3 }).machine;
  const askOld = () => startQuery(old, 'load', bytesOf(''), {}, ignoreAnswers);
  assert.throws(askOld, { message: 'Feature not supported' });
});

test('a query is told and passed on once, unless it says not to pass it on', () => {
  const { machine, events } = createRig();
  assert.equal(applyQuery(machine, queryFrom({ id: 1 })), true);
  assert.equal(applyQuery(machine, queryFrom({ id: 1 })), false);
  assert.equal(applyQuery(machine, queryFrom({ id: 2, flags: 2 })), false);
  assert.equal(events.length, 2);
});

test('an old query is dropped with a warning', () => {
  const { machine, lines } = createRig();
  applyQuery(machine, queryFrom({ lTime: 600 }));
  lines();
  assert.equal(applyQuery(machine, queryFrom({ lTime: 88 })), false);
  assert.deepEqual(lines(), ['[WARN] serf: received old query load from time 88 (current: 601)']);
});

test('[56] a query for other nodes is passed on, but neither acknowledged nor told', () => {
  const { machine, events, gossip } = createRig();
  const filters = [encodeNodeFilter(['web1', 'web2'])];
  assert.equal(applyQuery(machine, queryFrom({ filters, flags: 1 })), true);
  assert.deepEqual(events, []);
  assert.deepEqual(gossip.sent, []);
  assert.equal(passesFilters(machine, [encodeNodeFilter(['web1', 'me'])]), true);
});

test('[56] tag filters are unanchored RE2, a missing tag is empty, and all filters must pass', () => {
  const { machine } = createRig({
    compileRegexp: compileRe2,
    tags: new Map([
      ['role', 'webserver'],
      ['dc', 'EAST'],
    ]),
  });
  const passes = (...filters: readonly (readonly [string, string])[]) =>
    passesFilters(
      machine,
      filters.map(([tag, expression]) => encodeTagFilter(tag, expression)),
    );
  assert.equal(passes(['role', 'web']), true);
  assert.equal(passes(['role', '^web$']), false);
  assert.equal(passes(['nosuch', '']), true);
  assert.equal(passes(['nosuch', '.']), false);
  assert.equal(passes(['dc', '(?i)east']), true);
  assert.equal(passes(['dc', '[[:upper:]]+\\z']), true);
  assert.equal(passes(['dc', '(?P<x>E)\\pL']), true);
  assert.equal(passes(['role', 'web'], ['dc', 'west']), false);
});

test('[56] an expression that is none, a filter of a new kind and a broken one do not match', () => {
  const { machine, lines } = createRig({ compileRegexp: compileRe2 });
  lines();
  assert.equal(passesFilters(machine, [encodeTagFilter('role', '(?=x)')]), false);
  assert.equal(passesFilters(machine, [Uint8Array.of(7)]), false);
  assert.equal(passesFilters(machine, [Uint8Array.of(0, 0x91)]), false);
  const [regexp, unknown, broken] = lines();
  assert.match(regexp ?? '', /^\[WARN\] serf: failed to compile filter regex \(\(\?=x\)\): /);
  assert.equal(unknown, '[WARN] serf: query has unrecognized filter type: 7');
  assert.match(broken ?? '', /^\[WARN\] serf: failed to decode query filter: /);
});

test('without a compiler for regular expressions no tag filter matches', () => {
  const { machine, lines } = createRig();
  lines();
  assert.equal(passesFilters(machine, [encodeTagFilter('role', '')]), false);
  assert.equal(lines().length, 1);
});

test('an expression that would take seconds is refused in milliseconds', () => {
  for (const expression of [
    '(?:\\pL?){1000}'.repeat(60),
    `(?:${'a?'.repeat(400)}){1000}`,
    '(?:a{0,30}){0,30}x'.repeat(9),
  ]) {
    const start = process.cpuUsage();
    assert.throws(() => compileRe2(expression), { message: 'expression too large' });
    assert.ok(process.cpuUsage(start).user < 250_000); // microseconds of ours
  }
  assert.equal(compileRe2('^[a-z]{1,63}(\\.[a-z]{1,63}){0,8}$').matches('db.example.com'), true);
});

test('[57] the acknowledgement is sent at once, before the answer, straight to who asked', () => {
  const { machine, events, gossip } = createRig();
  applyQuery(machine, queryFrom({ flags: 1, replyTo: { host: '10.0.0.9', port: 7000 } }));
  lastQuery(events).respond(bytesOf('fine'));
  const [ack, answer] = gossip.sent.map(({ message }) => decodeQueryResponse(message));
  assert.deepEqual(ack, { lTime: 5, id: 77, from: 'me', flags: 1, payload: bytesOf('') });
  assert.deepEqual(answer, { lTime: 5, id: 77, from: 'me', flags: 0, payload: bytesOf('fine') });
  assert.deepEqual(
    gossip.sent.map(({ to }) => to),
    [
      { host: '10.0.0.9', port: 7000 },
      { host: '10.0.0.9', port: 7000 },
    ],
  );
});

test('[57] who asks hears its own query and answers itself by packet', () => {
  const { machine, gossip } = createRig();
  startQuery(machine, 'load', bytesOf(''), { requestAck: true }, ignoreAnswers);
  assert.deepEqual(
    gossip.sent.map(({ to }) => to.host),
    ['10.0.0.1'],
  );
});

test('[59] a second answer, a late one and one too large are refused with the original texts', () => {
  const { machine, events, world } = createRig();
  applyQuery(machine, queryFrom({ id: 1 }));
  const first = lastQuery(events);
  const respondWith = (query: QueryEvent, payloadBytes: number) => () =>
    query.respond(new Uint8Array(payloadBytes));
  const texts = (reason: string) => ({
    name: 'SerfError',
    message: `failed to respond to key query: ${reason}`,
  });
  assert.throws(respondWith(first, 1_000), texts('response exceeds limit of 1024 bytes'));
  first.respond(bytesOf('fine'));
  assert.throws(respondWith(first, 1), texts('response already sent'));
  applyQuery(machine, queryFrom({ id: 2 }));
  world.run(5_001);
  assert.throws(respondWith(lastQuery(events), 1), texts('response is past the deadline'));
});

test('[58] with relay factor 1 one other member carries the answer too', () => {
  const { machine, events, gossip, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  join(nodeCalled('web2', '10.0.0.3'));
  applyQuery(machine, queryFrom({ relayFactor: 1, sourceNode: 'asker' }));
  lastQuery(events).respond(bytesOf('fine'));
  const [direct, relayed, ...more] = gossip.sent;
  assert.deepEqual(more, []);
  assert.ok(['10.0.0.2', '10.0.0.3'].includes(relayed?.to.host ?? ''));
  const relay = decodeRelay(relayed?.message ?? new Uint8Array());
  assert.deepEqual(relay, { to: { host: '10.0.0.9', port: 7946 }, node: 'asker', message: direct?.message });
});

test('an answer goes through members that are alive and know how to relay, through each once', () => {
  const { machine, events, gossip, join } = createRig();
  for (const [name, host] of [
    ['web1', '10.0.0.2'],
    ['web2', '10.0.0.3'],
    ['failed', '10.0.0.4'],
    ['leaving', '10.0.0.5'],
  ] as const) {
    join(nodeCalled(name, host));
  }
  const old = nodeCalled('old', '10.0.0.6');
  join({ ...old, versions: { ...old.versions, pMax: 4 } });
  onNodeLeave(machine, nodeCalled('failed', '10.0.0.4'));
  applyLeaveIntent(machine, { lTime: 5, node: 'leaving', prune: false });
  applyQuery(machine, queryFrom({ relayFactor: 5 }));
  lastQuery(events).respond(bytesOf('fine'));
  const [, ...relayed] = gossip.sent.map(({ to }) => to.host);
  assert.deepEqual(relayed.sort(), ['10.0.0.2', '10.0.0.3']);
});

test('[58] a member passes on what a relay envelope holds, unread', () => {
  const { delegate, gossip } = createRig();
  const rig = createRig();
  rig.join(nodeCalled('web1', '10.0.0.2'));
  applyQuery(rig.machine, queryFrom({ relayFactor: 1 }));
  lastQuery(rig.events).respond(bytesOf('fine'));
  const [direct, relayed] = rig.gossip.sent;
  delegate.onUserMessage(relayed?.message ?? new Uint8Array(), { host: '10.0.0.1', port: 7946 });
  assert.deepEqual(gossip.sent, [{ to: { host: '10.0.0.9', port: 7946 }, message: direct?.message }]);
});

test('[58] a cluster smaller than the relay factor does not relay', () => {
  const { machine, gossip, events } = createRig();
  applyQuery(machine, queryFrom({ relayFactor: 1 }));
  lastQuery(events).respond(bytesOf('fine'));
  assert.equal(gossip.sent.length, 1);
});

test('[58] each member is heard once, however many copies of its answer arrive', () => {
  const { machine, join, host, world } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  const heard: string[] = [];
  startQuery(
    machine,
    'load',
    bytesOf(''),
    { requestAck: true },
    {
      onAck: (from) => heard.push(`ack ${from}`),
      onResponse: (from, payload) => heard.push(`${from}: ${textOf(payload)}`),
      onDone: () => heard.push('done'),
    },
  );
  const { id } = decodeQuery(machine.queues.queries.take(0, 1_000)[0] ?? new Uint8Array());
  const answer = { lTime: 1, id, from: 'web1', flags: 0, payload: bytesOf('fine') };
  for (const response of [answer, answer, { ...answer, flags: 1 }, { ...answer, flags: 1 }]) {
    machine.runningQueries.onResponse(response);
  }
  assert.deepEqual(heard, ['web1: fine', 'ack web1']);
  assert.equal(host.counters.get('serf.query_duplicate_responses'), 1);
  assert.equal(host.counters.get('serf.query_duplicate_acks'), 1);
  world.run(3_201);
  assert.equal(heard.at(-1), 'done');
});

test('answers to no query of ours are logged', () => {
  const { machine, lines } = createRig();
  startQuery(machine, 'load', bytesOf(''), {}, ignoreAnswers);
  const { id } = decodeQuery(machine.queues.queries.take(0, 1_000)[0] ?? new Uint8Array());
  lines();
  const answer = { lTime: 9, id: 3, from: 'web1', flags: 0, payload: bytesOf('fine') };
  machine.runningQueries.onResponse(answer);
  machine.runningQueries.onResponse({ ...answer, lTime: 1 });
  assert.deepEqual(lines(), [
    '[WARN] serf: reply for non-running query (LTime: 9, ID: 3) From: web1',
    `[WARN] serf: query reply ID mismatch (Local: ${id}, Response: 3)`,
  ]);
});

test('made-up answers cannot be more than there are members', () => {
  const { machine, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  const heard: string[] = [];
  startQuery(machine, 'load', bytesOf(''), {}, { ...ignoreAnswers, onResponse: (from) => heard.push(from) });
  const { id } = decodeQuery(machine.queues.queries.take(0, 1_000)[0] ?? new Uint8Array());
  for (let i = 0; i < 10; i++) {
    machine.runningQueries.onResponse({ lTime: 1, id, from: `ghost${i}`, flags: 0, payload: bytesOf('') });
  }
  assert.equal(heard.length, 2);
});

test('a query that is closed early is done then, and its answers come too late', () => {
  const { machine, lines } = createRig();
  let done = 0;
  const query = startQuery(machine, 'load', bytesOf(''), {}, { ...ignoreAnswers, onDone: () => done++ });
  query.close();
  query.close();
  assert.equal(done, 1);
  lines();
  machine.runningQueries.onResponse({ lTime: 1, id: 1, from: 'web1', flags: 0, payload: bytesOf('') });
  assert.match(lines()[0] ?? '', /non-running query/);
});

test('queries of our own are bounded', () => {
  const { limits } = defaultSerfConfig(lanProfile('me'));
  const { machine } = createRig({ limits: { ...limits, runningQueriesMax: 2 } });
  const ask = () => startQuery(machine, 'load', bytesOf(''), {}, ignoreAnswers);
  ask();
  ask();
  assert.throws(ask, { message: 'too many queries are running: at most 2 at once' });
});

test('[60] internal queries are never told, and _serf_ping is only acknowledged', () => {
  const { machine, events, gossip, lines } = createRig();
  lines();
  applyQuery(machine, queryFrom({ name: '_serf_ping', flags: 1, id: 1 }));
  applyQuery(machine, queryFrom({ name: '_serf_nonsense', id: 2 }));
  applyQuery(machine, queryFrom({ name: '_serf_toString', id: 3 }));
  assert.deepEqual(events, []);
  assert.deepEqual(
    gossip.sent.map(({ message }) => decodeQueryResponse(message).flags),
    [1],
  );
  assert.deepEqual(lines(), [
    "[WARN] serf: Unhandled internal query 'nonsense'",
    "[WARN] serf: Unhandled internal query 'toString'",
  ]);
});

test('an answer is written as the message that is sent', () => {
  const response = { lTime: 5, id: 77, from: 'me', flags: 0, payload: bytesOf('fine') };
  assert.deepEqual(decodeQueryResponse(encodeQueryResponse(response)), response);
});

const ignoreAnswers = { onAck: () => {}, onResponse: () => {}, onDone: () => {} };

function defaultTimeoutMs(memberlist: MemberlistConfig, members: number): number {
  const { machine, join } = createRig({ memberlist });
  for (let i = 1; i < members; i++) join(nodeCalled(`web${i}`, `10.0.1.${i}`));
  return startQuery(machine, 'load', bytesOf(''), {}, ignoreAnswers).deadlineMs - machine.runtime.clock.now();
}

function lastQuery(events: readonly SerfEvent[]): QueryEvent {
  const event = events.at(-1);
  assert.ok(event?.kind === 'query');
  return event;
}
