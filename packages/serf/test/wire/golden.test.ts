// Every serf message that was captured from the original is decoded, encoded again, and must be the same
// bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWire } from '@reeve/golden';
import { decodeConflictResponse, encodeConflictResponse } from '../../dist/core/wire/conflict-response.js';
import { decodeCoordinate, encodeCoordinate } from '../../dist/core/wire/coordinate.js';
import {
  decodeJoinIntent,
  decodeLeaveIntent,
  encodeJoinIntent,
  encodeLeaveIntent,
} from '../../dist/core/wire/intents.js';
import {
  decodeKeyRequest,
  decodeKeyResponse,
  encodeKeyRequest,
  encodeKeyResponse,
} from '../../dist/core/wire/keys.js';
import { decodePushPull, encodePushPull } from '../../dist/core/wire/push-pull.js';
import {
  decodeFilter,
  decodeQuery,
  encodeNodeFilter,
  encodeQuery,
  encodeTagFilter,
} from '../../dist/core/wire/query.js';
import {
  decodeQueryResponse,
  decodeRelay,
  encodeQueryResponse,
  encodeRelay,
} from '../../dist/core/wire/query-response.js';
import { decodeTags, encodeTags } from '../../dist/core/wire/tags.js';
import { decodeUserEvent, encodeUserEvent } from '../../dist/core/wire/user-event.js';
import { hex } from '../support/bytes.js';
import { serfMessage, userState } from '../support/captures.js';

test('[1] a leave intent is written as the original writes it', () => {
  sameBytes(serfMessage('udp-user-leave'), (message) => encodeLeaveIntent(decodeLeaveIntent(message)));
  const intent = decodeLeaveIntent(serfMessage('udp-user-leave-prune'));
  assert.equal(intent.prune, true);
  sameBytes(serfMessage('udp-user-leave-prune'), () => encodeLeaveIntent(intent));
});

test('[1] a join intent is written as the original writes it', () => {
  sameBytes(serfMessage('udp-user-join'), (message) => encodeJoinIntent(decodeJoinIntent(message)));
});

test('[1] a user event is written as the original writes it, with and without a payload', () => {
  for (const name of ['udp-user-event', 'udp-user-event-nil-payload']) {
    sameBytes(serfMessage(name), (message) => encodeUserEvent(decodeUserEvent(message)));
  }
});

test('[56] queries and their filters are written as the original writes them', () => {
  for (const name of ['udp-user-query', 'udp-user-query-filter-node', 'udp-user-query-filter-tag']) {
    const query = decodeQuery(serfMessage(name));
    const filters = query.filters.map((filter) => {
      const decoded = decodeFilter(filter);
      if (decoded.kind === 'nodes') return encodeNodeFilter(decoded.nodes);
      assert.equal(decoded.kind, 'tag');
      return decoded.kind === 'tag' ? encodeTagFilter(decoded.tag, decoded.expression) : filter;
    });
    sameBytes(serfMessage(name), () => encodeQuery({ ...query, filters }));
  }
});

test('[1] answers and acknowledgements are written as the original writes them', () => {
  for (const name of ['udp-query-response', 'udp-query-ack', 'udp-key-response', 'udp-conflict-response']) {
    sameBytes(serfMessage(name), (message) => encodeQueryResponse(decodeQueryResponse(message)));
  }
});

test('[58] a relay envelope is written as the original writes it', () => {
  const relay = decodeRelay(serfMessage('udp-query-relay'));
  assert.deepEqual(relay.to, { host: '127.0.7.1', port: 7946 });
  assert.equal(relay.node, 'alpha');
  assert.equal(decodeQueryResponse(relay.message).from, 'alpha');
  sameBytes(serfMessage('udp-query-relay'), () => encodeRelay(relay));
});

test('[1] an answer to a name conflict is written as the original writes it', () => {
  const { payload } = decodeQueryResponse(serfMessage('udp-conflict-response'));
  assert.equal(decodeConflictResponse(payload)?.status, 'alive');
  sameBytes(payload, () => encodeConflictResponse(decodeConflictResponse(payload)));
  assert.equal(hex(encodeConflictResponse(undefined)), '06c0');
  assert.equal(decodeConflictResponse(Uint8Array.of(6, 0xc0)), undefined);
});

test('[1] key requests and their answers are written as the original writes them', () => {
  const request = decodeQuery(serfMessage('udp-query-key-request')).payload;
  sameBytes(request, () => encodeKeyRequest(decodeKeyRequest(request)));
  const response = decodeQueryResponse(serfMessage('udp-key-response')).payload;
  assert.equal(decodeKeyResponse(response).message, 'Keyring is empty (encryption not enabled)');
  sameBytes(response, () => encodeKeyResponse(decodeKeyResponse(response)));
});

test('[54] the state of a push/pull is written as the original writes it', () => {
  const state = decodePushPull(userState('tcp-pushpull-three-nodes-with-events'));
  assert.equal(state.events.length, 512);
  sameBytes(userState('tcp-pushpull-three-nodes-with-events'), () => encodePushPull(state));
  assert.equal(state.statusLTimes.size, 3);
});

test('[11] a coordinate takes 130 bytes with 8 dimensions and is written as the original writes it', () => {
  for (const name of ['udp-ack-with-coordinate', 'udp-ack-coordinate-nonzero']) {
    const payload = readWire(name).bytes.subarray(13, 13 + 130); // behind {Payload: raw16
    const coordinate = decodeCoordinate(payload);
    assert.equal(coordinate.vec.length, 8);
    sameBytes(payload, () => encodeCoordinate(coordinate));
  }
});

test('[63] tags are byte 0xff and a map; without any, ff 80', () => {
  assert.equal(hex(encodeTags(new Map(), 5)), 'ff80');
  assert.equal(hex(encodeTags(new Map([['dc', 'east']]), 5)), 'ff81a26463a465617374');
  assert.deepEqual(decodeTags(encodeTags(new Map([['dc', 'east']]), 5)).tags, new Map([['dc', 'east']]));
});

test('[63] protocol 2 says only a role, as bare text, and a meta that is no map is a role', () => {
  const tags = new Map([
    ['dc', 'east'],
    ['role', 'web'],
  ]);
  assert.equal(hex(encodeTags(tags, 2)), '776562');
  assert.deepEqual(decodeTags(encodeTags(tags, 2)).tags, new Map([['role', 'web']]));
  assert.deepEqual(decodeTags(new Uint8Array(0)).tags, new Map([['role', '']]));
});

test('broken tags are decoded as far as they can be read', () => {
  const whole = encodeTags(
    new Map([
      ['a', '1'],
      ['b', '2'],
    ]),
    5,
  );
  const { tags, error } = decodeTags(whole.subarray(0, whole.length - 1));
  assert.deepEqual(tags, new Map([['a', '1']]));
  assert.ok(error);
});

function sameBytes(expected: Uint8Array, encode: (message: Uint8Array) => Uint8Array): void {
  assert.equal(hex(encode(expected)), hex(expected));
}
