// What an agent tells of itself while it runs: its log, and its statistics.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startAgent } from '../kit/run-agent.ts';

test('T0-34: whoever monitors gets the lines of a level from now on, though fewer are shown', async (t) => {
  const run = await startAgent(t, '-dev', '-log-level=err');
  await run.printed('Consul agent running!\n');
  const gone = new AbortController();
  const url = `http://${run.address}:8500/v1/agent/monitor?loglevel=info`;
  const { status, headers, body } = await fetch(url, { signal: gone.signal });
  assert.deepEqual([status, headers.get('content-encoding')], [200, null]);
  await run.ask('PUT /v1/agent/service/register', '{"Name":"web"}');
  const line = /^\d{4}-\d\d-\d\dT\S+Z \[INFO\] {2}agent: Synced service: service=web$/m;
  let text = '';
  for await (const piece of body ?? []) {
    text += Buffer.from(piece).toString();
    if (line.test(text)) break;
  }
  gone.abort();
  assert.match(text, line);
  assert.doesNotMatch(text, /\[DEBUG\]/);
  assert.doesNotMatch(run.stdout, /Synced service/);
});

test('T0-34: the agent counts its services and checks', async (t) => {
  const run = await startAgent(t, '-dev');
  await run.printed('Consul agent running!\n');
  const check = { TTL: '1m' };
  await run.ask('PUT /v1/agent/service/register', JSON.stringify({ Name: 'web', Checks: [check, check] }));
  const { Stats } = JSON.parse((await run.ask('GET /v1/agent/self')).text);
  assert.deepEqual(Stats.agent, { check_monitors: '0', check_ttls: '2', checks: '2', services: '1' });
});
