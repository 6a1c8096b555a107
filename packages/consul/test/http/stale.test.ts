// How old an answer may be that a client says it takes. Upstream: agent/http.go (parseConsistency), and
// RETRY_ONCE in the endpoints.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller, QueryMeta, QueryOptions } from '../../dist/rpc/methods/index.js';
import { httpOf } from '../kit/ask-http.js';
import { startLoneServer } from '../kit/lone-server.js';

test('T0-14: an answer staler than ?max_stale allows is asked for again, of the leader', async () => {
  const { ask, asked } = startLate(5e9);
  const worth = async (query: string) => {
    asked.length = 0;
    const { headers } = await ask(`GET /v1/catalog/services?${query}`);
    return [...asked, headers['X-Consul-Lastcontact'], headers['X-Consul-Effective-Consistency']];
  };
  assert.deepEqual(await worth('max_stale=4s'), ['anybody', 'leader', '0', 'leader']);
  assert.deepEqual(await worth('max_stale=5s'), ['anybody', '5000', 'stale']);
  assert.deepEqual(await worth('stale'), ['anybody', '5000', 'stale']);
  assert.deepEqual(await worth('x'), ['leader', '0', 'leader']);
});

/** An agent that asks a server which has heard nothing of its leader for so long. */
function startLate(lastContactNs: number) {
  const { caller } = startLoneServer();
  const asked: string[] = [];
  const call: Caller['call'] = async (method, request, signal) => {
    const { allowStale } = request as QueryOptions;
    asked.push(allowStale ? 'anybody' : 'leader');
    const answer = await caller.call(method, request, signal);
    return allowStale ? ({ ...answer, lastContactNs } satisfies Partial<QueryMeta>) : answer;
  };
  return { ask: httpOf({ call }), asked };
}
