// Damaged serf messages at their decoders: a value or a DecodeError.

import assert from 'node:assert/strict';
import { DecodeError } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
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

/** A state as nodes exchange it. */
export const pushPull: Uint8Array = encodePushPull({
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
/** A coordinate as acks carry it. */
export const coordinate: Uint8Array = encodeCoordinate({
  vec: [0, 1, 2, 3, 4, 5, 6, 7],
  error: 1.5,
  adjustment: 0,
  height: 1e-5,
});
const response = serfMessage('udp-conflict-response');

export const messageTargets: readonly FuzzTarget[] = [
  decoder('leave intents', [serfMessage('udp-user-leave')], decodeLeaveIntent),
  decoder('join intents', [serfMessage('udp-user-join')], decodeJoinIntent),
  decoder('user events', [serfMessage('udp-user-event')], decodeUserEvent),
  decoder('queries', [serfMessage('udp-user-query-filter-tag')], decodeQuery),
  decoder('query filters', [encodeNodeFilter(['a', 'b']), encodeTagFilter('role', 'web')], decodeFilter),
  decoder('query responses', [response, serfMessage('udp-query-ack')], decodeQueryResponse),
  decoder('relay envelopes', [serfMessage('udp-query-relay')], decodeRelay),
  decoder('conflict responses', [decodeQueryResponse(response).payload], decodeConflictResponse),
  decoder('key requests', [decodeQuery(serfMessage('udp-query-key-request')).payload], decodeKeyRequest),
  decoder('key responses', [decodeQueryResponse(serfMessage('udp-key-response')).payload], decodeKeyResponse),
  decoder('push/pull states', [pushPull], decodePushPull),
  decoder('coordinates', [coordinate], decodeCoordinate),
  {
    name: 'tags',
    promise: 'any bytes are tags',
    seeds: [
      encodeTags(
        new Map([
          ['role', 'web'],
          ['dc', 'east'],
        ]),
        5,
      ),
      bytesOf('web'),
    ],
    open: () => ({ run: (meta) => assert.ok(decodeTags(meta).tags instanceof Map) }),
  },
];

function decoder(
  name: string,
  seeds: readonly Uint8Array[],
  decode: (input: Uint8Array) => unknown,
): FuzzTarget {
  return {
    name,
    promise: `damaged ${name} are decoded or refused`,
    seeds,
    open: () => ({ run: (input) => void decode(input) }),
    refuses: (error) => error instanceof DecodeError,
  };
}
