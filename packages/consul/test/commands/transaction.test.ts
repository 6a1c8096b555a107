// T2-3: transactions: every verb, what it answers, and that all of it happens or nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTransaction } from '../../dist/core/commands/transaction.js';
import type { TransactionResponse, TransactionStep } from '../../dist/core/records/index.js';
import { check, keyValue, node, StateRig, service, uuid } from '../kit/state-rig.js';

const key = (verb: string, name: string, parts: Parameters<typeof keyValue>[1] = {}) => ({
  keyValue: { verb, entry: keyValue(name, parts) },
});

function run(rig: StateRig, ...steps: readonly Partial<TransactionStep>[]): TransactionResponse {
  return rig.transaction(...steps) as TransactionResponse;
}

function whats({ errors }: TransactionResponse): readonly string[] {
  return errors?.map(({ what }) => what) ?? [];
}

function withKey(): StateRig {
  const rig = new StateRig();
  rig.register({});
  rig.session('create', { id: uuid(1), lockDelayNs: 15e9 });
  rig.key('set', 't/a', { text: 'one' });
  return rig;
}

test('T2-3: steps see what those before them wrote, and results of writes have no value', () => {
  const rig = withKey();
  const value = Buffer.from('two');
  const { results, errors } = run(
    rig,
    key('set', 't/b', { value }),
    key('get', 't/b'),
    key('get-tree', 't/'),
  );
  assert.equal(errors, null);
  const read = results?.map(({ keyValue }) => [keyValue?.key, keyValue?.value.length, keyValue?.modifyIndex]);
  assert.deepEqual(read, [
    ['t/b', 0, 4],
    ['t/b', 3, 4],
    ['t/a', 3, 3],
    ['t/b', 3, 4],
  ]);
});

test('T2-3: deletions and absent keys have no result, checks that hold have one', () => {
  const rig = withKey();
  const { results } = run(
    rig,
    key('check-not-exists', 't/none'),
    key('check-index', 't/a', { modifyIndex: 3 }),
    key('check-session', 't/a'),
    key('delete-cas', 't/a', { modifyIndex: 3 }),
    key('delete', 't/none'),
    key('delete-tree', 't/'),
  );
  assert.deepEqual(
    results?.map(({ keyValue }) => keyValue?.key),
    ['t/a', 't/a'],
  );
  assert.equal(rig.tables.keyValues.size, 0);
});

test('T2-3: cas, lock and unlock do it or say why not', () => {
  const rig = withKey();
  const session = uuid(1);
  assert.equal(run(rig, key('cas', 't/a', { modifyIndex: 3 }), key('lock', 't/a', { session })).errors, null);
  assert.equal(run(rig, key('unlock', 't/a', { session })).errors, null);
  assert.deepEqual(whats(run(rig, key('cas', 't/a', { modifyIndex: 1 }))), [
    'failed to set key "t/a", index is stale',
  ]);
});

test('T2-3: every step that fails is named, in words that clients know', () => {
  const rig = withKey();
  rig.session('create', { id: uuid(2) });
  rig.key('lock', 't/held', { session: uuid(2) });
  const session = uuid(1);
  const response = run(
    rig,
    key('get', 't/none'),
    key('delete-cas', 't/a', { modifyIndex: 1 }),
    key('lock', 't/held', { session }),
    key('unlock', 't/held', { session }),
    key('check-session', 't/a', { session: 'abc' }),
    key('check-session', 't/none'),
    key('check-index', 't/a', { modifyIndex: 1 }),
    key('check-index', 't/none'),
    key('check-not-exists', 't/a'),
    key('frob', 'x\x01"é'),
    key('lock', 't/a', { session: uuid(9) }),
    { node: { verb: 'get', node: node('zz') } },
    { node: { verb: 'delete-cas', node: node('zz') } },
    { node: { verb: 'frob', node: node('zz') } },
    { service: { verb: 'get', node: 'n1', service: service('zz') } },
    { service: { verb: 'cas', node: 'n1', service: service('zz', { modifyIndex: 1 }) } },
    { service: { verb: 'delete-cas', node: 'n1', service: service('zz') } },
    { service: { verb: 'frob', node: 'n1', service: service('zz') } },
    { check: { verb: 'get', check: check({ checkId: 'zz' }) } },
    { check: { verb: 'cas', check: check({ checkId: 'zz', modifyIndex: 1 }) } },
    { check: { verb: 'delete-cas', check: check({ checkId: 'zz' }) } },
    { check: { verb: 'frob', check: check({}) } },
    {},
  );
  assert.equal(response.results, null);
  assert.deepEqual(whats(response), [
    'key "t/none" doesn\'t exist',
    'failed to delete key "t/a", index is stale',
    'failed to lock key "t/held", lock is already held',
    'failed to unlock key "t/held", lock isn\'t held, or is held by another session',
    'failed session check for key "t/a", current session "" != "abc"',
    'failed to check session, key "t/none" doesn\'t exist',
    'failed index check for key "t/a", current modify index 3 != 1',
    'failed to check index, key "t/none" doesn\'t exist',
    'key "t/a" exists',
    'unknown KV verb "frob"',
    `invalid session "${uuid(9)}"`,
    'node "zz" doesn\'t exist',
    'failed to delete node "zz", index is stale',
    'unknown Node verb "frob"',
    'service "zz" on node "n1" doesn\'t exist',
    'failed to set service "zz" on node "n1", index is stale',
    'failed to delete service "zz" on node "n1", index is stale',
    'unknown Service verb "frob"',
    'check "zz" on node "n1" doesn\'t exist',
    'failed to set check "zz" on node "n1", index is stale',
    'failed to delete check "zz" on node "n1", index is stale',
    'unknown Check verb "frob"',
    'no operation specified',
  ]);
  assert.deepEqual(
    response.errors?.map(({ step }) => step),
    [...whats(response).keys()],
  );
});

test('T2-3: cas of a check or node that is refused for another reason is lost, and fails nothing', () => {
  const rig = withKey();
  const { results, errors } = run(
    rig,
    { check: { verb: 'cas', check: check({ node: 'nope', checkId: 'c' }) } },
    { check: { verb: 'cas', check: check({ checkId: 'c', serviceId: 'nope' }) } },
    { check: { verb: 'cas', check: check({ checkId: '' }) } },
    { check: { verb: 'set', check: check({ status: 'warning' }) } },
    { check: { verb: 'cas', check: check({ modifyIndex: 4, serviceId: 'nope' }) } },
    { node: { verb: 'set', node: node('held', { id: uuid(4) }) } },
    { check: { verb: 'set', check: check({ node: 'held' }) } },
    { node: { verb: 'set', node: node('other', { id: uuid(5) }) } },
    { node: { verb: 'cas', node: node('held', { id: uuid(5), modifyIndex: 4 }) } },
    { node: { verb: 'cas', node: node('held', { id: uuid(6), modifyIndex: 4 }) } },
    key('set', 't/b'),
  );
  assert.equal(errors, null);
  assert.deepEqual(
    results?.map((each) => each.node?.name ?? each.check?.status ?? each.keyValue?.key),
    ['warning', 'warning', 'held', 'passing', 'other', 'other', 't/b'],
  );
});

test('a service without a name, and a check without an id, have no place in the catalog', () => {
  const rig = withKey();
  assert.deepEqual(
    whats(
      run(
        rig,
        { service: { verb: 'set', node: 'n1', service: service('') } },
        { check: { verb: 'set', check: check({ checkId: '' }) } },
      ),
    ),
    [
      'failed inserting service: object missing primary index',
      'failed inserting check: object missing primary index',
    ],
  );
});

test('T2-3: one failure undoes everything, and wakes nobody', () => {
  const rig = withKey();
  rig.key('lock', 'held', { session: uuid(1) });
  const before = rig.store.snapshot();
  const asked = rig.ask((_tables, watch) => {
    watch.add('nodes');
    watch.add('key-values');
    return { index: 0 };
  });
  const response = run(
    rig,
    key('set', 't/new'),
    key('set', 't/a', { value: Buffer.from('first') }),
    key('set', 't/a', { value: Buffer.from('second') }),
    key('delete', 't/a'),
    { node: { verb: 'delete', node: node('n1') } },
    { node: { verb: 'set', node: node('n2', { id: uuid(4) }) } },
    { service: { verb: 'set', node: 'n2', service: service('web') } },
    key('get', 't/none'),
  );
  assert.deepEqual(response.errors?.length, 1);
  for (const name of ['nodes', 'services', 'keyValues', 'sessions', 'tombstones', 'indexes'] as const) {
    assert.deepEqual([...rig.tables[name].values()], [...before[name].values()], name);
  }
  assert.equal(rig.tables.keyValues.matching('session', uuid(1).replaceAll('-', '')).length, 1);
  assert.equal(asked.woken, false);
  assert.deepEqual([rig.tombstones, rig.store.lockDelays.remainingMs('held')], [[], 0]);
});

test('T2-3: nodes, services and checks are set, read and removed', () => {
  const rig = new StateRig();
  const { results } = run(
    rig,
    { node: { verb: 'set', node: node('n2', { id: uuid(4) }) } },
    { node: { verb: 'get', node: node('', { id: uuid(4) }) } },
    { node: { verb: 'cas', node: node('n3') } },
    { service: { verb: 'set', node: 'n2', service: service('web') } },
    { service: { verb: 'cas', node: 'n2', service: service('web', { port: 80, modifyIndex: 1 }) } },
    { service: { verb: 'get', node: 'n2', service: service('web') } },
    { check: { verb: 'set', check: check({ node: 'n2', serviceId: 'web' }) } },
    {
      check: {
        verb: 'cas',
        check: check({ node: 'n2', serviceId: 'web', modifyIndex: 1, status: 'warning' }),
      },
    },
    { check: { verb: 'get', check: check({ node: 'n2' }) } },
  );
  assert.deepEqual(
    results?.map((each) => each.node?.name ?? each.service?.port ?? each.check?.status),
    ['n2', 'n2', 'n3', 0, 80, 80, 'passing', 'warning', 'warning'],
  );
  const gone = run(
    rig,
    { check: { verb: 'delete-cas', check: check({ node: 'n2', modifyIndex: 1 }) } },
    { check: { verb: 'delete', check: check({ node: 'n2' }) } },
    { service: { verb: 'delete-cas', node: 'n2', service: service('web', { modifyIndex: 1 }) } },
    { service: { verb: 'delete', node: 'n2', service: service('web') } },
    { node: { verb: 'delete-cas', node: node('n2', { modifyIndex: 1 }) } },
    { node: { verb: 'delete', node: node('n3') } },
  );
  assert.deepEqual(gone, { results: [], errors: null });
  assert.equal(rig.tables.nodes.size, 0);
});

test('T2-3: steps that only read need no entry in the log', () => {
  const rig = withKey();
  const step = { intention: null, node: null, service: null, check: null, session: null };
  const { results } = readTransaction(rig.tables, [{ ...step, ...key('get', 't/a') }]);
  assert.equal(results?.[0]?.keyValue?.modifyIndex, 3);
  readTransaction(rig.tables, [{ ...step, ...key('set', 't/a') }]);
  assert.equal(rig.tables.keyValues.get('t/a')?.modifyIndex, 3);
});
