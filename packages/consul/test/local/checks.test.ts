// When checks run and what becomes of their results, on virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthCheckCodec } from '../../dist/core/index.js';
import { type CheckType, noCheckType } from '../../dist/definitions/check-type.js';
import { noServiceDefinition, serviceOf } from '../../dist/definitions/service-definition.js';
import { type Alias, mirror } from '../../dist/local/checks/alias-check.js';
import type { CheckResult, Probe } from '../../dist/local/checks/probe.js';
import { RunningChecks } from '../../dist/local/checks/running-checks.js';
import { LocalState } from '../../dist/local/state/local-state.js';
import { catalog } from '../../dist/rpc/methods/index.js';
import { startLoneServer } from '../kit/lone-server.js';

const none = { ...healthCheckCodec.zero(), node: 'n1', checkId: 'c', name: 'c', status: 'critical' };

/** Checks whose probes find what a test says. */
function startRig(server = startLoneServer()) {
  const { runtime } = server.context;
  const state = new LocalState({
    runtime,
    nodeName: 'n1',
    checkUpdateIntervalMs: 0,
    discardsOutput: false,
    onUnsynced: () => {},
  });
  const triedAt: number[] = [];
  const finding: { now: CheckResult; tookMs: number } = { now: { status: 'passing', output: '' }, tookMs: 0 };
  const probe: Probe = (done) => {
    triedAt.push(runtime.clock.now());
    const timer = runtime.timers.after(finding.tookMs, () => done(finding.now));
    return () => timer.cancel();
  };
  const probes = { script: () => probe, http: () => probe, tcp: () => probe, grpc: () => probe };
  const world = { runtime, state, caller: server.caller, datacenter: 'dc1', probes, outputBytesMax: 0 };
  const checks = new RunningChecks(world);
  const start = (settings: Partial<CheckType>, status = 'critical') => {
    state.addCheck({ ...none, status }, '');
    checks.start({ checkId: 'c', type: { ...noCheckType, ...settings }, token: '' });
  };
  const found = () => [state.check('c')?.status, state.check('c')?.output];
  return { server, world: server.world, state, checks, start, found, triedAt, finding };
}

const everyTen = { tcp: 'x', intervalNs: 10e9 };

test('T0-18: a check runs first within its interval, then an interval after each result', () => {
  const { world, start, triedAt, finding, checks } = startRig();
  finding.tookMs = 3_000;
  start(everyTen);
  world.run(10_000);
  const [first = -1] = triedAt;
  assert.ok(first >= 0 && first < 10_000);
  world.run(30_000);
  assert.deepEqual(triedAt, [first, first + 13_000, first + 26_000]);
  checks.stop('c');
  world.run(60_000);
  assert.equal(triedAt.length, 3);
});

test('T0-18: an interval is a second at least', () => {
  const { world, start, triedAt, server } = startRig();
  start({ tcp: 'x', intervalNs: 1 });
  world.run(5_500);
  assert.ok(triedAt.length <= 6, `${triedAt}`);
  assert.equal(server.log[0], 'agent: check has interval below minimum: check=c minimum_interval=1s');
});

test('a check that was stopped during a try says nothing more', () => {
  const { world, start, found, finding, checks } = startRig();
  finding.tookMs = 20_000;
  start(everyTen);
  world.run(11_000);
  checks.stop('c');
  world.run(60_000);
  assert.deepEqual(found(), ['critical', '']);
});

test('T1-5: the first result counts at once, later ones when the threshold is reached', () => {
  const { world, start, found, finding, server } = startRig();
  start({ ...everyTen, successBeforePassing: 2, failuresBeforeCritical: 3 }, 'critical');
  const after = (status: CheckResult['status']) => {
    finding.now = { status, output: status };
    world.run(10_000);
    return found()[0];
  };
  assert.equal(after('passing'), 'passing');
  assert.deepEqual([after('critical'), after('critical')], ['passing', 'passing']);
  assert.equal(
    server.log.at(-1),
    'agent: Check failed but has not reached failure threshold: ' +
      'check=c status=critical failure_count=2 failure_threshold=3',
  );
  assert.equal(after('critical'), 'critical');
  assert.deepEqual([after('warning'), after('passing')], ['critical', 'passing']);
});

test('T1-5: a failure in between begins the count anew', () => {
  const { world, start, found, finding } = startRig();
  start({ ...everyTen, successBeforePassing: 2, failuresBeforeCritical: 2 });
  const statuses = (['critical', 'passing', 'critical', 'passing', 'passing'] as const).map((status) => {
    finding.now = { status, output: '' };
    world.run(10_000);
    return found()[0];
  });
  assert.deepEqual(statuses, ['critical', 'critical', 'critical', 'critical', 'passing']);
});

test('what never got so far as to have a status is critical whatever the thresholds', () => {
  const { server, world, start, found, finding } = startRig();
  start({ ...everyTen, failuresBeforeCritical: 5 });
  world.run(10_000);
  const trouble = { level: 'warn', text: 'Timed out running check', fields: { timeout: '1s' } } as const;
  finding.now = { status: 'critical', output: 'Timed out (1s) running check', isOutright: true, trouble };
  world.run(10_000);
  assert.deepEqual(found(), ['critical', 'Timed out (1s) running check']);
  assert.ok(server.log.includes('agent: Timed out running check: check=c timeout=1s'), `${server.log}`);
});

test('T0-18: a TTL check is critical once nobody is heard of, and tells the last output', () => {
  const { world, start, found, checks } = startRig();
  start({ ttlNs: 10e9 });
  world.run(10_100);
  assert.deepEqual(found(), ['critical', 'TTL expired']);
  checks.ttl('c')?.setStatus('warning', 'so so');
  world.run(9_900);
  assert.deepEqual(found(), ['warning', 'so so']);
  checks.ttl('c')?.setStatus('passing', 'fine');
  world.run(9_900);
  assert.deepEqual(found(), ['passing', 'fine']);
  world.run(200);
  assert.deepEqual(found(), ['critical', 'TTL expired (last output before timeout follows): fine']);
});

test('T0-18: a TTL check that is registered anew has its new time', () => {
  const { world, start, found, checks } = startRig();
  start({ ttlNs: 10e9 });
  world.run(5_000);
  start({ ttlNs: 60e9 }, 'passing');
  world.run(59_000);
  assert.deepEqual(found(), ['passing', '']);
  checks.stop('c');
  world.run(60_000);
  assert.deepEqual(found(), ['passing', '']);
});

test('T0-18: of a TTL output the first bytes are kept', () => {
  const { start, found, checks } = startRig();
  start({ ttlNs: 10e9, outputMaxSize: 4 });
  checks.ttl('c')?.setStatus('passing', 'abcdefgh');
  assert.deepEqual(found(), ['passing', 'abcd ... (captured 4 of 8 bytes)']);
});

test('docker checks and checks without a kind are refused', () => {
  const { checks } = startRig();
  const start = (settings: Partial<CheckType>) => () =>
    checks.start({ checkId: 'c', type: { ...noCheckType, ...settings }, token: '' });
  const docker = { scriptArgs: ['x'], dockerContainerId: 'd', intervalNs: 1e9 };
  assert.throws(start(docker), /^Error: Docker checks are not supported$/);
  assert.throws(start({}), /^Error: Check type is not valid$/);
});

const alias: Alias = { checkId: 'me', node: '', serviceId: 'web', token: '' };

test('T1-5: an alias has the worst status of a service and its node, and names the check', () => {
  const own = { ...none, serviceId: 'web', status: 'passing', name: 'own' };
  const warning = { ...none, checkId: 'w', name: 'disk', status: 'warning', output: 'filling' };
  const critical = { ...own, checkId: 'x', name: 'up', status: 'critical', output: 'down' };
  const other = { ...critical, serviceId: 'db' };
  assert.deepEqual(mirror(alias, [], true), { status: 'passing', output: 'No checks found.' });
  assert.deepEqual(mirror(alias, [own, other], true), { status: 'passing', output: 'All checks passing.' });
  const disk = { status: 'warning', output: 'Aliased check "disk" failing: filling' };
  assert.deepEqual(mirror(alias, [warning, own], true), disk);
  const up = { status: 'critical', output: 'Aliased check "up" failing: down' };
  assert.deepEqual(mirror(alias, [warning, critical, own], false), up);
});

test('T1-5: an alias of a service that is not there is critical', () => {
  const output = 'Service web could not be found on node ';
  assert.deepEqual(mirror(alias, [], false), { status: 'critical', output });
});

test('an alias does not mirror itself', () => {
  const itself = { ...none, checkId: 'me', status: 'critical' };
  assert.equal(mirror(alias, [itself], true).status, 'passing');
});

test('T1-5: a local alias follows its service at once, from its arrival on', () => {
  const { world, state, start, found } = startRig();
  start({ aliasService: 'web' });
  world.run(10);
  assert.deepEqual(found(), ['critical', 'Service web could not be found on node ']);
  const service = serviceOf({ ...noServiceDefinition, name: 'web' });
  state.addService(service, [{ ...none, checkId: 'up', name: 'up', serviceId: 'web' }], '');
  world.run(10);
  assert.deepEqual(found(), ['critical', 'Aliased check "up" failing: ']);
  state.updateCheck('up', 'passing', '');
  world.run(10);
  assert.deepEqual(found(), ['passing', 'All checks passing.']);
});

test('T1-5: an alias of another node follows the catalog', async () => {
  const rig = startRig();
  const { server, start, found } = rig;
  const service = serviceOf({ ...noServiceDefinition, name: 'web' });
  const register = async (status: string) => {
    await server.caller.call(catalog.register, {
      ...catalog.register.request.zero(),
      datacenter: 'dc1',
      node: 'n2',
      address: '10.0.0.2',
      service,
      check: { ...none, node: 'n2', checkId: 'up', name: 'up', serviceId: 'web', status },
    });
  };
  start({ aliasNode: 'n2', aliasService: 'web' });
  await server.run(100);
  assert.deepEqual(found(), ['critical', 'Service web could not be found on node n2']);
  await register('passing');
  await server.run(100);
  assert.deepEqual(found(), ['passing', 'All checks passing.']);
  await register('warning');
  await server.run(100);
  assert.deepEqual(found(), ['warning', 'Aliased check "up" failing: ']);
  rig.checks.stop('c');
});
