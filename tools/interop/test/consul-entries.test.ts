// What a real leader may write in a cluster with ours: prepared queries, ACLs, the mesh, values in parts.
// Ours applies it and goes on; its snapshots are those of the real one, and go both ways.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { concatBytes } from '@reeve/bytes';
import { readArchive, writeArchive } from '@reeve/consul';
import { StateReader, writeState } from '@reeve/consul/core';
import { ConsulAgent, consul187, consulMissing, eventually, reeveConsul } from '@reeve/interop';

const skip = consulMissing();
const withAcls = ['-hcl=acl { enabled = true }', '-hcl=connect { enabled = true }'];

describe('T2-8: entries of a real leader', { skip }, () => {
  test('T2-4: what a real leader writes is in our snapshots, and they go both ways', async (t) => {
    const real = await ConsulAgent.serverOf(consul187, t, '-bootstrap', '-node=real', ...withAcls);
    await eventually('the real one leads', () => real.put('/v1/kv/ready', 'x'), startMs);
    await writeAccess(real);
    const ours = await ConsulAgent.serverOf(
      reeveConsul,
      t,
      '-node=ours',
      '-serf-wan-port=-1',
      `-retry-join=${real.address}`,
      '-retry-interval=1s',
    );
    await eventually(
      'ours has what was written before it came',
      () => ours.get('/v1/kv/ready?stale'),
      startMs,
    );
    await writeQueries(real);
    await writeMesh(real);
    const large = Buffer.alloc(524_288, 'large');
    await real.put('/v1/kv/large', large);
    await eventually('ours has a value that came in parts', async () =>
      assert.ok(large.equals(await ours.get('/v1/kv/large?stale&raw'))),
    );
    await real.put('/v1/kv/last', 'x');
    await eventually('ours goes on', () => ours.get('/v1/kv/last?stale'));

    await eventually('both have the same state', async () => {
      const [theirs, our] = await Promise.all([stateOf(real), stateOf(ours)]);
      for (const table of Object.keys(theirs)) assert.deepEqual(our[table], theirs[table], table);
    });
    const saved = await ours.get('/v1/snapshot?stale');
    await restoredByTheRealOne(t, saved, real);
    await restoredByOurs(t, await real.get('/v1/snapshot'));
  });

  test('our snapshot is installed on a real server, and a value in parts comes behind it', async (t) => {
    const compacting = 'raft_snapshot_threshold = 30 raft_snapshot_interval = "1s" raft_trailing_logs = 5';
    const ours = await ConsulAgent.serverOf(
      reeveConsul,
      t,
      '-bootstrap',
      '-node=ours',
      '-serf-wan-port=-1',
      `-hcl=${compacting.replaceAll(' raft', '\nraft')}`,
    );
    await eventually('ours leads', () => ours.put('/v1/kv/first', 'x'), startMs);
    for (let at = 0; at < 60; at++) await ours.put(`/v1/kv/many/${at}`, 'x');
    await eventually('ours has forgotten its first entries', () =>
      assert.match(ours.child.stdout, /compacting logs: from=1 /),
    );
    const real = await ConsulAgent.serverOf(
      consul187,
      t,
      '-node=real',
      `-retry-join=${ours.address}`,
      '-retry-interval=1s',
    );
    await eventually('the real one has the first key', () => real.get('/v1/kv/first?stale'), startMs);
    assert.match(real.child.stdout, /raft: Installed remote snapshot/);
    const large = Buffer.alloc(524_288, 'large');
    await ours.put('/v1/kv/large', large);
    await eventually('the real one has a value that we wrote in parts', async () =>
      assert.ok(large.equals(await real.get('/v1/kv/large?stale&raw'))),
    );
  });
});

test('T2-4: parts of a command in a snapshot of ours are in the next one of the real server', {
  skip,
}, async (t) => {
  const real = await ConsulAgent.start(t, '-node=parts');
  const { metadata, tables } = await read(await real.get('/v1/snapshot'));
  const set = { operation: 2n ** 63n + 5n, term: 3, chunks: [Uint8Array.of(1, 2), null] };
  tables.chunks.put(set);
  const state = concatBytes([...writeState(tables)]);
  const pieces: Uint8Array[] = [];
  for await (const piece of writeArchive({ ...metadata, stateBytes: state.length }, [state]))
    pieces.push(piece);
  await real.put('/v1/snapshot', concatBytes(pieces));
  const again = await read(await real.get('/v1/snapshot'));
  assert.deepEqual([...again.tables.chunks.values()], [set]);
});

/** ACLs of all kinds. From then on the agent is asked with the first token. */
async function writeAccess(agent: ConsulAgent): Promise<void> {
  agent.token = (await json(agent, 'PUT', '/v1/acl/bootstrap')).SecretID ?? '';
  const policy = await json(agent, 'PUT', '/v1/acl/policy', {
    Name: 'p',
    Rules: 'key "" { policy = "read" }',
  });
  const role = await json(agent, 'PUT', '/v1/acl/role', { Name: 'r', Policies: [{ ID: policy.ID }] });
  await json(agent, 'PUT', '/v1/acl/token', {
    Description: 'kept',
    Roles: [{ ID: role.ID }],
    ExpirationTTL: '2h',
  });
  const gone = await json(agent, 'PUT', '/v1/acl/token', {
    Description: 'gone',
    Policies: [{ ID: policy.ID }],
  });
  await json(agent, 'DELETE', `/v1/acl/token/${gone.AccessorID}`);
  await json(agent, 'PUT', '/v1/acl/create', { Name: 'of before 1.4', Type: 'client' });
}

async function writeQueries(agent: ConsulAgent): Promise<void> {
  await json(agent, 'POST', '/v1/query', {
    Name: 'q',
    Service: { Service: 'db', Tags: ['a'] },
    DNS: { TTL: '9s' },
  });
  const braces = (inside: string) => `\${${inside}}`;
  await json(agent, 'POST', '/v1/query', {
    Name: 'geo-',
    Template: { Type: 'name_prefix_match', Regexp: '^geo-(.*)$' },
    Service: { Service: braces('match(1)') },
  });
  const { ID } = await json(agent, 'PUT', '/v1/session/create', { Name: 's' });
  await json(agent, 'POST', '/v1/query', { Name: 'bound', Session: ID, Service: { Service: 'db' } });
  await json(agent, 'PUT', `/v1/session/destroy/${ID}`);
}

async function writeMesh(agent: ConsulAgent): Promise<void> {
  const intention = { SourceName: 'a', DestinationName: 'b', Action: 'allow' };
  await json(agent, 'POST', '/v1/connect/intentions', intention);
  await json(agent, 'PUT', '/v1/config', {
    Kind: 'proxy-defaults',
    Name: 'global',
    Config: { protocol: 'http', f: 1 },
  });
  await json(agent, 'PUT', '/v1/config', { Kind: 'service-defaults', Name: 'web', Protocol: 'http' });
  const Config = { LeafCertTTL: '24h', PrivateKeyType: 'ec', PrivateKeyBits: 384 };
  await json(agent, 'PUT', '/v1/connect/ca/configuration', { Provider: 'consul', Config });
}

async function json(agent: ConsulAgent, method: string, path: string, body?: unknown) {
  const answer = await agent.request(method, path, body === undefined ? undefined : JSON.stringify(body));
  const text = Buffer.from(answer.body).toString();
  assert.equal(answer.status, 200, `${method} ${path}: ${text}`);
  return (text.startsWith('{') ? JSON.parse(text) : {}) as {
    ID?: string;
    SecretID?: string;
    AccessorID?: string;
  };
}

/** All tables but where nodes are, which changes by itself; maps that are kept unread are in one order. */
async function stateOf(agent: ConsulAgent): Promise<Record<string, unknown>> {
  const { coordinates: _, indexes, ...tables } = (await read(await agent.get('/v1/snapshot?stale'))).tables;
  const state: Record<string, unknown> = {};
  for (const [name, table] of Object.entries(tables)) state[name] = [...table.values()].map(comparable);
  const others = [...indexes.values()].filter(({ name }) => name !== 'coordinates');
  return { ...state, indexes: others };
}

function comparable(row: object): unknown {
  return Object.entries(row).map(([name, value]) => {
    if (value instanceof Map)
      return [
        name,
        [...value].map(([key, each]) => [key, each instanceof Uint8Array ? sorted(each) : each]).sort(),
      ];
    return [name, value instanceof Uint8Array ? sorted(value) : value];
  });
}

/** Go writes the same map in another order each time. */
function sorted(bytes: Uint8Array): string {
  return (Buffer.from(bytes).toString('hex').match(/../g) ?? []).sort().join('');
}

const questions = [
  '/v1/acl/tokens',
  '/v1/acl/policies',
  '/v1/acl/roles',
  '/v1/query',
  '/v1/connect/intentions',
  '/v1/config/service-defaults/web',
  '/v1/config/proxy-defaults/global',
  '/v1/connect/ca/roots',
];

async function restoredByTheRealOne(t: TestContext, saved: Uint8Array, real: ConsulAgent): Promise<void> {
  const other = await ConsulAgent.start(t, '-node=other', ...withAcls);
  other.token = (await json(other, 'PUT', '/v1/acl/bootstrap')).SecretID ?? '';
  await other.put('/v1/snapshot', saved);
  other.token = real.token;
  for (const path of questions) {
    const expected = await real.getJson(path);
    await eventually(path, async () => assert.deepEqual(await other.getJson(path), expected), startMs);
  }
}

async function restoredByOurs(t: TestContext, saved: Uint8Array): Promise<void> {
  const ours = await ConsulAgent.startOf(reeveConsul, t, '-node=third', '-serf-wan-port=-1');
  await ours.put('/v1/snapshot', saved);
  const kept = async (archive: Uint8Array) => {
    const { queries, aclTokens, aclPolicies, aclRoles, mesh } = (await read(archive)).tables;
    return [queries, aclTokens, aclPolicies, aclRoles, mesh].map((table) => [...table.values()]);
  };
  assert.deepEqual(await kept(await ours.get('/v1/snapshot')), await kept(saved));
}

async function read(archive: Uint8Array) {
  const reader = new StateReader();
  const onState = (piece: Uint8Array) => reader.push(piece);
  const metadata = await readArchive(one(archive), { onState, stateBytesMax: 1e8 });
  return { metadata, tables: reader.finish() };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A server that joins votes after ten seconds; on a busy machine everything takes longer. */
const startMs = 90_000;
