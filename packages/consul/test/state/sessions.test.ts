// T0-15: sessions, what they are bound to, and what becomes of the keys that they held.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKey } from '../../dist/core/state/queries/key-values.js';
import { listSessions, listSessionsOn, readSession } from '../../dist/core/state/queries/sessions.js';
import { check, StateRig, service, uuid } from '../kit/state-rig.js';

const id = uuid(1);

function withNode(): StateRig {
  const rig = new StateRig();
  rig.register({ check: check({}), service: service('db') });
  rig.register({ checks: [check({ checkId: 'db:1', serviceId: 'db' }), check({ checkId: 'mem' })] });
  return rig;
}

function sessionCount(rig: StateRig): number {
  return listSessions(rig.tables, null).value.length;
}

test('T0-15: a session is begun with the id it was given, and releases unless it says otherwise', () => {
  const rig = withNode();
  assert.equal(rig.session('create', { id, name: 'lock', ttl: '15s' }), id);
  const { value, index } = readSession(rig.tables, null, id.toUpperCase());
  assert.deepEqual([value?.behavior, value?.ttl, value?.createIndex, index], ['release', '15s', 3, 3]);
  assert.equal(listSessionsOn(rig.tables, null, 'N1').value.length, 1);
  assert.equal(readSession(rig.tables, null, uuid(9)).value, null);
});

test('T0-15: what a session needs is named when it is missing', () => {
  const rig = withNode();
  rig.register({ check: check({ checkId: 'bad', status: 'critical' }) });
  const refused = (parts: Parameters<StateRig['session']>[1], message: string) =>
    assert.throws(() => rig.session('create', { id, ...parts }), { message });
  refused({ node: 'nobody' }, 'Missing node registration');
  refused({ id: '' }, 'Missing session ID');
  refused({ nodeChecks: ['nosuch'] }, "Missing check 'nosuch' registration");
  refused({ nodeChecks: ['bad'] }, "Check 'bad' is in critical state");
  refused({ serviceChecks: [{ id: 'bad', namespace: '' }] }, "Check 'bad' is in critical state");
  refused({ behavior: 'explode' as never }, 'Invalid session behavior: explode');
  assert.throws(() => rig.session('frob', { id }), { message: "Invalid Session operation 'frob'" });
  assert.throws(() => readSession(rig.tables, null, 'abc'), {
    message: 'failed session lookup: index error: UUID must be 36 characters',
  });
  assert.equal(sessionCount(rig), 0);
});

test('T0-15: destroying releases the keys, which keep their value and count', () => {
  const rig = withNode();
  rig.session('create', { id, lockDelayNs: 15e9 });
  rig.key('lock', 'a', { session: id, text: 'x' });
  assert.equal(rig.session('destroy', { id }), null);
  const { value } = readKey(rig.tables, null, 'a');
  assert.deepEqual([value?.session, value?.lockIndex, value?.modifyIndex], ['', 1, 5]);
  assert.equal(sessionCount(rig), 0);
  assert.equal(rig.session('destroy', { id }), null);
});

test('T0-15: with behavior delete the keys go, and leave tombstones', () => {
  const rig = withNode();
  rig.session('create', { id, behavior: 'delete' });
  rig.key('lock', 'a', { session: id });
  rig.key('set', 'b');
  rig.session('destroy', { id });
  assert.equal(readKey(rig.tables, null, 'a').value, null);
  assert.notEqual(readKey(rig.tables, null, 'b').value, null);
  assert.deepEqual(rig.tables.tombstones.startingWith(''), [{ key: 'a', index: 6 }]);
});

test('T0-15: keys that were taken back cannot be locked during the delay, at most a minute', () => {
  const rig = withNode();
  rig.session('create', { id, lockDelayNs: 15e9 });
  rig.session('create', { id: uuid(2), lockDelayNs: 3600e9 });
  rig.session('create', { id: uuid(3), lockDelayNs: 0 });
  rig.key('lock', 'a', { session: id });
  rig.key('lock', 'b', { session: uuid(2) });
  rig.key('lock', 'c', { session: uuid(3) });
  for (const each of [id, uuid(2), uuid(3)]) rig.session('destroy', { id: each });
  const remaining = () => ['a', 'b', 'c'].map((key) => rig.store.lockDelays.remainingMs(key));
  assert.deepEqual(remaining(), [15_000, 60_000, 0]);
  rig.now += 20_000;
  assert.deepEqual(remaining(), [0, 40_000, 0]);
});

test('T0-15: when a session ends during the delay of another one, its delay counts', () => {
  const rig = withNode();
  for (const [session, lockDelayNs] of [
    [id, 15e9],
    [uuid(2), 5e9],
    [uuid(3), 30e9],
  ] as const) {
    rig.session('create', { id: session, lockDelayNs });
    rig.key('lock', 'a', { session });
    rig.session('destroy', { id: session });
    assert.equal(rig.store.lockDelays.remainingMs('a'), lockDelayNs / 1e6);
    rig.now += 1_000;
  }
});

test('T0-15: a clean release begins no delay', () => {
  const rig = withNode();
  rig.session('create', { id, lockDelayNs: 15e9 });
  rig.key('lock', 'a', { session: id });
  rig.key('unlock', 'a', { session: id });
  rig.session('destroy', { id });
  assert.equal(rig.store.lockDelays.remainingMs('a'), 0);
});

const endings: readonly [string, (rig: StateRig) => unknown][] = [
  ['its node check turns critical', (rig) => rig.register({ check: check({ status: 'critical' }) })],
  ['its node check is deregistered', (rig) => rig.deregister('n1', { checkId: 'serfHealth' })],
  ['its node is deregistered', (rig) => rig.deregister('n1')],
  ['its service is deregistered with its check', (rig) => rig.deregister('n1', { serviceId: 'db' })],
  [
    'its service check turns critical',
    (rig) => rig.register({ check: check({ checkId: 'db:1', serviceId: 'db', status: 'critical' }) }),
  ],
  [
    'a check of the old field turns critical',
    (rig) => rig.register({ check: check({ checkId: 'mem', status: '' }) }),
  ],
];

for (const [how, end] of endings) {
  test(`T0-16: a session ends, and its key is free, when ${how}`, () => {
    const rig = withNode();
    const serviceChecks = [{ id: 'db:1', namespace: '' }];
    rig.session('create', { id, nodeChecks: ['serfHealth'], serviceChecks, checks: ['mem'] });
    rig.key('lock', 'a', { session: id });
    const waiting = rig.ask((tables, watch) => readKey(tables, watch, 'a'));
    end(rig);
    assert.equal(sessionCount(rig), 0);
    assert.equal(readKey(rig.tables, null, 'a').value?.session, '');
    assert.equal(waiting.woken, true);
    assert.equal(rig.tables.sessionChecks.size, 0);
  });
}

test('T0-16: a session without checks lives on while its node has any trouble', () => {
  const rig = withNode();
  rig.session('create', { id, nodeChecks: [] });
  rig.register({ check: check({ status: 'critical' }) });
  assert.equal(sessionCount(rig), 1);
  rig.deregister('n1');
  assert.equal(sessionCount(rig), 0);
});

test('a warning ends no session', () => {
  const rig = withNode();
  rig.session('create', { id, nodeChecks: ['serfHealth'] });
  rig.register({ check: check({ status: 'warning' }) });
  assert.equal(sessionCount(rig), 1);
});
