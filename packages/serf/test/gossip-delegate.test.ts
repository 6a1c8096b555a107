// What is passed on of what others say: news, in the bytes they came in, and nothing twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryFlags } from '../dist/core/messages.js';
import { encodeJoinIntent, encodeLeaveIntent } from '../dist/core/wire/intents.js';
import { encodeQuery } from '../dist/core/wire/query.js';
import { encodeUserEvent } from '../dist/core/wire/user-event.js';
import { bytesOf } from './support/bytes.js';
import { createRig, nodeCalled } from './support/rig.js';

const from = { host: '10.0.0.2', port: 7946 };
const query = {
  lTime: 7,
  id: 1,
  replyTo: from,
  sourceNode: 'web1',
  filters: [],
  flags: 0,
  relayFactor: 0,
  timeoutMs: 1_000,
  name: 'load',
  payload: bytesOf(''),
};
const noBroadcast = encodeQuery({ ...query, lTime: 8, flags: queryFlags.noBroadcast });

/** What a node that knows web1 passes on when it hears these messages, each as often as it is there. */
function passedOn(...messages: readonly Uint8Array[]): readonly Uint8Array[] {
  const { delegate, join } = createRig();
  join(nodeCalled('web1', from.host));
  for (const message of messages) {
    delegate.onUserMessage(message, from);
    delegate.onUserMessage(message, from);
  }
  return delegate.takeBroadcasts(3, 1_400);
}

for (const [what, message] of [
  ['a join intent', encodeJoinIntent({ lTime: 7, node: 'web1' })],
  ['a leave intent', encodeLeaveIntent({ lTime: 7, node: 'web1', prune: false })],
  ['an intent about somebody unknown', encodeLeaveIntent({ lTime: 7, node: 'web9', prune: false })],
  ['a user event', encodeUserEvent({ lTime: 7, name: 'deploy', payload: bytesOf('v2'), canCoalesce: true })],
  ['a query', encodeQuery(query)],
] as const) {
  test(`${what} is passed on as it came, once`, () => {
    assert.deepEqual(passedOn(message), [message]);
  });

  test(`${what} that is to be passed on wakes gossip`, () => {
    const { delegate, gossip, join } = createRig();
    join(nodeCalled('web1', from.host));
    delegate.onUserMessage(message, from);
    delegate.onUserMessage(message, from);
    assert.equal(gossip.wakes, 1);
  });
}

test('an intent that is older than what is known is passed on to nobody', () => {
  const leave = encodeLeaveIntent({ lTime: 7, node: 'web1', prune: false });
  assert.deepEqual(passedOn(leave, encodeJoinIntent({ lTime: 6, node: 'web1' })), [leave]);
});

test('a query that is not to be passed on is not', () => {
  assert.deepEqual(passedOn(noBroadcast), []);
});
