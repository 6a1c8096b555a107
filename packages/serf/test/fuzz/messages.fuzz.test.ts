// Every decoder of serf messages on damaged input: a value or a DecodeError, in bounded time; and the whole
// way through a machine, which must swallow everything.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';
import { readPlain } from '@reeve/golden';
import { createDelegate } from '../../dist/core/gossip-delegate.js';
import { replaySnapshot } from '../../dist/core/snapshot-replay.js';
import { decodeConflictResponse } from '../../dist/core/wire/conflict-response.js';
import { decodeCoordinate, encodeCoordinate } from '../../dist/core/wire/coordinate.js';
import { decodeJoinIntent, decodeLeaveIntent } from '../../dist/core/wire/intents.js';
import { decodeKeyRequest, decodeKeyResponse } from '../../dist/core/wire/keys.js';
import { decodePushPull, encodePushPull } from '../../dist/core/wire/push-pull.js';
import { decodeFilter, decodeQuery, encodeNodeFilter, encodeTagFilter } from '../../dist/core/wire/query.js';
import { decodeQueryResponse, decodeRelay } from '../../dist/core/wire/query-response.js';
import { decodeTags, encodeTags } from '../../dist/core/wire/tags.js';
import { decodeUserEvent } from '../../dist/core/wire/user-event.js';
import { bytesOf } from '../support/bytes.js';
import { serfMessage } from '../support/captures.js';
import { createRig, finish, nodeCalled } from '../support/rig.js';

const pushPull = encodePushPull({
  lTime: 9,
  statusLTimes: new Map([
    ['me', 3],
    ['web1', 4],
  ]),
  leftMembers: ['web1'],
  eventLTime: 300,
  events: [null, { lTime: 1, events: [{ name: 'deploy', payload: bytesOf('v1') }] }, null],
  queryLTime: 7,
});
const coordinate = encodeCoordinate({
  vec: [0, 1, 2, 3, 4, 5, 6, 7],
  error: 1.5,
  adjustment: 0,
  height: 1e-5,
});
const response = serfMessage('udp-conflict-response');

damaged('leave intents', [serfMessage('udp-user-leave')], decodeLeaveIntent);
damaged('join intents', [serfMessage('udp-user-join')], decodeJoinIntent);
damaged('user events', [serfMessage('udp-user-event')], decodeUserEvent);
damaged('queries', [serfMessage('udp-user-query-filter-tag')], decodeQuery);
damaged('filters', [encodeNodeFilter(['a', 'b']), encodeTagFilter('role', 'web')], decodeFilter);
damaged('query responses', [response, serfMessage('udp-query-ack')], decodeQueryResponse);
damaged('relay envelopes', [serfMessage('udp-query-relay')], decodeRelay);
damaged('conflict responses', [decodeQueryResponse(response).payload], decodeConflictResponse);
damaged('key requests', [decodeQuery(serfMessage('udp-query-key-request')).payload], decodeKeyRequest);
damaged('key responses', [decodeQueryResponse(serfMessage('udp-key-response')).payload], decodeKeyResponse);
damaged('push/pull states', [pushPull], decodePushPull);
damaged('coordinates', [coordinate], decodeCoordinate);

test('damaged tags are tags', () => {
  const seeds = [
    encodeTags(
      new Map([
        ['role', 'web'],
        ['dc', 'east'],
      ]),
      5,
    ),
    bytesOf('web'),
  ];
  const run = (meta: Uint8Array) => assert.ok(decodeTags(meta).tags instanceof Map);
  assert.equal(fuzzTarget({ name: 'tags', seeds, run, allow: () => false }).rejected, 0);
});

test('a damaged snapshot replays to something', () => {
  const file = bytesOf(readPlain('snapshot/file-line-sequence').text);
  const run = (damagedFile: Uint8Array) => {
    const content = replaySnapshot(damagedFile, false, () => {});
    assert.ok(Number.isSafeInteger(content.clock + 1));
  };
  assert.equal(fuzzTarget({ name: 'snapshot', seeds: [file], run, allow: () => false }).rejected, 0);
});

test('a machine swallows every damaged message and state', () => {
  const rig = createRig();
  rig.join(nodeCalled('web1', '10.0.0.2'));
  const delegate = createDelegate(rig.machine);
  const names = [
    'udp-user-leave-prune',
    'udp-user-event',
    'udp-user-query',
    'udp-query-ack',
    'udp-query-relay',
  ];
  const seeds = [...names.map(serfMessage), pushPull, coordinate];
  const run = (input: Uint8Array) => {
    delegate.onUserMessage(input, { host: '10.6.6.6', port: 666 });
    finish(delegate.mergeRemoteState(input, true));
    delegate.onPingComplete(nodeCalled('web1', '10.0.0.2'), 1, input);
    rig.events.length = 0;
    rig.gossip.sent.length = 0;
  };
  fuzzTarget({ name: 'machine', seeds, run, allow: () => false });
  assert.ok(rig.machine.clocks.member.time <= Number.MAX_SAFE_INTEGER);
  assert.ok(rig.machine.members.get('me'));
});

function damaged(what: string, seeds: readonly Uint8Array[], decode: (input: Uint8Array) => unknown): void {
  test(`damaged ${what} are decoded or refused`, () => {
    const allow = (error: unknown): boolean => error instanceof DecodeError;
    const counts = fuzzTarget({ name: what, seeds, run: (input) => void decode(input), allow });
    assert.ok(counts.accepted > 0 && counts.rejected > 0);
  });
}
