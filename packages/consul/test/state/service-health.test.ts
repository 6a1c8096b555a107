// The answer that is kept is the one that would be found.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listCheckedInstances } from '../../dist/core/state/queries/services.js';
import { Watch } from '../../dist/core/state/watch.js';
import { check, StateRig, service } from '../kit/state-rig.js';

const instancesOf = (rig: StateRig, name: string) => rig.store.health.instances(rig.tables, null, name);

test('as long as nothing in the catalog changes the same list is given out', () => {
  const rig = new StateRig();
  rig.register({ service: service('web') });
  const first = instancesOf(rig, 'web');
  rig.key('set', 'a');
  assert.equal(instancesOf(rig, 'WEB'), first);
});

test('whatever changes, the list is the one that a question would find', () => {
  const rig = new StateRig();
  const changes: (() => unknown)[] = [
    () => rig.register({ service: service('web') }),
    () => rig.register({ check: check({}) }),
    () => rig.register({ check: check({ type: 'ttl' }) }),
    () => rig.register({ address: '10.9.9.9' }),
    () => rig.register({ node: 'n2', service: service('web') }),
    () => rig.deregister('n1', { checkId: 'serfHealth' }),
    () => rig.deregister('n2'),
    () =>
      assert.throws(() =>
        rig.register({ service: service('web', { port: 1 }), check: check({ node: 'x' }) }),
      ),
    () => rig.deregister('n1', { serviceId: 'web' }),
    () => rig.store.replace(new StateRig().tables),
  ];
  for (const change of changes) {
    change();
    assert.deepEqual(instancesOf(rig, 'web'), listCheckedInstances(rig.tables, null, 'web'));
    assert.deepEqual(instancesOf(rig, 'none'), listCheckedInstances(rig.tables, null, 'none'));
  }
});

test('who is given a kept answer waits for the same as who had it found', () => {
  const rig = new StateRig();
  rig.register({ service: service('web') });
  for (const name of ['web', 'web', 'none']) {
    const kept = new Watch();
    rig.store.health.instances(rig.tables, kept, name);
    const found = new Watch();
    listCheckedInstances(rig.tables, found, name);
    assert.deepEqual(kept, found);
  }
});
