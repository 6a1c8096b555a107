// Nothing a peer sends ends us, grows us without bound or keeps us busy.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gossipDialect, MsgpackWriter } from '@reeve/bytes';
import { lamportTimeMax } from '../dist/core/lamport-clock.js';
import { passesFilters } from '../dist/core/query-filter.js';
import { sendUserEvent } from '../dist/core/user-event.js';
import { encodeJoinIntent, encodeLeaveIntent } from '../dist/core/wire/intents.js';
import { encodePushPull } from '../dist/core/wire/push-pull.js';
import { encodeQuery, encodeTagFilter } from '../dist/core/wire/query.js';
import { encodeUserEvent } from '../dist/core/wire/user-event.js';
import { bytesOf } from './support/bytes.js';
import { queryFrom } from './support/query-message.js';
import { createRig, finish, nodeCalled } from './support/rig.js';

const stranger = { host: '10.6.6.6', port: 666 };

test('a message that cannot be decoded is one counter and one log line', () => {
  const { delegate, host, lines } = createRig();
  lines();
  for (const type of [0, 1, 3, 4, 5, 9]) delegate.onUserMessage(Uint8Array.of(type, 0xc1), stranger);
  const what = [
    'leave message',
    'join message',
    'user event message',
    'query message',
    'query response message',
  ];
  assert.deepEqual(
    lines(),
    [...what, 'relay header'].map(
      (word) => `[ERR] serf: Error decoding ${word}: a map cannot start with byte 0xc1`,
    ),
  );
  assert.equal(host.counters.get('serf.input.refused'), 6);
});

test('a message of an unknown type is logged, an empty one is not', () => {
  const { delegate, lines } = createRig();
  lines();
  delegate.onUserMessage(new Uint8Array(0), stranger);
  delegate.onUserMessage(Uint8Array.of(42, 0x80), stranger);
  assert.deepEqual(lines(), ['[WARN] serf: Received message of unknown type: 42']);
});

test('an event from the end of time is refused, and the same event is told as often as ever', () => {
  const { delegate, machine, events, lines } = createRig();
  lines();
  const payload = new Uint8Array();
  const forged = { name: 'forged', payload, canCoalesce: false };
  const last = encodeUserEvent({ ...forged, lTime: Number.MAX_SAFE_INTEGER });
  const at = last.indexOf(0xcf) + 1;
  const [half, end] = [0x80, 0xff].map((byte) => last.map((b, i) => (i >= at && i < at + 8 ? byte : b)));
  for (const message of [encodeUserEvent({ ...forged, lTime: lamportTimeMax }), last, half, end]) {
    delegate.onUserMessage(message ?? last, stranger);
  }
  assert.deepEqual(events, []);
  assert.match(
    lines()[1] ?? '',
    /Ignoring event forged from time \d+, where nobody can be \(current: \d+\)$/,
  );
  for (let sent = 0; sent < 600; sent++) sendUserEvent(machine, 'deploy', payload, false);
  assert.equal(events.length, 600);
});

test('a push/pull with one impossible time is believed for the rest', () => {
  const { delegate, machine, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  const statusLTimes = new Map([
    ['web1', 7],
    ['me', Number.MAX_SAFE_INTEGER],
  ]);
  const state = { lTime: 3, statusLTimes, leftMembers: [], eventLTime: 9, events: [], queryLTime: 9 };
  finish(delegate.mergeRemoteState(encodePushPull(state), false));
  assert.equal(machine.members.get('web1')?.statusLTime, 7);
  assert.equal(machine.members.get('me')?.statusLTime, 0);
  assert.equal(machine.clocks.event.time, 9);
});

test('a query that could not be answered is refused: addresses of 0, 3 and 5 bytes', () => {
  const { delegate, host, events } = createRig();
  const good = encodeQuery(query);
  const at = good.indexOf(0xa4, 7); // the address: fixraw of 4
  for (const length of [0, 3, 5]) {
    const address = [0xa0 | length, ...new Array(length).fill(1)];
    const bad = Uint8Array.from([...good.subarray(0, at), ...address, ...good.subarray(at + 5)]);
    delegate.onUserMessage(bad, stranger);
  }
  assert.equal(host.counters.get('serf.input.refused'), 3);
  delegate.onUserMessage(good, stranger);
  assert.equal(events.length, 1);
});

test('a user event larger than anybody may send is refused', () => {
  const { delegate, host, events } = createRig();
  const payload = new Uint8Array(9_300);
  delegate.onUserMessage(encodeUserEvent({ lTime: 1, name: 'big', payload, canCoalesce: true }), stranger);
  assert.equal(host.counters.get('serf.input.refused'), 1);
  assert.deepEqual(events, []);
});

test('a message that fits no packet is told but not queued for ever', () => {
  const { delegate, machine, events } = createRig();
  const payload = new Uint8Array(3_000);
  delegate.onUserMessage(encodeUserEvent({ lTime: 1, name: 'big', payload, canCoalesce: false }), stranger);
  assert.equal(events.length, 1);
  assert.equal(machine.queues.events.size, 0);
});

test('a leave intent that its member could not contradict is refused', () => {
  const { delegate, machine, host, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2'));
  for (const node of ['web1', 'me', 'unknown']) {
    delegate.onUserMessage(encodeLeaveIntent({ lTime: lamportTimeMax, node, prune: false }), stranger);
  }
  assert.equal(host.counters.get('serf.input.refused'), 3);
  delegate.onUserMessage(encodeLeaveIntent({ lTime: 2 ** 52, node: 'me', prune: false }), stranger);
  assert.equal(machine.members.get('web1')?.member.status, 'alive');
  assert.equal(machine.members.get('me')?.member.status, 'alive');
  const contradiction = machine.members.get('me')?.statusLTime ?? 0;
  assert.ok(contradiction > 2 ** 52 && contradiction < lamportTimeMax);
});

test('a packet of nonsense costs a few log lines, however many messages are in it', () => {
  const { delegate, world, host, lines } = createRig();
  lines();
  for (let i = 0; i < 255; i++) delegate.onUserMessage(Uint8Array.of(42, 0x80), stranger);
  assert.equal(host.counters.get('serf.input.refused'), 255);
  assert.equal(lines().length, 16);
  world.run(1_000);
  delegate.onUserMessage(Uint8Array.of(42, 0x80), stranger);
  assert.deepEqual(lines(), [
    '[WARN] serf: 239 more complaints of this kind were left out',
    '[WARN] serf: Received message of unknown type: 42',
  ]);
});

test('a log line is cut to a sensible length', () => {
  const { delegate, lines } = createRig();
  const event = { name: 'x'.repeat(9_000), payload: new Uint8Array(0), canCoalesce: false };
  for (const lTime of [100_000, 5]) delegate.onUserMessage(encodeUserEvent({ ...event, lTime }), stranger);
  assert.match(lines().at(-1) ?? '', /received old event x/);
  for (const line of lines()) assert.ok(line.length < 1_100, `${line.length}`);
});

test('filters whose expressions together are longer than any query of ours are not even compiled', () => {
  const { machine } = createRig({ compileRegexp: () => ({ matches: () => true }) });
  const filters = (count: number) =>
    Array.from({ length: count }, () => encodeTagFilter('role', 'x?'.repeat(500)));
  assert.equal(passesFilters(machine, filters(3)), true);
  assert.equal(passesFilters(machine, filters(5)), false);
});

test('floods of events, queries and intents take bounded memory and little time', () => {
  const { delegate, machine } = createRig();
  const { limits } = machine.config;
  const before = process.cpuUsage();
  const flood = 10_000;
  for (let i = 0; i < flood; i++) {
    delegate.onUserMessage(encodeJoinIntent({ lTime: 2, node: `ghost${i}` }), stranger);
    delegate.onUserMessage(encodeQuery({ ...query, id: i, filters: [Uint8Array.of(0, 0x90)] }), stranger);
    const event = { lTime: 5, name: `event${i}`, payload: bytesOf('x'), canCoalesce: false };
    delegate.onUserMessage(encodeUserEvent(event), stranger);
  }
  const { user, system } = process.cpuUsage(before);
  const tookMs = (user + system) / 1_000; // of the processor: others may be busy on it, too
  assert.ok(machine.recentIntents.size <= limits.recentIntentsMax);
  for (const queue of Object.values(machine.queues)) assert.ok(queue.size <= limits.broadcastsMax);
  assert.ok(tookMs < flood, `${tookMs} ms for ${3 * flood} messages`);
});

test('a push/pull with more events or members than anybody has is refused', () => {
  const { delegate, host } = createRig();
  const writer = new MsgpackWriter(gossipDialect);
  writer.byte(2);
  writer.mapHeader(1);
  writer.text('Events');
  writer.arrayHeader(1);
  writer.mapHeader(1);
  writer.text('Events');
  writer.arrayHeader(100_000);
  for (let i = 0; i < 100_000; i++) writer.mapHeader(0);
  finish(delegate.mergeRemoteState(writer.finish(), false));
  writer.byte(2);
  writer.mapHeader(1);
  writer.text('StatusLTimes');
  writer.mapHeader(200_000);
  for (let i = 0; i < 400_000; i++) writer.integer(0);
  finish(delegate.mergeRemoteState(writer.finish(), false));
  assert.equal(host.counters.get('serf.input.refused'), 2);
});

const query = queryFrom();
