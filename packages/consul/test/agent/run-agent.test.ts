// `consul agent` from its first line to its exit code. consul.md 6.6, 6.7.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder, startAgent } from '../kit/run-agent.ts';

const isUp = 'Consul agent running!\n';
/** Who leaves waits for nobody's last questions. */
const atOnce = '-hcl=performance { leave_drain_time = "1ms" }';
const hasLeader = 'cluster leadership acquired';

test('T0-1: a development agent says what it is, leads, and answers over HTTP', async (t) => {
  const run = await startAgent(t, '-dev', '-node-id=15c7f7e3-b62c-5a13-49ec-74838cb0d952');
  await run.printed(isUp);
  const banner = [
    '==> Starting Consul agent...',
    "           Version: '1.8.7'",
    "           Node ID: '15c7f7e3-b62c-5a13-49ec-74838cb0d952'",
    "         Node name: 'n1'",
    "        Datacenter: 'dc1' (Segment: '<all>')",
    '            Server: true (Bootstrap: false)',
    `       Client Addr: [${run.address}] (HTTP: 8500, HTTPS: -1, gRPC: 8502, DNS: 8600)`,
    `      Cluster Addr: ${run.address} (LAN: 8301, WAN: 8302)`,
    '           Encrypt: Gossip: false, TLS-Outgoing: false, TLS-Incoming: false, Auto-Encrypt-TLS: false',
    '',
    '==> Log data will now stream in as it occurs:',
    '',
    '',
  ].join('\n');
  assert.equal(run.stdout.slice(0, banner.length), banner);
  await run.printed(hasLeader);
  assert.deepEqual(await run.ask('GET /v1/status/leader'), { status: 200, text: `"${run.address}:8300"\n` });
});

test('a line of the log: four spaces, the date in UTC, the level, and where it comes from', async (t) => {
  const run = await startAgent(t, '-dev');
  await run.printed(hasLeader);
  assert.match(run.stdout, /\n {4}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[INFO\] {2}agent\.server/);
  assert.match(run.stdout, /Z \[INFO\] {2}agent\.server\.serf\.lan: serf: EventMemberJoin: n1 /);
  assert.match(run.stdout, /Z \[INFO\] {2}agent\.server: cluster leadership acquired\n/);
});

test('less than the wanted level is not logged', async (t) => {
  const run = await startAgent(t, '-dev', '-log-level=warn');
  await run.printed(isUp);
  assert.doesNotMatch(run.stdout, /\[(INFO|DEBUG)\]/);
});

test('an interrupt ends a server without leaving, with exit code 1', async (t) => {
  const run = await startAgent(t, '-dev');
  await run.printed(hasLeader);
  run.signal('SIGINT');
  assert.equal(await run.ended, 1);
  assert.match(
    run.stdout,
    /agent: Caught: signal=interrupt\n.*agent: Graceful shutdown disabled\. Exiting\n/,
  );
  assert.doesNotMatch(run.stdout, /EventMemberLeave/);
  assert.match(run.stdout, /agent: Exit code: code=1\n/);
});

test('leave_on_terminate makes SIGTERM a graceful leave, with exit code 0', async (t) => {
  const run = await startAgent(t, '-dev', '-hcl=leave_on_terminate = true', atOnce);
  await run.printed(hasLeader);
  run.signal('SIGTERM');
  assert.equal(await run.ended, 0);
  assert.match(run.stdout, /EventMemberLeave: n1 .*Graceful exit completed/s);
});

test('a second signal ends an agent that is leaving', async (t) => {
  const run = await startAgent(t, '-dev', '-hcl=skip_leave_on_interrupt = false');
  await run.printed(hasLeader);
  run.signal('SIGINT');
  await run.printed('Gracefully shutting down agent...');
  run.signal('SIGINT');
  assert.equal(await run.ended, 1);
  assert.match(run.stdout, /Caught second signal, Exiting: signal=interrupt/);
});

test('a client that tells the agent to leave is answered before the agent ends', async (t) => {
  const run = await startAgent(t, '-dev', atOnce);
  await run.printed(hasLeader);
  assert.equal((await run.ask('PUT /v1/agent/leave')).status, 200);
  assert.equal(await run.ended, 0);
});

test('a restart keeps keys, leadership and the node id', async (t) => {
  const flags = ['-server', '-bootstrap', `-data-dir=${join(scratchFolder(t), 'data')}`];
  const before = await startAgent(t, ...flags);
  await before.printed(isUp);
  assert.equal((await before.ask('PUT /v1/kv/kept', 'value')).text, 'true');
  before.signal('SIGTERM');
  await before.ended;
  const after = await startAgent(t, ...flags);
  await after.printed(isUp);
  assert.equal((await after.ask('GET /v1/kv/kept?raw&consistent')).text, 'value');
  const idOf = (text: string): string | undefined => /Node ID: '(.*)'/.exec(text)?.[1];
  assert.equal(idOf(after.stdout), idOf(before.stdout));
});

test('T0-25: an event for a service comes to the agents that have it', async (t) => {
  const run = await startAgent(t, '-dev');
  await run.printed(hasLeader);
  await run.ask('PUT /v1/agent/service/register', '{"Name":"web","Tags":["v1"]}');
  for (const filter of ['service=db', 'service=web&tag=v2', 'service=web&tag=v1', 'node=n1']) {
    const name = filter.replaceAll(/\W/g, '-');
    await run.ask(`PUT /v1/event/fire/${name}?${filter}`);
  }
  await run.printed('new event: event_name=node-n1');
  const seen = JSON.parse((await run.ask('GET /v1/event/list')).text) as { readonly Name: string }[];
  assert.deepEqual(
    seen.map(({ Name }) => Name),
    ['service-web-tag-v1', 'node-n1'],
  );
});

test('an agent without coordinates says so', async (t) => {
  const run = await startAgent(t, '-dev', '-hcl=disable_coordinates = true');
  await run.printed(isUp);
  const answer = { status: 401, text: 'Coordinate support disabled' };
  assert.deepEqual(await run.ask('GET /v1/coordinate/nodes'), answer);
});

test('a hangup reads the configuration again', async (t) => {
  const file = join(scratchFolder(t), 'log.hcl');
  await writeFile(file, 'log_level = "info"');
  const run = await startAgent(t, '-dev', `-config-file=${file}`);
  await run.printed(isUp);
  await writeFile(file, 'log_level = [');
  run.signal('SIGHUP');
  await run.printed('agent: Reload config failed: error=');
});

test('a hangup registers what files define now, and no longer what they do not', async (t) => {
  const file = join(scratchFolder(t), 'services.json');
  await writeFile(file, '{"services": [{"name": "old"}]}');
  const run = await startAgent(t, '-dev', `-config-file=${file}`);
  await run.printed(isUp);
  await writeFile(file, '{"services": [{"name": "new"}]}');
  run.signal('SIGHUP');
  await run.printed('Synced service: service=new');
  const services: object = JSON.parse((await run.ask('GET /v1/agent/services')).text);
  assert.deepEqual(Object.keys(services), ['new']);
});

test('what is wrong with the configuration is told on stderr, and nothing starts', async (t) => {
  const run = await startAgent(t, '-server');
  assert.equal(await run.ended, 1);
  assert.equal(run.stderr, '==> data_dir cannot be empty\n');
  assert.equal(run.stdout, '');
});

test('a level of the log that there is not is refused with those there are', async (t) => {
  const run = await startAgent(t, '-dev', '-log-level=silence');
  assert.equal(await run.ended, 1);
  const levels = '[TRACE DEBUG INFO WARN ERR ERROR]';
  assert.equal(run.stderr, `==> Invalid log level: silence. Valid log levels are: ${levels}\n`);
});

test('a client is refused with what to do about it', async (t) => {
  const run = await startAgent(t, `-data-dir=${scratchFolder(t)}`);
  assert.equal(await run.ended, 1);
  assert.equal(run.stderr, '==> server = false cannot be used yet: set it to true, or use -server\n');
});

test('an agent that finds nobody to join at its start ends with exit code 1', async (t) => {
  const run = await startAgent(t, '-dev', '-join=127.0.0.1:1');
  assert.equal(await run.ended, 1);
  assert.match(run.stdout, /==> Joining cluster\.\.\.\n/);
  assert.match(run.stdout, /\[ERROR\] agent: 1 error occurred:\n\t\* Failed to join /);
});

test('retry-join goes on until its attempts are used up', async (t) => {
  const retries = ['-retry-join=127.0.0.1:1', '-retry-interval=1ms', '-retry-max=2'];
  const run = await startAgent(t, '-dev', ...retries);
  assert.equal(await run.ended, 1);
  assert.equal(
    run.stdout.match(/Join cluster failed, will retry: cluster=LAN retry_interval=1ms/g)?.length,
    2,
  );
  assert.match(run.stdout, /Retry join failed: error="agent: max join LAN retry exhausted, exiting"/);
});

test('a port that is taken ends the start, with the port in the text', async (t) => {
  const first = await startAgent(t, '-dev');
  await first.printed(isUp);
  const second = await startAgent(t, '-dev', `-client=${first.address}`);
  assert.equal(await second.ended, 1);
  const at = `${first.address}:8600: bind: address already in use`;
  assert.ok(
    second.stdout.includes(
      `Error starting agent: error="2 errors occurred:\n\t* listen udp ${at}\n\t* listen tcp ${at}\n\n"\n`,
    ),
    second.stdout,
  );
  const third = await startAgent(t, '-dev', `-bind=${first.address}`);
  assert.equal(await third.ended, 1);
  const why = `Failed to start RPC layer: listen tcp ${first.address}:8300: bind: address already in use`;
  assert.ok(third.stdout.includes(`error="Failed to start Consul server: ${why}"\n`), third.stdout);
});

test('what keeps an agent from starting is said with the part of it that could not start', async (t) => {
  for (const [flag, why] of [
    ['-encrypt=YWJj', 'Failed to configure keyring: key size must be 16, 24 or 32 bytes'],
    ['-protocol=1', "Failed to start Consul server: Protocol version '1' too low. Must be in range: [2, 3]"],
    ['-protocol=9', "Failed to start Consul server: Protocol version '9' too high. Must be in range: [2, 3]"],
    [
      '-raft-protocol=9',
      'Failed to start Consul server: Failed to start Raft: Protocol version 9 must be >= 1 and <= 3',
    ],
    [
      '-hcl=addresses { http = "unix:///nosuch/folder/socket" }',
      'listen unix /nosuch/folder/socket: bind: no such file or directory',
    ],
  ] as const) {
    const run = await startAgent(t, '-dev', flag);
    assert.equal(await run.ended, 1);
    assert.ok(run.stdout.includes(`[ERROR] agent: Error starting agent: error="${why}"\n`), run.stdout);
  }
});

test('who cannot be joined at the start is named, and the agent ends', async (t) => {
  const run = await startAgent(t, '-dev', '-bootstrap', '-join=127.0.0.1:1');
  assert.equal(await run.ended, 1);
  const failed = '1 error occurred:\n\t* Failed to join 127.0.0.1: dial tcp 127.0.0.1:1: connect: ';
  const refused = `${failed}connection refused\n\n`;
  for (const line of [
    '            Server: true (Bootstrap: true)\n',
    '[WARN]  agent: bootstrap = true: do not enable unless necessary\n',
    '[WARN]  agent.auto_config: bootstrap = true: do not enable unless necessary\n',
    '==> Joining cluster...\n',
    '[INFO]  agent: (LAN) joining: lan_addresses=[127.0.0.1:1]\n',
    `[WARN]  agent: (LAN) couldn't join: number_of_nodes=0 error="${refused}"\n`,
    `[ERROR] agent: ${refused}\n`,
  ])
    assert.ok(run.stdout.includes(line), `${line} is not in ${run.stdout}`);
  assert.doesNotMatch(run.stdout, /agent: agent\./);
});

test('T1-1: what an agent without a mesh, other datacenters and web pages says of them', async (t) => {
  const run = await startAgent(t, '-dev');
  await run.printed(isUp);
  const disabled = 'Connect must be enabled in order to use this endpoint';
  const answers: Readonly<Record<string, readonly [status: number, text: string]>> = {
    '/v1/connect/ca/roots': [500, disabled],
    '/v1/connect/ca/configuration': [500, disabled],
    '/v1/agent/connect/ca/roots': [500, disabled],
    '/v1/agent/connect/ca/leaf/web': [500, disabled],
    '/v1/discovery-chain/web': [500, disabled],
    '/v1/discovery-chain/': [400, 'Bad request: Missing chain name'],
    '/v1/coordinate/datacenters': [200, '[]\n'],
    '/v1/agent/members?wan=1': [200, 'null\n'],
    '/robots.txt': [404, ''],
    '/v1/': [404, ''],
  };
  for (const [path, [status, text]] of Object.entries(answers)) {
    assert.deepEqual(await run.ask(`GET ${path}`), { status, text }, path);
  }
});

test('pid_file has the id of the process while the agent runs', async (t) => {
  const file = join(scratchFolder(t), 'agent.pid');
  const run = await startAgent(t, '-dev', `-pid-file=${file}`);
  await run.printed(isUp);
  assert.equal(await readFile(file, 'utf8'), `${process.pid}`);
  run.signal('SIGTERM');
  await run.ended;
  await assert.rejects(readFile(file));
  const failing = await startAgent(t, '-dev', '-pid-file=/no/such/file');
  assert.equal(await failing.ended, 1);
  const reason = 'Could not open pid file: open /no/such/file: no such file or directory';
  assert.ok(failing.stdout.includes(`Error starting agent: error="${reason}"\n`));
});

test('autopilot begins as it is configured', async (t) => {
  const autopilot = '-hcl=autopilot { max_trailing_logs = 77, server_stabilization_time = "3s" }';
  const run = await startAgent(t, '-dev', autopilot);
  await run.printed(hasLeader);
  const config = JSON.parse((await run.ask('GET /v1/operator/autopilot/configuration')).text);
  assert.deepEqual([config.MaxTrailingLogs, config.ServerStabilizationTime], [77, '3s']);
});

test('T1-7: a domain is the same in any case, and without its last dot', async (t) => {
  const run = await startAgent(t, '-dev', '-domain=Example.Internal', '-alt-domain=Other.');
  await run.printed('Consul agent running!\n');
  await run.printed('Synced node info');
  for (const zone of ['example.internal', 'other', 'EXAMPLE.internal']) {
    assert.equal((await run.dig(`n1.node.${zone}`)).address, run.address, zone);
  }
});
