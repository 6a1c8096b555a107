// T0-13: which change wakes which waiting query, as the real program was seen to do
// (testdata/golden/consul/http/blocking-wakeups.txt), each named by the line it was seen in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listChecksIn, listChecksOf, listChecksOn } from '../../dist/core/state/queries/checks.js';
import { listKeys, readKey } from '../../dist/core/state/queries/key-values.js';
import { listNodes, readNodeServices } from '../../dist/core/state/queries/nodes.js';
import { listCheckedInstances, listInstances, listServices } from '../../dist/core/state/queries/services.js';
import { listSessions } from '../../dist/core/state/queries/sessions.js';
import type { Tables } from '../../dist/core/state/tables.js';
import { Watch } from '../../dist/core/state/watch.js';
import { check, StateRig, service, uuid } from '../kit/state-rig.js';

type Query = (tables: Tables, watch: Watch) => { readonly index: number };

const queries: Readonly<Record<string, Query>> = {
  '/v1/health/service/w1': (tables, watch) => listCheckedInstances(tables, watch, 'w1'),
  '/v1/health/service/w1?tag=v1': (tables, watch) => listCheckedInstances(tables, watch, 'w1', ['v1']),
  '/v1/health/service/doesnotexist': (tables, watch) => listCheckedInstances(tables, watch, 'doesnotexist'),
  '/v1/catalog/service/w1': (tables, watch) => listInstances(tables, watch, 'w1'),
  '/v1/catalog/services': listServices,
  '/v1/catalog/nodes': listNodes,
  '/v1/catalog/node/per1': (tables, watch) => readNodeServices(tables, watch, 'per1'),
  '/v1/health/state/any': (tables, watch) => listChecksIn(tables, watch, 'any'),
  '/v1/health/state/warning': (tables, watch) => listChecksIn(tables, watch, 'warning'),
  '/v1/health/node/per1': (tables, watch) => listChecksOn(tables, watch, 'per1'),
  '/v1/health/checks/w1': (tables, watch) => listChecksOf(tables, watch, 'w1'),
  '/v1/kv/k/a': (tables, watch) => readKey(tables, watch, 'k/a'),
  '/v1/kv/k/b': (tables, watch) => readKey(tables, watch, 'k/b'),
  '/v1/kv/k/missing': (tables, watch) => readKey(tables, watch, 'k/missing'),
  '/v1/kv/k/?recurse': (tables, watch) => listKeys(tables, watch, 'k/'),
  '/v1/kv/?recurse': (tables, watch) => listKeys(tables, watch, ''),
  '/v1/kv/nothing/?recurse': (tables, watch) => listKeys(tables, watch, 'nothing/'),
  '/v1/session/list': listSessions,
};

function populated(): StateRig {
  const rig = new StateRig();
  rig.register({ node: 'per1', check: check({ node: 'per1' }) });
  rig.register({
    node: 'per1',
    service: service('w1', { tags: ['v1'] }),
    check: check({ node: 'per1', checkId: 'c1', serviceId: 'w1' }),
  });
  rig.key('set', 'k/a', { text: 'one' });
  rig.key('set', 'k/b', { text: 'two' });
  rig.key('set', 'other', { text: 'three' });
  return rig;
}

const ownCheck =
  (status: string, output = '') =>
  (rig: StateRig) =>
    rig.register({
      node: 'per1',
      check: check({ node: 'per1', checkId: 'c1', serviceId: 'w1', status, output }),
    });
const nodeCheck = (rig: StateRig) =>
  rig.register({ node: 'per1', check: check({ node: 'per1', status: 'warning' }) });
const unrelated = (rig: StateRig) => rig.register({ node: 'per1', service: service('unrelated') });
const write =
  (key: string, text = 'new') =>
  (rig: StateRig) =>
    rig.key('set', key, { text });
const remove = (key: string) => (rig: StateRig) => rig.key('delete', key);
const session = (rig: StateRig) => rig.session('create', { id: uuid(1), node: 'per1' });

const cases: readonly [string, (rig: StateRig) => unknown, string, 'woke' | 'timeout'][] = [
  ['unrelated service registered', unrelated, '/v1/health/service/w1', 'timeout'],
  ['unrelated service registered', unrelated, '/v1/catalog/service/w1', 'timeout'],
  ['unrelated service registered', unrelated, '/v1/catalog/services', 'woke'],
  ['unrelated service registered', unrelated, '/v1/catalog/nodes', 'timeout'],
  ['unrelated service registered', unrelated, '/v1/health/service/doesnotexist', 'timeout'],
  ['unrelated service registered', unrelated, '/v1/health/state/any', 'timeout'],
  ['unrelated service registered', unrelated, '/v1/health/node/per1', 'timeout'],
  ['unrelated service registered', unrelated, '/v1/catalog/node/per1', 'woke'],
  ['own check changes to warning', ownCheck('warning'), '/v1/health/service/w1', 'woke'],
  ['own check changes to warning', ownCheck('warning'), '/v1/health/service/w1?tag=v1', 'woke'],
  ['own check changes to warning', ownCheck('warning'), '/v1/health/state/warning', 'woke'],
  ['own check changes to critical', ownCheck('critical'), '/v1/health/state/warning', 'timeout'],
  ['own check changes to passing', ownCheck('warning'), '/v1/catalog/service/w1', 'timeout'],
  ['check changes', ownCheck('critical'), '/v1/health/checks/w1', 'woke'],
  ['check changes', ownCheck('critical'), '/v1/catalog/services', 'timeout'],
  ['node check changes', nodeCheck, '/v1/health/service/w1', 'woke'],
  ['other key written', write('k/b'), '/v1/kv/k/a', 'timeout'],
  ['other key written (missing key watched)', write('k/b'), '/v1/kv/k/missing', 'timeout'],
  ['missing key written', write('k/missing'), '/v1/kv/k/missing', 'woke'],
  ['key outside prefix written', write('other'), '/v1/kv/k/?recurse', 'timeout'],
  ['key in prefix written', write('k/c/d'), '/v1/kv/k/?recurse', 'woke'],
  ['any key written', write('other'), '/v1/kv/?recurse', 'woke'],
  ['key outside an empty prefix written', write('other'), '/v1/kv/nothing/?recurse', 'woke'],
  ['same value written', write('k/a', 'one'), '/v1/kv/k/a', 'timeout'],
  ['key deleted', remove('k/b'), '/v1/kv/k/b', 'woke'],
  ['key in prefix deleted', remove('k/b'), '/v1/kv/k/?recurse', 'woke'],
  ['tree deleted', (rig) => rig.key('delete-tree', 'k'), '/v1/kv/k/?recurse', 'woke'],
  ['session created', session, '/v1/session/list', 'woke'],
  ['session created', session, '/v1/kv/k/missing', 'timeout'],
  [
    'service deregistered (last instance)',
    (rig) => rig.deregister('per1', { serviceId: 'w1' }),
    '/v1/health/service/w1',
    'woke',
  ],
  ['node deregistered', (rig) => rig.deregister('per1'), '/v1/health/node/per1', 'woke'],
];

for (const [what, change, path, outcome] of cases) {
  test(`T0-13: ${path} ${outcome === 'woke' ? 'is woken' : 'sleeps on'}: ${what}`, () => {
    const rig = populated();
    const query = queries[path] as Query;
    const asked = rig.ask(query);
    change(rig);
    assert.equal(asked.woken, outcome === 'woke');
    const { index } = query(rig.tables, new Watch());
    if (outcome === 'woke') assert.ok(index > asked.answer.index, 'the index moved');
  });
}

test('T0-13: the first instance of a service wakes who waited for its name', () => {
  const rig = populated();
  const asked = rig.ask((tables, watch) => listCheckedInstances(tables, watch, 'doesnotexist'));
  rig.register({ node: 'per1', service: service('DoesNotExist') });
  assert.equal(asked.woken, true);
});

test('T0-13: a check moves the index of the catalog without waking who waits for it', () => {
  const rig = populated();
  const before = listInstances(rig.tables, null, 'w1').index;
  ownCheck('warning')(rig);
  assert.ok(listInstances(rig.tables, null, 'w1').index > before);
});

test('a query is woken once, after everything of the entry has happened', () => {
  const rig = populated();
  const seen: number[] = [];
  const watch = new Watch();
  readKey(rig.tables, watch, 'k/a');
  listKeys(rig.tables, watch, 'k/');
  rig.store.watchers.wait(watch, () => seen.push(rig.tables.keyValues.startingWith('k/').length));
  rig.key('delete-tree', 'k/');
  rig.key('set', 'k/a');
  assert.deepEqual(seen, [0]);
  assert.equal(rig.store.watchers.partsWaitedFor, 0);
});

test('who stops waiting is not woken, and leaves nothing behind', () => {
  const rig = populated();
  let woken = 0;
  const ends = Object.values(queries).map((query) => {
    const watch = new Watch();
    query(rig.tables, watch);
    return rig.store.watchers.wait(watch, () => woken++);
  });
  for (const end of ends) end();
  assert.equal(rig.store.watchers.partsWaitedFor, 0);
  rig.key('delete-tree', '');
  assert.equal(woken, 0);
});

test('who still waits for a prefix is woken although another one has stopped', () => {
  const rig = populated();
  const first = new Watch();
  listKeys(rig.tables, first, 'k/');
  const end = rig.store.watchers.wait(first, () => assert.fail('it does not wait any more'));
  const second = rig.ask((tables, watch) => listKeys(tables, watch, 'k/'));
  end();
  rig.key('set', 'k/c');
  assert.equal(second.woken, true);
});

test('T0-13: who waits for what is no longer there is told that it went', () => {
  const rig = populated();
  ownCheck('warning')(rig);
  const state = rig.ask((tables, watch) => listChecksIn(tables, watch, 'warning'));
  ownCheck('passing')(rig);
  assert.equal(state.woken, true);
  const name = rig.ask((tables, watch) => listInstances(tables, watch, 'w1'));
  rig.register({ node: 'per1', service: service('renamed', { id: 'w1' }) });
  assert.equal(name.woken, true);
});

test('another state wakes everybody', () => {
  const rig = populated();
  const asked = Object.values(queries).map((query) => rig.ask(query));
  rig.store.replace(rig.store.snapshot());
  assert.deepEqual([...new Set(asked.map(({ woken }) => woken))], [true]);
  assert.equal(rig.store.watchers.partsWaitedFor, 0);
});

test('five thousand waiting queries cost a write nothing that does not concern them', () => {
  const rig = populated();
  for (let at = 0; at < 2500; at++) rig.key('set', `below/${at}/x`);
  const asked = Array.from({ length: 2500 }, (_, at) => [
    rig.ask((tables, watch) => readKey(tables, watch, `w/${at}`)),
    rig.ask((tables, watch) => listKeys(tables, watch, `below/${at}/`)),
  ]).flat();
  rig.key('set', 'w/0');
  rig.key('set', 'below/1/y');
  assert.deepEqual(
    asked.flatMap(({ woken }, at) => (woken ? [at] : [])),
    [0, 3],
  );
});

test('a query with more parts than are watched one by one waits for the whole table', () => {
  const watch = new Watch();
  for (let at = 0; at < 10_000; at++) watch.add(`node/n${at}`, 'nodes');
  assert.equal(watch.topics.size, 8193);
  assert.ok(watch.topics.has('nodes'));
});

test('a command that fails wakes nobody', () => {
  const rig = populated();
  const asked = rig.ask(listNodes);
  const missing = check({ node: 'n9', checkId: 'c', serviceId: 'missing' });
  assert.throws(() => rig.register({ node: 'n9', check: missing }), /Missing service registration/);
  assert.equal(asked.woken, false);
  assert.equal(rig.tables.nodes.size, 1);
});
