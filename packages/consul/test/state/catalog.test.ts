// T0-22: nodes, services and checks: what is registered, renamed, refused and deregistered, and whose index
// it moves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listChecksIn, listChecksOf, listChecksOn } from '../../dist/core/state/queries/checks.js';
import { listCoordinates, listCoordinatesOf } from '../../dist/core/state/queries/coordinates.js';
import {
  dumpNode,
  dumpNodes,
  listNodes,
  readNode,
  readNodeServices,
} from '../../dist/core/state/queries/nodes.js';
import {
  dumpServices,
  listCheckedInstances,
  listInstances,
  listInstancesAt,
  listMeshInstances,
  listServices,
} from '../../dist/core/state/queries/services.js';
import { maxIndex } from '../../dist/core/state/tables.js';
import { check, StateRig, service, uuid } from '../kit/state-rig.js';

const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);
const ids = (rows: readonly { readonly service: { readonly id: string } }[]) =>
  rows.map((row) => row.service.id);

test('T0-22: nodes are ordered and found by their names in any case, and by ids and their beginnings', () => {
  const rig = new StateRig();
  rig.register({ node: 'Web', id: uuid(1) });
  rig.register({ node: 'db', id: `${uuid(2).slice(0, -1)}3` });
  rig.register({ node: 'app', id: uuid(2) });
  assert.deepEqual(names(listNodes(rig.tables, null).value), ['app', 'db', 'Web']);
  assert.equal(readNode(rig.tables, null, 'WEB').value?.name, 'Web');
  assert.equal(readNode(rig.tables, null, uuid(1)).value, null);
  const byId = (id: string) => readNodeServices(rig.tables, null, id).value?.node.name;
  assert.deepEqual([byId('wEB'), byId(uuid(1)), byId('11'), byId('111')], ['Web', 'Web', 'Web', 'Web']);
  assert.deepEqual(
    [byId('1'), byId('22'), byId('zz'), byId(uuid(2))],
    [undefined, undefined, undefined, 'app'],
  );
});

test('T0-22: an identical registration moves no index, except that of all checks', () => {
  const rig = new StateRig();
  const meta = new Map([['env', 'prod']]);
  const request = {
    id: uuid(1),
    nodeMeta: meta,
    service: service('db', { tags: ['a'], meta, weights: { passing: 1, warning: 1 } }),
    check: check({ checkId: 'db:1', serviceId: 'db' }),
  };
  rig.register(request);
  rig.register(request);
  rig.register({ ...request, service: { ...request.service, weights: null } });
  assert.equal(maxIndex(rig.tables, 'nodes', 'services', 'service.db', 'service_kind.typical'), 1);
  assert.equal(maxIndex(rig.tables, 'checks'), 3);
  assert.equal(listChecksOn(rig.tables, null, 'n1').value[0]?.modifyIndex, 1);
});

test('T0-22: no tags and an empty list of tags are different services', () => {
  const rig = new StateRig();
  rig.register({ service: service('db', { tags: null }) });
  rig.register({ service: service('db', { tags: [] }) });
  assert.equal(maxIndex(rig.tables, 'service.db'), 2);
});

test('T0-22: useless weights become 1 and 1', () => {
  const rig = new StateRig();
  rig.register({ service: service('a', { weights: { passing: 0, warning: 1 } }) });
  rig.register({ service: service('b', { weights: { passing: 10, warning: 0 } }) });
  const weights = readNodeServices(rig.tables, null, 'n1').value?.services.map((each) => each.weights);
  assert.deepEqual(weights, [
    { passing: 1, warning: 1 },
    { passing: 10, warning: 0 },
  ]);
});

test('T0-22: a check shows the name and tags of its service, and without a status is critical', () => {
  const rig = new StateRig();
  rig.register({
    service: service('db', { id: 'db1', tags: ['v1'] }),
    check: check({ checkId: 'c', serviceId: 'db1', status: '' }),
  });
  const [stored] = listChecksOf(rig.tables, null, 'DB').value;
  assert.deepEqual([stored?.serviceName, stored?.serviceTags, stored?.status], ['db', ['v1'], 'critical']);
  rig.register({ check: check({ checkId: 'up', status: 'up' }) });
  assert.deepEqual(names(listChecksIn(rig.tables, null, 'up').value), ['up']);
  assert.deepEqual(names(listChecksIn(rig.tables, null, 'any').value), ['c', 'up']);
});

test('T0-22: the case of a node name makes no other service or check, and is that of the node', () => {
  const rig = new StateRig();
  const both = (node: string) => ({ node, service: service('db'), check: check({ node }) });
  rig.register(both('n1'));
  rig.register({ ...both('N1'), skipNodeUpdate: true });
  assert.equal(maxIndex(rig.tables, 'services', 'service.db'), 1);
  const [stored] = listChecksOn(rig.tables, null, 'N1').value;
  assert.deepEqual([stored?.node, stored?.modifyIndex], ['n1', 1]);
});

test('T0-22: all of a registration is refused, or nothing', () => {
  const rig = new StateRig();
  const missing = check({ node: 'n2', checkId: 'c', serviceId: 'nosuch' });
  assert.throws(() => rig.register({ node: 'n2', service: service('db'), check: missing }), {
    message: 'failed inserting check: Missing service registration on node "n2"',
  });
  assert.throws(() => rig.register({ check: check({ node: 'other' }) }), {
    message: 'check node "other" does not match node "n1"',
  });
  const meta = new Map([['consul-x', '1']]);
  assert.throws(() => rig.register({ service: service('web', { meta }) }), {
    message:
      'failed inserting service: Invalid Service Meta for node n1 and serviceID web: ' +
      "Couldn't load metadata pair ('consul-x', '1'): Key prefix 'consul-' is reserved for internal use",
  });
  assert.throws(() => rig.register({ id: 'abc' }), {
    message:
      'failed inserting node: node lookup failed: ' +
      "node lookup by ID failed, wrong UUID: uuid string is wrong length for 'abc'",
  });
  const hyphenated = 'd7e01e4--2ad9-4a2c-9b7c-fe3a9c7c7e42';
  assert.throws(() => rig.register({ id: hyphenated }), {
    message:
      'failed inserting node: node lookup failed: node lookup by ID failed, ' +
      `wrong UUID: encoding/hex: invalid byte: U+002D '-' for '${hyphenated}'`,
  });
  assert.deepEqual([rig.tables.nodes.size, rig.tables.services.size, rig.tables.indexes.size], [0, 0, 0]);
});

test('T0-22: a node that is known is left alone if asked, one that is not is made', () => {
  const rig = new StateRig();
  rig.register({ address: '10.0.0.1', skipNodeUpdate: true });
  rig.register({ address: '10.0.0.2', skipNodeUpdate: true });
  assert.equal(readNode(rig.tables, null, 'n1').value?.address, '10.0.0.1');
  rig.register({ address: '10.0.0.2' });
  assert.equal(readNode(rig.tables, null, 'n1').value?.address, '10.0.0.2');
});

test('T0-22: another name for an id renames the node, and takes what was on it', () => {
  const rig = new StateRig();
  rig.register({ id: uuid(1), service: service('db'), check: check({}) });
  rig.register({ node: 'n2', id: uuid(1) });
  const { value } = listNodes(rig.tables, null);
  assert.deepEqual([names(value), value[0]?.createIndex, value[0]?.modifyIndex], [['n2'], 1, 2]);
  assert.deepEqual([rig.tables.services.size, rig.tables.checks.size], [0, 0]);
});

test('T0-22: the name of a node that lives is not taken by another id', () => {
  const rig = new StateRig();
  rig.register({ id: uuid(1), check: check({}) });
  const reserved = `Node name N1 is reserved by node ${uuid(1)} with name n1 (10.0.0.1)`;
  assert.throws(() => rig.register({ node: 'N1', id: uuid(2) }), {
    message: `failed inserting node: Error while renaming Node ID: "${uuid(2)}": ${reserved}`,
  });
  rig.register({ node: 'n3', id: uuid(3) });
  assert.throws(() => rig.register({ node: 'N1', id: uuid(3), address: '10.0.0.3' }), {
    message: `failed inserting node: Error while renaming Node ID: "${uuid(3)}" (10.0.0.3): ${reserved}`,
  });
  rig.register({ check: check({ status: 'critical' }), id: uuid(1) });
  rig.register({ node: 'n1', id: uuid(2) });
  assert.equal(readNode(rig.tables, null, 'n1').value?.id, uuid(2));
});

test('T0-22: a node that was registered without an id is adopted by one with an id', () => {
  const rig = new StateRig();
  rig.register({ check: check({}) });
  rig.register({ id: uuid(1) });
  assert.deepEqual(readNode(rig.tables, null, 'n1').value?.id, uuid(1));
  assert.equal(rig.tables.checks.size, 1);
});

test('T0-22: a service that goes takes its checks, a node everything', () => {
  const rig = new StateRig();
  rig.register({ service: service('db'), check: check({ checkId: 'c', serviceId: 'db' }) });
  rig.register({ service: service('web'), check: check({}) });
  rig.apply({
    type: 'coordinates',
    request: [{ node: 'N1', segment: '', coordinate: { vec: [0], error: 1, adjustment: 0, height: 0 } }],
  });
  rig.deregister('n1', { serviceId: 'db' });
  assert.deepEqual([rig.tables.services.size, rig.tables.checks.size], [1, 1]);
  assert.deepEqual([rig.deregister('n1', { checkId: 'nosuch' }), rig.deregister('nobody')], [null, null]);
  rig.deregister('N1');
  const { nodes, services, checks, coordinates } = rig.tables;
  assert.deepEqual(
    [nodes, services, checks, coordinates].map(({ size }) => size),
    [0, 0, 0, 0],
  );
  assert.equal(maxIndex(rig.tables, 'coordinates'), 7);
});

test('T0-13: a service has its own index; one that vanished that of the last that did', () => {
  const rig = new StateRig();
  rig.register({ service: service('a') });
  rig.register({ service: service('b') });
  assert.deepEqual(listInstances(rig.tables, null, 'A').index, 1);
  assert.deepEqual(listInstances(rig.tables, null, 'missing').index, 2);
  rig.deregister('n1', { serviceId: 'a' });
  rig.register({ service: service('c') });
  assert.deepEqual(listInstances(rig.tables, null, 'a').index, 3);
  assert.deepEqual(listCheckedInstances(rig.tables, null, 'missing').index, 3);
  assert.deepEqual(listInstances(rig.tables, null, 'b').index, 2);
  assert.equal(maxIndex(rig.tables, 'service.a'), 0);
});

test('T0-13: a node and its checks move the index of every service on it', () => {
  const rig = new StateRig();
  rig.register({ service: service('a') });
  const index = () => listCheckedInstances(rig.tables, null, 'a').index;
  rig.register({ check: check({}) });
  assert.equal(index(), 2);
  rig.register({ address: '10.9.9.9' });
  assert.equal(index(), 3);
  rig.register({ node: 'n2', service: service('b') });
  assert.equal(index(), 3);
  rig.deregister('n1', { checkId: 'serfHealth' });
  assert.equal(index(), 5);
});

test('T0-23: instances come by node, then id, and have the checks of their node before their own', () => {
  const rig = new StateRig();
  for (const [node, id] of [
    ['n2', 'web'],
    ['n1', 'web2'],
    ['n1', 'Web1'],
  ] as const) {
    rig.register({
      node,
      service: service('web', { id, tags: [`on-${node}`, 'Prod'] }),
      checks: [check({ node, checkId: 'a', serviceId: id }), check({ node })],
    });
  }
  const checked = listCheckedInstances(rig.tables, null, 'web').value;
  assert.deepEqual(ids(checked), ['Web1', 'web2', 'web']);
  assert.deepEqual(ids(listInstances(rig.tables, null, 'web').value), ids(checked));
  assert.deepEqual(
    checked[2]?.checks.map(({ checkId }) => checkId),
    ['serfHealth', 'a'],
  );
  assert.deepEqual(ids(listInstances(rig.tables, null, 'web', ['ON-N1', 'prod']).value), ['Web1', 'web2']);
  assert.deepEqual(listCheckedInstances(rig.tables, null, 'web', ['nosuch']).value, []);
});

test('names of services have all tags of their instances, in order', () => {
  const rig = new StateRig();
  rig.register({ nodeMeta: new Map([['env', 'prod']]), service: service('web', { tags: ['b', 'a'] }) });
  rig.register({ node: 'n2', service: service('web', { tags: ['c', 'a'] }) });
  rig.register({ node: 'n2', service: service('db', { tags: null }) });
  const all = listServices(rig.tables, null).value;
  assert.deepEqual(
    [...all],
    [
      ['db', []],
      ['web', ['a', 'b', 'c']],
    ],
  );
  const prod = new Map([['env', 'prod']]);
  assert.deepEqual([...listServices(rig.tables, null, prod).value], [['web', ['a', 'b']]]);
  assert.deepEqual(names(listNodes(rig.tables, null, prod).value), ['n1']);
});

test('checks can be asked for on nodes with some metadata', () => {
  const rig = new StateRig();
  const prod = new Map([['env', 'prod']]);
  for (const [node, nodeMeta] of [
    ['n1', prod],
    ['n2', null],
  ] as const) {
    rig.register({
      node,
      nodeMeta,
      service: service('web'),
      check: check({ node, checkId: node, serviceId: 'web' }),
    });
  }
  assert.deepEqual(names(listChecksIn(rig.tables, null, 'passing', prod).value), ['n1']);
  assert.deepEqual(names(listChecksOf(rig.tables, null, 'web', prod).value), ['n1']);
  assert.equal(listChecksOf(rig.tables, null, 'web', prod).index, 2);
});

test('everything can be shown by node and by service', () => {
  const rig = new StateRig();
  rig.register({ service: service('web', { address: '10.1.1.1' }), check: check({}) });
  rig.register({ node: 'n2', service: service('proxy', { kind: 'connect-proxy' }) });
  const [first] = dumpNodes(rig.tables, null).value;
  assert.deepEqual([first?.services.length, first?.checks.length], [1, 1]);
  assert.deepEqual(dumpNode(rig.tables, null, 'N1').value, first);
  assert.equal(dumpNode(rig.tables, null, 'n9').value, null);
  assert.deepEqual(ids(dumpServices(rig.tables, null).value), ['web', 'proxy']);
  assert.deepEqual(ids(dumpServices(rig.tables, null, 'connect-proxy').value), ['proxy']);
  assert.equal(dumpServices(rig.tables, null, 'connect-proxy').index, 2);
  assert.deepEqual(ids(listInstancesAt(rig.tables, null, '10.1.1.1').value), ['web']);
});

test('T2-6: coordinates of nodes that are gone, or that nobody can compute with, are dropped', () => {
  const rig = new StateRig();
  rig.register({});
  const coordinate = { vec: [0.5, 0], error: 1.5, adjustment: 0, height: 1e-5 };
  rig.apply({
    type: 'coordinates',
    request: [
      { node: 'n1', segment: '', coordinate },
      { node: 'gone', segment: '', coordinate },
      { node: 'n1', segment: 'x', coordinate: { ...coordinate, height: Number.NaN } },
    ],
  });
  const { value, index } = listCoordinates(rig.tables, null);
  assert.deepEqual([value, index], [[{ node: 'n1', segment: '', coordinate }], 2]);
  assert.deepEqual(listCoordinatesOf(rig.tables, null, 'N1').value, value);
});

test('T0-22: nobody is in the service mesh, and its index is that of a name that nobody has', () => {
  const rig = new StateRig();
  rig.register({ service: service('web') });
  const index = () => [false, true].map((checks) => listMeshInstances(rig.tables, null, 'web', checks).index);
  assert.deepEqual(index(), [1, 1]);
  rig.register({ service: service('gone') });
  rig.deregister('n1', { serviceId: 'gone' });
  rig.register({ node: 'n2', service: service('web') });
  assert.deepEqual(index(), [3, 3]);
  const asked = rig.ask((tables, watch) => listMeshInstances(tables, watch, 'web', true));
  rig.register({ node: 'n3', service: service('web') });
  assert.equal(asked.woken, true);
});
