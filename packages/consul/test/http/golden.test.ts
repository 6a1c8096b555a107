// Replays captures of the real program in the order in which they were taken, each group on a server that has
// been brought into the state of that moment. What is not here is said at the end.

import { test } from 'node:test';
import type { HttpSettings } from '../../dist/http/respond.js';
import { type AskHttp, httpOf } from '../kit/ask-http.js';
import { type LoneServer, startLoneServer } from '../kit/lone-server.js';
import { Replay } from '../kit/replay.js';

test('T0-9, T0-10, T0-11, T1-1: keys and values are answered as by the original', async () => {
  const { replay } = start();
  await all(replay, 'kv', [
    ...['put', 'get', 'get-raw', 'get-pretty', 'get-missing-404', 'get-missing-raw-404', 'get-no-slash-404'],
    ...[
      'put-flags',
      'get-flags',
      'put-flags-max',
      'get-flags-max',
      'put-flags-bad-500',
      'put-flags-negative-500',
    ],
    ...['put-empty-value', 'get-empty-value', 'get-empty-value-raw', 'put-no-body', 'get-no-body'],
    ...[
      'put-empty-key-400',
      'get-empty-key-400',
      'delete-empty-key-400',
      'method-options',
      'method-post-405',
    ],
    ...['cas-create-0-true', 'cas-create-0-false', 'cas-get', 'cas-wrong-false', 'cas-right-true'],
    ...['cas-missing-key-nonzero-false', 'cas-bad-500', 'cas-and-acquire-400', 'delete-cas-wrong-false'],
    ...['delete-missing-true', 'delete-cas-missing-true', 'delete-recurse-missing-true'],
    ...['delete-recurse-and-cas-400', 'same-value-keeps-modifyindex-1', 'same-value-keeps-modifyindex-2'],
    ...['same-value-keeps-modifyindex-3', 'delete', 'stale', 'consistent', 'stale-consistent-400'],
    ...[
      'cached-consistent-400',
      'cache-control-bad-400',
      'max-stale-bad-400',
      'bad-index-400',
      'unknown-dc-500',
    ],
    ...['bad-index-negative-400', 'bad-wait-400', 'wait-no-unit-400', 'blocking-index0-immediate'],
    ...[
      'blocking-old-index-immediate',
      'put-max-size-ok',
      'put-too-large-413',
      'delete-big',
      'put-escaped-key',
    ],
    ...['get-escaped-key', 'put-html-chars', 'get-html-chars', 'put-trailing-slash', 'get-trailing-slash'],
    ...['put-double-slash-redirect', 'put-dotdot-redirect', 'put-slash-key-400', 'get-head-405'],
    ...['ns-param-400', 'ns-header-400'],
  ]);
});

test('T0-9, T0-13: prefixes, separators, and the index of what is not there any more', async () => {
  const { replay, ask } = start();
  for (const key of ['a', 'casnew', 'empty', 'web/a', 'web/b', 'web/b/c', 'web/b/d', 'web2']) {
    await ask(`PUT /v1/kv/${key}`, key);
  }
  await all(replay, 'kv', [
    ...['recurse-missing-404', 'keys-missing-404', 'delete-recurse', 'recurse-deleted-prefix-404-index'],
  ]);
});

test('T0-13: a question waits its time, and is answered with what it found first', async () => {
  const { replay, ask, server } = start();
  await ask('PUT /v1/kv/foo', 'bar');
  await replay.check('kv/get');
  for (const name of ['kv/blocking-timeout-1s', 'kv/blocking-future-index']) {
    const checked = replay.check(name);
    await server.run(2_000);
    await checked;
  }
});

test('T1-1: methods, paths and parameters that nobody has', async () => {
  const { replay, ask } = start();
  await ask('PUT /v1/kv/foo', 'bar');
  await all(replay, 'root', [
    ...['unknown-path-404', 'unknown-path-404b', 'bad-query', 'unprintable-path-400', 'index-redirect-ui'],
  ]);
  await all(replay, 'status', ['leader-head', 'leader-options', 'leader-post-405', 'leader-unknown-dc']);
});

test('T1-1: without access control its whole area is 401', async () => {
  const { replay } = start();
  await all(replay, 'acl-disabled', [
    ...['auth-methods', 'bootstrap', 'internal-authorize', 'list', 'login', 'policies', 'replication'],
    ...['roles', 'token-self', 'tokens'],
  ]);
});

test('T2-3: transactions', async () => {
  const { replay, ask } = start();
  const node = { Node: 'ext2', Address: '127.0.0.78' };
  await ask('PUT /v1/catalog/register', JSON.stringify(node));
  await all(replay, 'txn', [
    ...[
      'set-get',
      'read-only',
      'read-only-stale',
      'cas-fail-409',
      'check-not-exists-409',
      'check-session-409',
    ],
    ...[
      'check-not-exists-ok',
      'delete-cas-fail-409',
      'delete-missing-ok',
      'get-missing-409',
      'unknown-verb-409',
    ],
    ...['lock-invalid-session-409', 'node-service-check', 'node-get', 'node-cas-fail-409', 'node-delete'],
    ...['delete-tree', 'empty-list', 'get-405', 'bad-json-400', 'unknown-field-400', 'value-too-large-413'],
  ]);
});

test('T2-6: coordinates', async () => {
  const { replay, ask, server } = start();
  for (const node of ['dev1', 'ext2']) {
    await ask('PUT /v1/catalog/register', JSON.stringify({ Node: node, Address: '127.0.0.1' }));
  }
  const origin = { Vec: Array(8).fill(0), Error: 1.5, Adjustment: 0, Height: 1e-5 };
  await ask('PUT /v1/coordinate/update', JSON.stringify({ Node: 'dev1', Coord: origin }));
  await server.run(6_000);
  await all(replay, 'coordinate', ['nodes', 'nodes-segment', 'node', 'node-missing-404']);
  await all(replay, 'coordinate', ['update', 'update-unknown-node', 'update-bad-dimension-500']);
  await server.run(6_000);
  await replay.check('coordinate/node-ext2');
});

test('T1-11: operators see raft and change autopilot', async () => {
  const { replay } = start();
  await all(replay, 'operator', [
    ...[
      'raft-peer-both-400',
      'raft-peer-noargs-400',
      'raft-peer-unknown-address-500',
      'raft-peer-unknown-id-500',
    ],
    ...[
      'autopilot-configuration-put',
      'autopilot-configuration-cas-false',
      'autopilot-configuration-bad-400',
    ],
  ]);
});

async function all(replay: Replay, folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await replay.check(`${folder}/${name}`);
}

interface Started {
  readonly server: LoneServer;
  readonly ask: AskHttp;
  readonly replay: Replay;
}

/** A server like the one that was asked: a dev agent indents, and has pages. */
function start(settings: Partial<HttpSettings> = {}): Started {
  const server = startLoneServer();
  const ask = httpOf(server.caller, { alwaysPretty: true, uiPath: '/ui/', ...settings });
  return { server, ask, replay: new Replay(ask) };
}
