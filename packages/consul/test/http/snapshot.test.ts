// T2-4: `/v1/snapshot` as HTTP clients know it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterAgent } from '../../dist/http/cluster-agent.js';
import { parseQuery } from '../../dist/http/query.js';
import { Responder } from '../../dist/http/respond.js';
import { snapshotRoute } from '../../dist/http/routes/snapshot.js';
import type { ServeSnapshot, SnapshotRequest } from '../../dist/rpc/snapshot/index.js';
import { unwatched, usualHttpSettings } from '../kit/usual-settings.js';

const meta = { index: 217, lastContactNs: 3e6, knownLeader: true, consistencyLevel: '' };

async function answer(serve: ServeSnapshot, method: string, query = '', body = '') {
  const defaults = { datacenter: 'dc1', nodeName: 'n1', token: 'mine', discoveryMaxStaleNs: 0 };
  const settings = { ...usualHttpSettings, alwaysPretty: true };
  const agent = { snapshot: serve, defaults } as unknown as ClusterAgent;
  const response = await new Responder([snapshotRoute], agent, settings, unwatched).respond({
    method,
    target: '/v1/snapshot',
    path: '/v1/snapshot',
    rawQuery: query,
    query: parseQuery(query),
    remoteHost: '127.0.0.1',
    remotePort: 40_000,
    contentLength: body.length,
    header: () => undefined,
    body: () => assert.fail('it is read in pieces'),
    pieces: () => from(body),
    signal: () => new AbortController().signal,
  });
  const { status, headers, body: sent } = response;
  const pieces =
    typeof sent === 'object' && Symbol.asyncIterator in sent ? sent : [Buffer.from(sent as string)];
  const chunks: Uint8Array[] = [];
  for await (const piece of pieces) chunks.push(piece);
  return { status, headers: Object.fromEntries(headers), text: Buffer.concat(chunks).toString() };
}

test('T2-4: GET streams the archive with the index it was taken at', async () => {
  const asked: SnapshotRequest[] = [];
  const serve: ServeSnapshot = async (request) => {
    asked.push(request);
    return { meta, archive: from('arch', 'ive') };
  };
  assert.deepEqual(await answer(serve, 'GET', 'stale&dc=dc2&token=secret'), {
    status: 200,
    headers: {
      Vary: 'Accept-Encoding',
      'X-Consul-Index': '217',
      'X-Consul-Lastcontact': '3',
      'X-Consul-Knownleader': 'true',
      'Content-Type': 'application/x-gzip',
    },
    text: 'archive',
  });
  await answer(serve, 'GET');
  assert.deepEqual(asked, [
    { datacenter: 'dc2', token: 'secret', allowStale: true, operation: 0 },
    { datacenter: 'dc1', token: 'mine', allowStale: false, operation: 0 },
  ]);
});

test('T2-4: PUT restores what it is sent, and has nothing to say', async () => {
  const restored: string[] = [];
  const serve: ServeSnapshot = async ({ operation }, archive) => {
    assert.equal(operation, 1);
    for await (const piece of archive) restored.push(Buffer.from(piece).toString());
    return { meta, archive: from() };
  };
  const { status, headers, text } = await answer(serve, 'PUT', '', 'archive');
  assert.deepEqual([status, headers, text, restored], [200, { Vary: 'Accept-Encoding' }, '', ['archive']]);
});

test('T2-4: what is wrong with an archive is told with status 500', async () => {
  const problem = 'failed to decompress snapshot: unexpected EOF';
  const { status, text } = await answer(() => Promise.reject(new Error(problem)), 'PUT', '', 'garbage');
  assert.deepEqual([status, text], [500, problem]);
});

async function* from(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
