// Registering, deregistering and restarting, on virtual time.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { capturePath, readHttp } from '@reeve/golden';
import { type CheckType, noCheckType } from '../../dist/definitions/check-type.js';
import { noServiceDefinition } from '../../dist/definitions/service-definition.js';
import { createFolder } from '../../dist/local/persistence/folder.js';
import { createFolders, RegistrationFiles } from '../../dist/local/persistence/registration-files.js';
import type { Definitions } from '../../dist/local/registrations/load-registrations.js';
import { createLocalAgentRig, type LocalAgentRig, memoryFolders } from '../kit/local-agent.js';

const nothing: Definitions = { services: [], checks: [] };
const ttl: CheckType = { ...noCheckType, ttlNs: 3_600e9 };

async function started(rig = createLocalAgentRig(), defined = nothing): Promise<LocalAgentRig> {
  await rig.local.start(defined);
  return rig;
}

/** The same agent again, with the files of the one before. */
async function restarted(before: LocalAgentRig, defined = nothing): Promise<LocalAgentRig> {
  before.local.stop();
  return started(createLocalAgentRig({}, before.folders, before.server), defined);
}

function statuses({ local }: LocalAgentRig) {
  return local.state.checks().map(({ checkId, status, output }) => [checkId, status, output]);
}

function put(rig: LocalAgentRig, path: string, body: unknown = '') {
  return rig.ask(`PUT /v1/agent/${path}`, body === '' ? '' : JSON.stringify(body));
}

const nameOf = (id: string) => createHash('md5').update(id).digest('hex');

test('T1-6: files are named and written as by the original', async () => {
  const rig = await started();
  await put(rig, 'service/register', { Name: 'api1', Port: 1, Check: { TTL: '1h' } });
  await put(rig, 'check/pass/service:api1?note=hello');
  const captured = readFileSync(capturePath('datadir/server.txt', 'consul'), 'utf8');
  const contentOf = (path: string) => captured.split(`## data/${path}\n`)[1]?.split('\n')[0];
  const ours = (folder: 'services' | 'checks' | 'states', id: string) =>
    Buffer.from(rig.folders[folder].files.get(nameOf(id)) ?? []).toString();
  assert.equal(ours('services', 'api1'), contentOf(`services/${nameOf('api1')}`));
  const check = contentOf(`checks/${nameOf('service:api1')}`)?.replace('"Node":"per1"', '"Node":"dev1"');
  assert.equal(ours('checks', 'service:api1'), check);
  const state = contentOf(`checks/state/${nameOf('service:api1')}`)?.replace(/\d+}$/, '…}');
  assert.equal(ours('states', 'service:api1').replace(/\d+}$/, '…}'), state);
  rig.local.stop();
});

test('T1-6: what was registered over HTTP is back after a restart, critical but for TTL checks', async () => {
  const before = await started();
  await put(before, 'service/register', { Name: 'web', Port: 80, Tags: ['a'], Meta: { x: 'y' } });
  await put(before, 'check/register', { Name: 'tcp', ServiceID: 'web', TCP: 'h:1', Interval: '10s' });
  await put(before, 'check/register', { Name: 'told', TTL: '1h' });
  await put(before, 'check/register', { Name: 'old', TTL: '5s' });
  await put(before, 'check/pass/told?note=fine');
  await put(before, 'check/pass/old');
  before.local.state.updateCheck('tcp', 'passing', 'up');
  await before.server.run(6_000);
  const rig = await restarted(before);
  assert.deepEqual(
    statuses(rig).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    [
      ['old', 'critical', ''],
      ['tcp', 'critical', ''],
      ['told', 'passing', 'fine'],
    ],
  );
  const service = rig.local.state.service('web');
  assert.deepEqual([service?.port, service?.tags, service?.meta], [80, ['a'], new Map([['x', 'y']])]);
  await rig.server.run(10_000);
  assert.equal(rig.local.state.check('tcp')?.status, 'passing');
  rig.local.stop();
});

test('T1-6: maintenance survives a restart', async () => {
  const before = await started();
  await put(before, 'service/register', { Name: 'web' });
  await put(before, 'maintenance?enable=true&reason=upgrade');
  await put(before, 'service/maintenance/web?enable=true');
  const rig = await restarted(before);
  const notes = rig.local.state.checks().map(({ checkId, type, notes }) => [checkId, type, notes]);
  const usual = 'Maintenance mode is enabled for this service, but no reason was provided.';
  assert.deepEqual(
    notes.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    [
      ['_node_maintenance', 'maintenance', 'upgrade'],
      ['_service_maintenance:web', 'maintenance', `${usual} This is a default message.`],
    ],
  );
  rig.local.stop();
});

test('T1-6: what is deregistered is gone from the files, too', async () => {
  const rig = await started();
  await put(rig, 'service/register', { Name: 'web', Check: { TTL: '1h' } });
  await put(rig, 'check/pass/service:web');
  await put(rig, 'check/register', { Name: 'own', TTL: '1h' });
  await put(rig, 'service/deregister/web');
  await put(rig, 'check/deregister/own');
  const { services, checks, states } = rig.folders;
  assert.deepEqual([services.files.size, checks.files.size, states.files.size], [0, 0, 0]);
  rig.local.stop();
});

test('T1-6: a definition in a file wins over one that was kept, and removes it', async () => {
  const before = await started();
  await put(before, 'service/register', { Name: 'web', Port: 1 });
  await put(before, 'check/register', { Name: 'own', TTL: '1h', Notes: 'kept' });
  const rig = await restarted(before, {
    services: [{ ...noServiceDefinition, name: 'web', port: 2 }],
    checks: [{ ...ttl, name: 'own', notes: 'file', serviceId: '', token: '' }],
  });
  assert.equal(rig.local.state.service('web')?.port, 2);
  assert.equal(rig.local.state.check('own')?.notes, 'file');
  assert.deepEqual([rig.folders.services.files.size, rig.folders.checks.files.size], [0, 0]);
  rig.local.stop();
});

test('T1-6: files that make no sense cost a line in the log', async () => {
  const folders = memoryFolders();
  folders.services.files.set('x', Buffer.from('nonsense'));
  folders.services.files.set('y-1.tmp', Buffer.from('half'));
  folders.checks.files.set(nameOf('c'), Buffer.from('{"Check":{"CheckID":"c"},"Source":"moon"}'));
  const rig = await started(createLocalAgentRig({}, folders));
  assert.deepEqual(rig.local.state.services(), []);
  const odd = "invalid character 'o' in literal null (expecting 'u')";
  assert.deepEqual(rig.server.log, [
    `agent: Failed decoding service file: file=x error="${odd}"`,
    'agent: check exists with invalid source, purging: check=c source=moon',
  ]);
  assert.equal(folders.checks.files.size, 0);
  rig.local.stop();
});

test('what cannot be kept is not registered', async () => {
  const rig = await started();
  rig.folders.services.failure = 'disk full';
  const { status, text } = await put(rig, 'service/register', { Name: 'web', Check: { TTL: '1h' } });
  assert.deepEqual([status, text], [500, 'disk full']);
  assert.deepEqual([rig.local.state.services(), rig.local.state.checks()], [[], []]);
  rig.local.stop();
});

test('a check whose status cannot be read is there all the same, critical, with its files', async () => {
  const before = await started();
  await put(before, 'check/register', { Name: 'told', TTL: '1h' });
  await put(before, 'check/pass/told?note=fine');
  before.folders.states.read = () => Promise.reject(new Error('open /state: permission denied'));
  const rig = await restarted(before);
  assert.deepEqual(statuses(rig), [['told', 'critical', '']]);
  assert.deepEqual([rig.folders.checks.files.size, rig.folders.states.files.size], [1, 1]);
  const text = 'agent: failed restoring state for check: check=told error="open /state: permission denied"';
  assert.ok(rig.server.log.includes(text), rig.server.log.join('\n'));
  rig.local.stop();
});

test('a reload takes up what is defined now, and checks keep their status', async () => {
  const service = { ...noServiceDefinition, name: 'web', check: ttl };
  const rig = await started(createLocalAgentRig(), { services: [service], checks: [] });
  await put(rig, 'check/pass/service:web?note=fine');
  await put(rig, 'service/register', { Name: 'api' });
  await rig.local.reload(
    {
      services: [
        { ...service, port: 9 },
        { ...service, name: 'new' },
      ],
      checks: [],
    },
    rig.local.node,
  );
  const ports = new Map(rig.local.state.services().map(({ id, port }) => [id, port]));
  assert.deepEqual(ports, new Map(Object.entries({ api: 0, new: 0, web: 9 })));
  assert.deepEqual(statuses(rig)[0], ['service:web', 'passing', 'fine']);
  await rig.local.reload(nothing, rig.local.node);
  assert.deepEqual(
    rig.local.state.services().map(({ id }) => id),
    ['api'],
  );
  rig.local.stop();
});

test('a definition that is wrong ends the start with its name', async () => {
  const fails = async (defined: Partial<Definitions>, message: string) => {
    const rig = createLocalAgentRig({ runsLocalScripts: false });
    await assert.rejects(rig.local.start({ ...nothing, ...defined }), { message });
    rig.local.stop();
  };
  const script = { ...noCheckType, scriptArgs: ['x'], intervalNs: 1e9 };
  const disabled =
    'Scripts are disabled on this agent; ' +
    "to enable, configure 'enable_script_checks' or 'enable_local_script_checks' to true";
  const service = { ...noServiceDefinition, name: 's', check: script };
  await fails({ services: [service] }, `Failed to register service "s": ${disabled}`);
  const invalid = { ...service, check: { ...script, intervalNs: 0 } };
  const interval = 'Interval must be > 0 for Script, HTTP, or TCP checks';
  await fails({ services: [invalid] }, `Failed to validate checks for service "s": ${interval}`);
  const check = { ...ttl, name: 'c', serviceId: 'nosuch', token: '' };
  await fails({ checks: [check] }, `Failed to register check 'c': ServiceID "nosuch" does not exist`);
});

test('T0-17: scripts from requests are refused unless they are allowed', async () => {
  const rig = await started(createLocalAgentRig({ runsRemoteScripts: false }));
  const script = { Name: 'c', Args: ['x'], Interval: '1s' };
  const { status, text } = await put(rig, 'check/register', script);
  const refusal =
    'Scripts are disabled on this agent from remote calls; ' +
    "to enable, configure 'enable_script_checks' to true";
  assert.deepEqual([status, text], [500, refusal]);
  assert.equal((await put(rig, 'service/register', { Name: 's', Check: script })).text, refusal);
  assert.deepEqual(rig.local.state.services(), []);
  rig.local.stop();
});

test('T0-17: a service is in the catalog when its registration is answered', async () => {
  const rig = await started();
  await put(rig, 'service/register', { Name: 'web', Check: { TTL: '1h' } });
  assert.ok(rig.server.log.includes('agent: Synced service: service=web'));
  await put(rig, 'check/pass/service:web');
  assert.equal(rig.server.log.at(-1), 'agent: Synced check: check=service:web');
  rig.local.stop();
});

test('T0-17: names that DNS cannot ask for are taken, with a line in the log', async () => {
  const rig = await started();
  const { status } = await put(rig, 'service/register', { Name: 'a b', Tags: ['ok', 'not_ok'] });
  assert.equal(status, 200);
  const valid = 'Valid characters include all alpha-numerics and dashes.';
  const why = `will not be discoverable via DNS due to invalid characters. ${valid}`;
  assert.ok(rig.server.log.includes(`agent: Service name ${why}: service=a b`));
  assert.ok(rig.server.log.includes(`agent: Service tag ${why}: tag=not_ok`));
  rig.local.stop();
});

test('T1-5: a service goes when a check of it is critical for too long, a minute at least', async () => {
  const rig = await started();
  const after = { Interval: '10s', TCP: 'h:1', DeregisterCriticalServiceAfter: '1s' };
  await put(rig, 'service/register', { Name: 'web', Check: after });
  await put(rig, 'service/register', { Name: 'fine', Check: after });
  await put(rig, 'service/register', {
    Name: 'told',
    Check: { TTL: '1h', DeregisterCriticalServiceAfter: '1s' },
  });
  rig.finding.tcp = { status: 'critical', output: 'down' };
  await rig.server.run(10_000);
  rig.local.state.updateCheck('service:fine', 'passing', '');
  rig.local.registrations.parts.checks.stop('service:fine');
  rig.local.state.updateCheck('service:told', 'passing', '');
  assert.ok(rig.server.log.includes(short));
  await rig.server.run(50_000);
  assert.ok(rig.local.state.service('web'));
  rig.local.state.updateCheck('service:told', 'critical', 'again');
  await rig.server.run(50_000);
  const left = rig.local.state.services().map(({ id }) => id);
  assert.deepEqual(left, ['fine', 'told']);
  assert.ok(rig.server.log.some((line) => line.includes('has been critical for too long; deregistered')));
  rig.local.stop();
});

const short = 'agent: check has deregister interval below minimum: check=service:web minimum_interval=1m0s';

test('T1-5: registering a check again keeps its status', async () => {
  const rig = await started();
  const check = { Name: 'c', TTL: '1h' };
  await put(rig, 'check/register', check);
  await put(rig, 'check/warn/c?note=so%20so');
  await put(rig, 'check/register', { ...check, Notes: 'new' });
  assert.deepEqual(statuses(rig), [['c', 'warning', 'so so']]);
  assert.equal(rig.local.state.check('c')?.notes, 'new');
  rig.local.stop();
});

test('T1-4: the hash of a service is waited for until the service changes', async () => {
  const rig = await started();
  const { body } = readHttp('http/agent/register-web');
  await rig.ask('PUT /v1/agent/service/register', body);
  const waiting = rig.ask('GET /v1/agent/service/web1?hash=8292eaf172a86f25&wait=60s');
  await rig.server.run(1_000);
  await rig.ask('PUT /v1/agent/service/register', body.replace('8080', '8081'));
  const { text, headers } = await waiting;
  assert.match(text, /"Port": 8081/);
  assert.notEqual(headers['X-Consul-Contenthash'], '8292eaf172a86f25');
  rig.local.stop();
});

test('T1-4: the health of services has its code, its reason and the checks of the node', async () => {
  const rig = await started();
  await rig.ask('PUT /v1/agent/service/register', readHttp('http/agent/register-web').body);
  const passing = await rig.ask('GET /v1/agent/health/service/id/web1');
  const captured = JSON.parse(readHttp('http/agent/health-id-passing-200').answer.body);
  const ours = JSON.parse(passing.text);
  assert.deepEqual(ours, { ...captured, Checks: captured.Checks.slice(0, 1) });
  assert.deepEqual([passing.status, passing.headers['X-Consul-Reason']], [200, 'passing']);
  await put(rig, 'check/register', { Name: 'disk', TTL: '1h', Status: 'warning' });
  const warning = await rig.ask('GET /v1/agent/health/service/name/web');
  assert.deepEqual([warning.status, warning.headers['X-Consul-Reason']], [429, 'warning']);
  assert.deepEqual(
    JSON.parse(warning.text)[0].Checks.map((check: { ServiceTags: unknown }) => check.ServiceTags),
    [['primary', 'v1'], null],
  );
  await put(rig, 'check/fail/service:web1');
  assert.equal((await rig.ask('GET /v1/agent/health/service/id/web1')).status, 503);
  rig.local.stop();
});

test('T1-6: on a disk files are for their owner alone, and whole', async () => {
  const path = await mkdtemp(join(tmpdir(), 'reeve-'));
  try {
    const folder = createFolder(join(path, 'services'));
    assert.deepEqual([await folder.list(), await folder.read('a')], [[], undefined]);
    await folder.replace('a', Buffer.from('one'), true);
    await folder.replace('a', Buffer.from('two'), false);
    assert.equal(Buffer.from((await folder.read('a')) ?? []).toString(), 'two');
    assert.deepEqual(await readdir(join(path, 'services')), ['a']);
    assert.equal((await stat(join(path, 'services'))).mode & 0o777, 0o700);
    assert.equal((await stat(join(path, 'services', 'a'))).mode & 0o777, 0o600);
    await folder.remove('a');
    await folder.remove('a');
    assert.deepEqual(await folder.list(), []);
    const files = new RegistrationFiles(createFolders(path));
    await files.putState({ checkId: 'c', output: 'o', status: 'passing', expires: 7 });
    const state = await files.state('c', () => {});
    assert.deepEqual(state, { checkId: 'c', output: 'o', status: 'passing', expires: 7 });
    assert.deepEqual(await files.checks(() => {}), []);
  } finally {
    await rm(path, { recursive: true });
  }
});

test('a file that cannot be written or read is named, and leaves nothing beside it', async () => {
  const path = await mkdtemp(join(tmpdir(), 'reeve-'));
  try {
    const [services, checks] = [join(path, 'services'), join(path, 'checks')];
    const folder = createFolder(services);
    await mkdir(join(services, 'a', 'b'), { recursive: true });
    const message = `rename ${join(services, 'a')}: is a directory`;
    await assert.rejects(folder.replace('a', Buffer.from('one'), true), { message });
    assert.deepEqual(await readdir(services), ['a']);
    await assert.rejects(folder.read('a'), { message: `read ${join(services, 'a')}: is a directory` });
    await writeFile(checks, '');
    const files = new RegistrationFiles(createFolders(path));
    await assert.rejects(
      files.checks(() => {}),
      { message: `Failed reading checks dir "${checks}": open ${checks}: not a directory` },
    );
  } finally {
    await rm(path, { recursive: true });
  }
});
