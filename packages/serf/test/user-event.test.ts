// User events: sizes, Lamport times, duplicates. Upstream: serf.go (UserEvent, handleUserEvent).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyUserEvent, sendUserEvent } from '../dist/core/user-event.js';
import { decodeUserEvent, encodeUserEvent } from '../dist/core/wire/user-event.js';
import { bytesOf, textOf } from './support/bytes.js';
import { createRig } from './support/rig.js';

test('[47] the first user event has LTime 1, the second 2', () => {
  const { machine, events } = createRig();
  sendUserEvent(machine, 'deploy', bytesOf('v1'), false);
  sendUserEvent(machine, 'deploy', bytesOf('v1'), false);
  const sent = machine.queues.events.take(0, 1_000).map((message) => decodeUserEvent(message).lTime);
  assert.deepEqual(sent.sort(), [1, 2]);
  assert.deepEqual(
    events.map((event) => event.kind === 'user' && [event.lTime, textOf(event.payload)]),
    [
      [1, 'v1'],
      [2, 'v1'],
    ],
  );
});

test('[51] an event is told and passed on once; with another name or payload it is another', () => {
  const { machine, events } = createRig();
  const event = { lTime: 5, name: 'deploy', payload: bytesOf('v1'), canCoalesce: false };
  assert.equal(applyUserEvent(machine, event), true);
  assert.equal(applyUserEvent(machine, event), false);
  assert.equal(applyUserEvent(machine, { ...event, payload: bytesOf('v2') }), true);
  assert.equal(applyUserEvent(machine, { ...event, name: 'restart' }), true);
  assert.equal(applyUserEvent(machine, { ...event, name: 'deployv', payload: bytesOf('1') }), true);
  assert.equal(events.length, 4);
});

test('[51] an event more than 512 Lamport times back is dropped with a warning', () => {
  const { machine, events, lines } = createRig();
  const event = { name: 'deploy', payload: bytesOf(''), canCoalesce: false };
  applyUserEvent(machine, { ...event, lTime: 600 });
  lines();
  assert.equal(applyUserEvent(machine, { ...event, lTime: 88 }), false);
  assert.deepEqual(lines(), ['[WARN] serf: received old event deploy from time 88 (current: 601)']);
  assert.equal(applyUserEvent(machine, { ...event, lTime: 89 }), true);
  assert.equal(events.length, 2);
});

test('[52] events too large before or after encoding are refused with the original texts', () => {
  const { machine, events } = createRig();
  const send = (payloadBytes: number) =>
    sendUserEvent(machine, 'deploy', new Uint8Array(payloadBytes).fill(120), false);
  const before = 'user event exceeds configured limit of 512 bytes before encoding';
  const after = 'encoded user event exceeds configured limit of 512 bytes after encoding';
  assert.throws(() => send(507), { name: 'SerfError', message: before });
  assert.throws(() => send(506), { name: 'SerfError', message: after });
  assert.equal(machine.clocks.event.time, 1, 'what was refused takes no time');
  const overhead = encodeUserEvent({
    lTime: 1,
    name: 'deploy',
    payload: new Uint8Array(400),
    canCoalesce: false,
  });
  send(512 - (overhead.length - 400));
  assert.equal(events.length, 1);
});

test('events and queries are counted, by name too', () => {
  const { machine, host } = createRig();
  sendUserEvent(machine, 'deploy', bytesOf(''), false);
  assert.equal(host.counters.get('serf.events'), 1);
  assert.equal(host.counters.get('serf.events.deploy'), 1);
});
