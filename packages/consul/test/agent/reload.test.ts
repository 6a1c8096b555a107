// What a reload changes while the agent runs, and what it says of what is wrong. consul.md 6.6.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@reeve/cli';
import { type AgentRun, scratchFolder, startAgent } from '../kit/run-agent.ts';

test('T0-30: a reload changes the metadata of the node, here and in the catalog', async (t) => {
  const { run, reload } = await started(t, { node_meta: { rack: 'r1' } });
  await run.printed('Synced node info');
  assert.equal((await reload({ node_meta: { rack: 'r2', row: '7' } })).status, 200);
  const expected = { rack: 'r2', row: '7', 'consul-network-segment': '' };
  assert.deepEqual(JSON.parse((await run.ask('GET /v1/agent/self')).text).Meta, expected);
  const metaInCatalog = async () => JSON.parse((await run.ask('GET /v1/catalog/node/n1')).text).Node.Meta;
  await until(async () => (await metaInCatalog())?.rack === 'r2');
  assert.deepEqual(await metaInCatalog(), expected);
});

test('T0-30: a reload changes the level of the log, and keeps it where there is no such level', async (t) => {
  const { run, reload } = await started(t, { log_level: 'warn' });
  await reload({ log_level: 'debug' });
  await run.ask('PUT /v1/agent/service/register', '{"Name":"web"}');
  await run.printed('[INFO]  agent: Synced service: service=web\n');
  assert.equal((await reload({ log_level: 'silence' })).status, 200);
  await run.printed('[WARN]  agent: Invalid log level in new configuration: level=silence\n');
});

test('T0-30: a reload changes how DNS answers', async (t) => {
  const { run, reload } = await started(t, { dns_config: { node_ttl: '7s' } });
  await run.printed('Synced node info');
  assert.equal((await run.dig('n1.node.consul')).ttl, 7);
  await reload({ dns_config: { node_ttl: '9s' } });
  assert.equal((await run.dig('n1.node.consul')).ttl, 9);
});

test('T1-13: more calls than limits.rpc_rate and its burst allow are answered with 429', async (t) => {
  const { run, reload } = await started(t, {});
  await run.printed('Synced node info');
  await reload({ limits: { rpc_rate: 0.001, rpc_max_burst: 2 } });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await run.ask('GET /v1/kv/a')).status);
  assert.equal(statuses.at(-1), 429);
  assert.equal((await run.ask('GET /v1/agent/self')).status, 200);
  await reload({});
  assert.equal((await run.ask('GET /v1/kv/a')).status, 404);
});

test('T1-13: a reload changes how many connections a client of HTTP may have', async (t) => {
  const { run, reload } = await started(t, {});
  await reload({ limits: { http_max_conns_per_client: 3 } });
  const sockets = Array.from({ length: 6 }, () => opened(t, run));
  await until(async () => sockets.filter((socket) => !socket.destroyed).length <= 3);
});

test('T0-30: what is wrong with a definition is told with what was reloaded', async (t) => {
  const { run, reload } = await started(t, {});
  const service = { name: 'web', check: { args: ['true'], interval: '1s' } };
  const scripts = "to enable, configure 'enable_script_checks' or 'enable_local_script_checks' to true";
  const reason = `Failed to register service "web": Scripts are disabled on this agent; ${scripts}`;
  assert.deepEqual(await reload({ service }), { status: 500, text: `Failed reloading services: ${reason}` });
  run.signal('SIGHUP');
  await run.printed(`Reload config failed: error="Failed reloading services: ${reason}"\n`);
});

test('T0-30: a signal to an agent that leaves already waits for that leave', async (t) => {
  const drains = '-hcl=performance { leave_drain_time = "700ms" } skip_leave_on_interrupt = false';
  const run = await startAgent(t, '-dev', drains);
  await run.printed('Consul agent running!\n');
  const leave = run.ask('PUT /v1/agent/leave');
  await run.printed('server starting leave');
  run.signal('SIGINT');
  await run.printed('agent: Gracefully shutting down agent...');
  assert.equal((await leave).status, 200);
  assert.equal(await run.ended, 0);
  assert.doesNotMatch(run.stdout, /\[ERROR\]/);
  assert.equal(run.stdout.split('server starting leave').length, 2);
});

interface Reloading {
  readonly run: AgentRun;
  reload(config: JsonObject): Promise<{ readonly status: number; readonly text: string }>;
}

async function started(t: TestContext, config: JsonObject): Promise<Reloading> {
  const file = join(scratchFolder(t), 'agent.json');
  await writeFile(file, JSON.stringify(config));
  const run = await startAgent(t, '-dev', `-config-file=${file}`);
  await run.printed('Consul agent running!\n');
  const reload = async (changed: JsonObject) => {
    await writeFile(file, JSON.stringify(changed));
    return run.ask('PUT /v1/agent/reload');
  };
  return { run, reload };
}

function opened(t: TestContext, run: AgentRun): Socket {
  const socket = connect(8500, run.address);
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  return socket;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); await sleep(20)) {
    assert.ok(Date.now() < end, 'it did not happen in 60 s');
  }
}
