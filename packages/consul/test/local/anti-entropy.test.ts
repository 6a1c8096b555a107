// The agent's own in the catalog, on virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthCheck } from '../../dist/core/index.js';
import { noCheckType } from '../../dist/definitions/check-type.js';
import {
  checkTypesOf,
  noServiceDefinition,
  serviceChecksOf,
  serviceOf,
} from '../../dist/definitions/service-definition.js';
import { AntiEntropy, scaleFactor } from '../../dist/local/anti-entropy/anti-entropy.js';
import { CatalogSync } from '../../dist/local/anti-entropy/catalog-sync.js';
import type { SyncContext } from '../../dist/local/anti-entropy/sync-context.js';
import { LocalState } from '../../dist/local/state/local-state.js';
import { catalog, health, noQueryOptions } from '../../dist/rpc/methods/index.js';
import { type LoneServer, startLoneServer } from '../kit/lone-server.js';

interface Rig {
  readonly server: LoneServer;
  readonly state: LocalState;
  readonly entropy: AntiEntropy;
  readonly sync: CatalogSync;
  readonly context: SyncContext;
  /** Names of the calls so far. */
  readonly calls: string[];
  /** Refuses calls while it is set. */
  failure: string | undefined;
  serviceIds(): Promise<string[]>;
  checks(): Promise<readonly HealthCheck[]>;
}

function startRig(checkUpdateIntervalMs = 300_000, seed = 1): Rig {
  const server = startLoneServer(seed);
  const { runtime } = server.context;
  const calls: string[] = [];
  const rig = { failure: undefined } as Rig;
  const caller: SyncContext['caller'] = {
    call: async (method, request) => {
      calls.push(method.name);
      if (rig.failure !== undefined) throw new Error(rig.failure);
      return server.caller.call(method, request);
    },
  };
  const onUnsynced = () => entropy.triggerChanges();
  const options = { runtime, nodeName: 'n1', checkUpdateIntervalMs, discardsOutput: false, onUnsynced };
  const state = new LocalState(options);
  const node = { id: '', name: 'n1', address: '10.0.0.9', taggedAddresses: new Map(), meta: new Map() };
  const context: SyncContext = {
    log: runtime.log,
    state,
    caller,
    datacenter: 'dc1',
    node: () => ({ ...node, taggedAddresses: new Map([['lan', '10.0.0.9']]), meta: new Map([['a', 'b']]) }),
    tokens: { agent: '', user: '' },
    isNodeInSync: false,
  };
  const sync = new CatalogSync(context);
  const entropy: AntiEntropy = new AntiEntropy(runtime, sync, () => 1);
  const question = { ...noQueryOptions, datacenter: 'dc1', node: 'n1' };
  return Object.assign(rig, {
    server,
    state,
    entropy,
    sync,
    context,
    calls,
    serviceIds: async () => {
      const { nodeServices } = await server.caller.call(catalog.nodeServiceList, question);
      return (nodeServices.services ?? []).map(({ id }) => id);
    },
    checks: async () => (await server.caller.call(health.nodeChecks, question)).healthChecks ?? [],
  });
}

function addService({ state }: Rig, id: string, tags: readonly string[] = []): void {
  const definition = { ...noServiceDefinition, name: id, tags, check: { ...noCheckType, ttlNs: 1e9 } };
  const service = serviceOf(definition);
  state.addService(service, serviceChecksOf(service, checkTypesOf(definition), 'n1'), '');
}

test('T0-24: a service and its checks reach the catalog in one registration, at once', async () => {
  const rig = startRig();
  rig.entropy.start();
  await rig.server.run(10);
  rig.calls.length = 0;
  addService(rig, 'web');
  await rig.server.run(10);
  assert.deepEqual(rig.calls, ['Catalog.Register']);
  assert.deepEqual(await rig.serviceIds(), ['web']);
  assert.deepEqual(
    (await rig.checks()).map(({ checkId }) => checkId),
    ['service:web'],
  );
  assert.equal(rig.server.log.at(-1), 'agent: Synced service: service=web');
});

test('T0-24: a service taken out of the catalog comes back with the next full round only', async () => {
  const rig = startRig();
  addService(rig, 'web');
  rig.entropy.start();
  await rig.server.run(10);
  await rig.server.caller.call(catalog.deregister, {
    ...catalog.deregister.request.zero(),
    datacenter: 'dc1',
    node: 'n1',
    serviceId: 'web',
  });
  addService(rig, 'other');
  await rig.server.run(10);
  assert.deepEqual(await rig.serviceIds(), ['other']);
  await rig.server.run(59_000);
  assert.deepEqual(await rig.serviceIds(), ['other']);
  await rig.server.run(61_000);
  assert.deepEqual(await rig.serviceIds(), ['other', 'web']);
});

test('T0-24: what only the catalog has goes, but never consul and serfHealth', async () => {
  const rig = startRig();
  const stray = { ...noServiceDefinition, name: 'stray' };
  const check = {
    ...serviceChecksOf(serviceOf(stray), [noCheckType], 'n1')[0],
    serviceId: '',
  } as HealthCheck;
  for (const name of ['stray', 'consul']) {
    await rig.server.caller.call(catalog.register, {
      ...catalog.register.request.zero(),
      datacenter: 'dc1',
      node: 'n1',
      address: '10.0.0.9',
      service: serviceOf({ ...stray, name }),
      check: { ...check, checkId: name === 'stray' ? 'old' : 'serfHealth' },
    });
  }
  rig.entropy.start();
  await rig.server.run(10);
  assert.deepEqual(await rig.serviceIds(), ['consul']);
  assert.deepEqual(
    (await rig.checks()).map(({ checkId }) => checkId),
    ['serfHealth'],
  );
  assert.deepEqual(rig.state.services(), []);
});

test('T0-24: a service that was removed without a leader goes with a later round', async () => {
  const rig = startRig();
  addService(rig, 'web');
  rig.entropy.start();
  await rig.server.run(10);
  rig.failure = 'No cluster leader';
  rig.state.removeService('web');
  rig.state.removeCheck('service:web');
  await rig.server.run(10);
  assert.deepEqual(await rig.serviceIds(), ['web']);
  rig.failure = undefined;
  await rig.server.run(121_000);
  assert.deepEqual([await rig.serviceIds(), await rig.checks()], [[], []]);
  assert.equal(rig.state.checkEntries.size, 0);
});

test('a service that comes back while the catalog hears that it went is registered anew', async () => {
  const rig = startRig();
  addService(rig, 'web');
  await rig.sync.syncChanges();
  rig.state.removeService('web');
  const round = rig.sync.syncChanges();
  await Promise.resolve();
  addService(rig, 'web', ['new']);
  await round;
  await rig.sync.syncChanges();
  assert.deepEqual([rig.state.service('web')?.tags, await rig.serviceIds()], [['new'], ['web']]);
});

test('what the catalog never had is deregistered once', async () => {
  const rig = startRig();
  addService(rig, 'web');
  rig.state.removeService('web');
  rig.state.removeCheck('service:web');
  rig.failure = 'Unknown service "web"';
  rig.context.isNodeInSync = true;
  await rig.sync.syncChanges();
  assert.deepEqual(rig.calls, ['Catalog.Deregister']);
  assert.equal(rig.state.serviceEntries.size, 0);
});

test('rounds come one after the other, however long each takes', async () => {
  const rig = startRig();
  addService(rig, 'web');
  const order: string[] = [];
  const full = rig.sync.syncFull().then(() => order.push('full'));
  const changes = rig.sync.syncChanges().then(() => order.push('changes'));
  await Promise.all([full, changes]);
  assert.deepEqual(order, ['full', 'changes']);
  assert.equal(rig.calls.filter((name) => name === 'Catalog.Register').length, 2, 'the node and the service');
});

test('T0-24: agents come to a new server at different times within 3 s', async () => {
  const delays = await Promise.all(
    [1, 2, 3].map(async (seed) => {
      const rig = startRig(300_000, seed);
      rig.entropy.start();
      await rig.server.run(10);
      rig.calls.length = 0;
      rig.entropy.triggerFull();
      for (let ms = 0; ms <= 3_000; ms += 100) {
        if (rig.calls.length > 0) return ms;
        await rig.server.run(100);
      }
      return undefined;
    }),
  );
  assert.equal(new Set(delays).size, 3);
  assert.ok(!delays.includes(undefined));
});

test('T0-24: a failed full round is tried again after 15 to 30 s, or 3 s after a server came', async () => {
  const rig = startRig();
  rig.failure = 'No known Consul servers';
  rig.entropy.start();
  await rig.server.run(14_900);
  assert.equal(rig.calls.length, 1);
  assert.equal(
    rig.server.log.at(-1),
    'agent.anti_entropy: failed to sync remote state: error="No known Consul servers"',
  );
  await rig.server.run(15_200);
  assert.equal(rig.calls.length, 2);
  rig.failure = undefined;
  rig.entropy.triggerFull();
  await rig.server.run(3_100);
  assert.ok(rig.calls.includes('Catalog.Register'));
});

test('T0-24: an output that changes alone waits about check_update_interval', async () => {
  const rig = startRig(10_000);
  addService(rig, 'web');
  rig.entropy.start();
  await rig.server.run(10);
  const output = async () => (await rig.checks()).map((check) => [check.status, check.output]);
  rig.state.updateCheck('service:web', 'critical', 'one');
  await rig.server.run(4_900);
  assert.deepEqual(await output(), [['critical', '']]);
  rig.state.updateCheck('service:web', 'critical', 'two');
  await rig.server.run(10_200);
  assert.deepEqual(await output(), [['critical', 'two']]);
  rig.state.updateCheck('service:web', 'critical', 'three');
  rig.state.updateCheck('service:web', 'passing', 'four');
  await rig.server.run(10);
  assert.deepEqual(await output(), [['passing', 'four']]);
});

test('T0-24: with enable_tag_override the tags in the catalog win, otherwise ours do', async () => {
  for (const enableTagOverride of [true, false]) {
    const rig = startRig();
    const service = serviceOf({ ...noServiceDefinition, name: 'web', tags: ['ours'], enableTagOverride });
    rig.state.addService(service, [], '');
    rig.entropy.start();
    await rig.server.run(10);
    await rig.server.caller.call(catalog.register, {
      ...catalog.register.request.zero(),
      datacenter: 'dc1',
      node: 'n1',
      address: '10.0.0.9',
      service: { ...service, tags: ['theirs'] },
      skipNodeUpdate: true,
    });
    await rig.server.run(121_000);
    const tags = [enableTagOverride ? 'theirs' : 'ours'];
    const question = { ...noQueryOptions, datacenter: 'dc1', node: 'n1' };
    const { nodeServices } = await rig.server.caller.call(catalog.nodeServiceList, question);
    assert.deepEqual([rig.state.service('web')?.tags, nodeServices.services?.[0]?.tags], [tags, tags]);
  }
});

test('T0-24: what is not allowed is told once and not tried again before the next full round', async () => {
  const rig = startRig();
  rig.entropy.start();
  await rig.server.run(10);
  rig.failure = 'Permission denied';
  addService(rig, 'web');
  await rig.server.run(10);
  const calls = rig.calls.length;
  rig.state.updateCheck('nosuch', 'passing', '');
  rig.entropy.triggerChanges();
  await rig.server.run(10);
  assert.equal(rig.calls.length, calls);
  assert.equal(rig.server.log.at(-1), 'agent: Service registration blocked by ACLs: service=web accessorID=');
});

test('T0-24: a change during a round is told by the next one', async () => {
  const rig = startRig();
  addService(rig, 'web', ['old']);
  const round = rig.sync.syncChanges();
  await Promise.resolve();
  addService(rig, 'web', ['new']);
  rig.state.updateCheck('service:web', 'passing', 'fine');
  await round;
  await rig.sync.syncChanges();
  const [check] = await rig.checks();
  assert.deepEqual([check?.status, check?.serviceTags], ['passing', ['new']]);
});

test('T0-24: a status that changes while an older one is told is told, too', async () => {
  const rig = startRig();
  addService(rig, 'web');
  const round = rig.sync.syncChanges();
  while (rig.calls.length < 2) await Promise.resolve();
  rig.state.updateCheck('service:web', 'passing', 'fine');
  await round;
  await rig.sync.syncChanges();
  assert.deepEqual(
    (await rig.checks()).map(({ status }) => status),
    ['passing'],
  );
});

test('T0-24: a service without checks that is taken out of the catalog comes back, too', async () => {
  const rig = startRig();
  rig.state.addService(serviceOf({ ...noServiceDefinition, name: 'web' }), [], '');
  await rig.sync.syncFull();
  const zero = catalog.deregister.request.zero();
  const request = { ...zero, datacenter: 'dc1', node: 'n1', serviceId: 'web' };
  await rig.server.caller.call(catalog.deregister, request);
  await rig.sync.syncFull();
  assert.deepEqual(await rig.serviceIds(), ['web']);
});

test('T0-24: nothing is synchronized during a pause, and changes are right after it', async () => {
  const rig = startRig();
  rig.entropy.start();
  await rig.server.run(10);
  rig.entropy.pause();
  addService(rig, 'web');
  await rig.server.run(1_000);
  assert.deepEqual(await rig.serviceIds(), []);
  rig.entropy.resume();
  await rig.server.run(10);
  assert.deepEqual(await rig.serviceIds(), ['web']);
});

test('full rounds are farther apart in larger clusters', () => {
  assert.deepEqual([1, 128, 129, 256, 257, 8192].map(scaleFactor), [1, 1, 2, 2, 3, 7]);
});
