// Replays captures of the real program in the order in which they were taken, each group on a server that has
// been brought into the state of that moment.
//
// Not replayed: what a socket does (kv/get-gzip, kv/keep-alive-headers: see front.test.ts); answers that
// cannot be foretold (catalog/services-stale: the order of tags is chance); states that nobody knows any more
// (kv/recurse*, kv/keys*, session/list, session/node, catalog/nodes-near-ext2); addresses of the server
// (status/leader, status/peers, operator/raft-configuration, coordinate/datacenters); what we do not have
// (root/ui-*, root/robots, internal/federation-states).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHttp } from '@reeve/golden';
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

test('T0-9, T0-13: what is not there any more is 404 with an index, however it is asked for', async () => {
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

test('T1-1: methods, paths and parameters that nobody has are refused byte by byte', async () => {
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

test('T3-1: what nobody has made is not there, in the words of the original', async () => {
  const { replay } = start();
  await all(replay, 'query', [
    ...[
      'list-empty',
      'get-missing-404',
      'get-bad-id-500',
      'execute-missing-404',
      'options',
      'execute-post-405',
    ],
  ]);
  await all(replay, 'config', ['bad-kind', 'get-missing-404']);
  await replay.check('connect/intentions-empty');
  await replay.check('catalog/gateway-services');
  await replay.check('health/ingress');
});

test('T2-3: a transaction is answered byte by byte as by the original', async () => {
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

test('T2-6: coordinates are told, and refused, byte by byte as by the original', async () => {
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

test('T0-15: sessions are created, shown, renewed and refused as by the original', async () => {
  const { replay, ask, server } = start();
  await registerDev1(ask, server);
  await register(ask, server, 132, { ...dev1, Check: memIs('passing') });
  server.consensus.index = 168;
  await all(replay, 'session', [
    ...['create-empty', 'info', 'create-full', 'info-full', 'create-no-checks', 'info-no-checks'],
    ...[
      'create-checks-empty',
      'info-checks-empty',
      'create-lockdelay-number',
      'info-missing',
      'info-garbage',
    ],
    ...['info-none-400', 'node-missing', 'node-noname-400', 'renew', 'renew-missing-404', 'renew-none-400'],
    ...['create-bad-behavior-500', 'create-bad-json-400', 'create-bad-ttl-500', 'create-ttl-too-big-500'],
    ...['create-ttl-too-small-500', 'create-unknown-check-500', 'create-unknown-node-500', 'create-post-405'],
    ...['create-ttl-zero', 'create-namespace-ignored-200', 'create-unknown-field-ignored-200'],
    ...['destroy-missing-true', 'destroy-none-400'],
  ]);
  await ask('PUT /v1/catalog/register', JSON.stringify({ ...dev1, Check: memIs('critical') }));
  await all(replay, 'session', ['info-after-check-critical', 'create-critical-check-500']);
});

test('T0-10, T0-15: locks are taken, kept and given back as by the original', async () => {
  const { replay, ask, server } = start();
  await registerDev1(ask, server);
  for (const name of ['create-empty', 'create-checks-empty']) await replay.check(`session/${name}`);
  await all(replay, 'lock', [
    ...['acquire-true', 'acquire-again-same-session-true', 'get-held', 'acquire-other-session-false'],
    ...['acquire-invalid-session-500', 'acquire-empty-session-500', 'put-without-session-keeps-lock'],
    ...['get-held-after-plain-put', 'release-other-session-false', 'release-true', 'get-released'],
    ...[
      'release-again-false',
      'release-missing-key-false',
      'acquire-after-release',
      'get-lockindex-after-reset',
    ],
    ...['acquire-with-flags'],
  ]);
  await replay.check('session/destroy');
  await all(replay, 'lock', ['get-after-session-destroyed', 'acquire-in-lock-delay-false']);
});

test('T0-10, T0-15: a session with the behavior delete takes its keys along', async () => {
  const { replay, ask, server } = start();
  await registerDev1(ask, server);
  await replay.check('session/create-checks-empty');
  const wanted = '{"Behavior":"delete","LockDelay":"1s"}';
  const { ID: ours } = JSON.parse((await ask('PUT /v1/session/create', wanted)).text) as { ID: string };
  replay.rename('4566b886-365e-c5a3-127e-ed0260de344f', ours);
  await ask(`PUT /v1/kv/lockdel?acquire=${ours}`, 'x');
  await replay.check('session/destroy-behavior-delete');
  await all(replay, 'lock', ['get-after-behavior-delete-404', 'acquire-delete-behavior-in-delay']);
  await server.run(1_100);
  await replay.check('lock/acquire-delete-behavior-after-delay');
});

test('T0-22, T0-23: catalog and health of an agent with services and checks', async () => {
  const { replay, ask, server } = start();
  await registerAgent(ask, server);
  await all(replay, 'catalog', [
    ...['datacenters', 'nodes', 'services', 'services-consistent', 'node', 'node-services'],
    ...[
      'nodes-filter',
      'nodes-meta-nomatch',
      'node-missing-null',
      'node-services-missing',
      'nodes-unknown-dc',
    ],
    ...[
      'service-missing-empty',
      'connect-native',
      'service-noname-400',
      'node-noname-400',
      'service-filter-bad',
    ],
  ]);
  await all(replay, 'health', ['service-missing', 'connect', 'ingress', 'service-unknown-dc']);
  await register(ask, server, 132, { ...dev1, Check: memIs('passing') });
  await all(replay, 'catalog', [
    ...['service-consul', 'service-web', 'service-tag', 'service-two-tags', 'service-tag-missing'],
    ...['service-filter', 'service-near-agent'],
  ]);
  await all(replay, 'health', [
    ...['service', 'service-consul', 'service-filter', 'service-passing-1', 'service-passing-true-tag'],
    ...['service-passing-bad-400', 'service-noname-400', 'node-noname-400', 'state-none-400'],
  ]);
});

test('T0-22, T0-23: nodes that are registered from outside, and what becomes of them', async () => {
  const { replay, ask, server } = start();
  await registerAgent(ask, server);
  await register(ask, server, 132, { ...dev1, Check: memIs('passing') });
  await replay.check('catalog/register-node');
  await register(ask, server, 134, { ...ext2, NodeMeta: { a: 'b' }, Service: mysql, Check: mysqlCheck });
  await all(replay, 'catalog', ['register-checks-array', 'register-hostname']);
  await register(ask, server, 137, ext2);
  await all(replay, 'catalog', ['services-after', 'nodes-after', 'register-bad-check-status']);
  await all(replay, 'health', [
    ...['checks', 'checks-filter', 'checks-missing', 'node', 'node-missing', 'state-any', 'state-bogus'],
    ...['state-critical', 'state-passing', 'state-warning'],
  ]);
  await all(replay, 'catalog', [
    ...['register-bad-id-500', 'register-bad-json-400', 'register-empty-400', 'register-missing-address-500'],
    ...['register-missing-node-500', 'register-post-405', 'register-service-noname-500'],
    ...['register-unknown-dc-500', 'register-unknown-field-400', 'deregister-nonode-500'],
    ...['deregister-bad-json-400', 'deregister-check', 'deregister-missing-check', 'deregister-missing-node'],
    ...[
      'deregister-service',
      'deregister-node',
      'deregister-agent-service-comes-back',
      'service-web-after-dereg',
    ],
  ]);
});

test('T0-22, T0-23: a node with everything a registration can say', async () => {
  const { replay, ask, server } = start();
  await registerAgent(ask, server);
  server.consensus.index = 155;
  await all(replay, 'catalog', ['register-full', 'register-checks-array', 'service-mysql']);
  await all(replay, 'health', [
    ...['service-mysql', 'service-mysql-passing', 'service-node-meta', 'service-filter-checks-any'],
    ...['service-filter-isempty', 'service-filter-matches', 'service-filter-node-meta'],
    ...['service-filter-node-meta2', 'service-filter-service-meta'],
  ]);
  await replay.check('catalog/register-check-missing-service-500');
  await replay.check('catalog/register-skipnode-unknown-node-500');
  await all(replay, 'catalog', ['node-ext2', 'nodes-meta', 'services-node-meta']);
  await replay.check('health/node-ext2');
  await all(replay, 'catalog', ['register-id-conflict-alive-500', 'register-rename-ok-200']);
});

test('T0-22: catalog and health list the instances of a service in the same order', async () => {
  const { replay, ask, server } = start();
  for (let i = 12; i >= 1; i--) {
    const Service = { ID: `many${i}`, Service: 'many', Tags: [`t${i % 2}`], Port: 9000 + i };
    const Node = `m${String(i).padStart(2, '0')}`;
    await register(ask, server, 239 + i, { Node, Address: `127.0.1.${i}`, Service });
  }
  await all(replay, 'catalog', ['service-order']);
  await all(replay, 'health', ['service-order']);
});

test('T0-33: the pages get nodes and services with null where nothing is', async () => {
  const { replay, ask, server } = start();
  await registerDump(ask, server);
  await all(replay, 'internal', ['ui-nodes', 'ui-node', 'ui-services', 'ui-node-missing-404']);
});

test('T0-9: a value that is no text comes back as its bytes, in base64 and raw', async () => {
  const { replay, ask } = start();
  await ask('PUT /v1/kv/bin', Buffer.from('00ff0ac8', 'hex'));
  await all(replay, 'kv', ['get-binary', 'get-binary-raw']);
});

/** The state of the agent that was asked, up to the entry 131 of its log. */
async function registerAgent(ask: AskHttp, server: LoneServer): Promise<void> {
  await registerDev1(ask, server);
  await register(ask, server, 125, { ...dev1, Service: { Service: 'native' } });
  server.consensus.index = 125;
  await ask('PUT /v1/catalog/deregister', '{"Node":"dev1","ServiceID":"native"}');
  await register(ask, server, 130, { ...dev1, Service: web, Check: webCheck });
  await register(ask, server, 131, { ...dev1, Service: { Service: 'redis' } });
}

async function registerDev1(ask: AskHttp, server: LoneServer): Promise<void> {
  const { NodeMeta: _, TaggedAddresses: __, ...early } = dev1;
  await register(ask, server, 11, { ...early, Service: consul, Check: serfHealth });
  await register(ask, server, 12, dev1);
}

/** What the capture of all nodes shows, written in the order of its indexes. */
async function registerDump(ask: AskHttp, server: LoneServer): Promise<void> {
  const nodes = JSON.parse(readHttp('http/internal/ui-nodes').answer.body) as DumpedNode[];
  const entries = nodes.flatMap(({ Services, Checks, Meta, ...rest }) => {
    const node = { ...rest, NodeMeta: Meta, SkipNodeUpdate: rest.Address === '' };
    const services = Services.map((Service) => ({ index: Service.ModifyIndex, body: { ...node, Service } }));
    const checks = Checks.map((Check) => ({ index: Check.ModifyIndex, body: { ...node, Check } }));
    return [{ index: 0, body: node }, ...services, ...checks];
  });
  for (const { index, body } of entries.toSorted((a, b) => a.index - b.index)) {
    await register(ask, server, Math.max(index, 1), body);
  }
}

interface DumpedNode {
  readonly Address: string;
  readonly Meta: object | null;
  readonly Services: readonly { readonly ModifyIndex: number }[];
  readonly Checks: readonly { readonly ModifyIndex: number }[];
}

/** Writes a registration as the entry `index`. */
async function register(ask: AskHttp, server: LoneServer, index: number, body: object): Promise<void> {
  server.consensus.index = index - 1;
  assert.equal((await ask('PUT /v1/catalog/register', JSON.stringify(body))).text, 'true\n');
}

function memIs(status: string) {
  return { CheckID: 'mem', Name: 'mem', Status: status, Notes: 'node check', Type: 'ttl' };
}

const local = '127.0.0.1';

const dev1 = {
  ID: 'd0000000-0000-4000-8000-000000000001',
  Node: 'dev1',
  Address: local,
  TaggedAddresses: { lan: local, lan_ipv4: local, wan: local, wan_ipv4: local },
  NodeMeta: { 'consul-network-segment': '' },
};

const serfHealth = {
  CheckID: 'serfHealth',
  Name: 'Serf Health Status',
  Status: 'passing',
  Output: 'Agent alive and reachable',
};

const consul = {
  Service: 'consul',
  Port: 8300,
  Meta: {
    non_voter: 'false',
    raft_version: '3',
    serf_protocol_current: '2',
    serf_protocol_max: '5',
    serf_protocol_min: '1',
    version: '1.8.7',
  },
};

const web = {
  ID: 'web1',
  Service: 'web',
  Tags: ['primary', 'v1'],
  Address: '127.0.0.50',
  TaggedAddresses: {
    lan_ipv4: { Address: '127.0.0.50', Port: 8080 },
    wan_ipv4: { Address: '127.0.0.50', Port: 8080 },
  },
  Meta: { version: '1.2' },
  Port: 8080,
  Weights: { Passing: 10, Warning: 1 },
};

const webCheck = {
  CheckID: 'service:web1',
  Name: 'web alive',
  Status: 'passing',
  Notes: 'n',
  ServiceID: 'web1',
  Type: 'ttl',
};

const ext2 = { ID: '40e4a748-2192-161a-0510-9bf59fe950b6', Node: 'ext2', Address: '127.0.0.78' };
const mysql = { ID: 'mysql1', Service: 'mysql', Tags: ['master'] };
const mysqlCheck = {
  CheckID: 'service:mysql1',
  Name: 'mysql check',
  Status: 'passing',
  ServiceID: 'mysql1',
};

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
