// The keys of gossip over HTTP, and over restarts. consul.md 3.13, 12.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AgentRun, scratchFolder, startAgent } from '../kit/run-agent.ts';

const first = 'pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=';
const second = '2lNvUB9m7kwwDeoR2UK0TlhbECT99f+UJRuJaHS10O0=';

test('keys are installed, used, removed, and counted', async (t) => {
  const run = await startAgent(t, '-dev', `-encrypt=${first}`);
  await run.printed('Consul agent running!\n');
  assert.deepEqual(await keysOf(run), { keys: { [first]: 1 }, primaryKeys: { [first]: 1 } });
  assert.equal((await change(run, 'POST', second)).status, 200);
  assert.equal((await change(run, 'PUT', second)).status, 200);
  assert.deepEqual(await keysOf(run), { keys: { [first]: 1, [second]: 1 }, primaryKeys: { [second]: 1 } });
  const refused = await change(run, 'DELETE', second);
  const reasons = [
    'dc1 (LAN) error: 1/1 nodes reported failure',
    'n1: Removing the primary key is not allowed',
  ];
  const text = `2 errors occurred:\n\t* ${reasons[0]}\n\t* ${reasons[1]}\n\n`;
  assert.deepEqual(refused, { status: 500, text });
  assert.equal((await change(run, 'DELETE', first)).status, 200);
  assert.deepEqual(await keysOf(run), { keys: { [second]: 1 }, primaryKeys: { [second]: 1 } });
});

test('without encryption there are no keys, and that is an error', async (t) => {
  const run = await startAgent(t, '-dev');
  await run.printed('Consul agent running!\n');
  const { status, text } = await run.ask('GET /v1/operator/keyring');
  assert.equal(status, 500);
  assert.match(
    text,
    /dc1 \(LAN\) error: 1\/1 nodes reported failure\n\t\* n1: Keyring is empty \(encryption not /,
  );
});

test('what makes no sense is refused before anybody is asked', async (t) => {
  const run = await startAgent(t, '-dev', `-encrypt=${first}`);
  await run.printed('Consul agent running!\n');
  const answers: Readonly<Record<string, string>> = {
    'GET /v1/operator/keyring?relay-factor=9': 'Invalid relay-factor: Relay factor must be in range: [0, 5]',
    'GET /v1/operator/keyring?relay-factor=x':
      'Error parsing relay factor: strconv.Atoi: parsing "x": invalid syntax',
    'GET /v1/operator/keyring?local-only=x':
      'Error parsing local-only: strconv.ParseBool: parsing "x": invalid syntax',
    'DELETE /v1/operator/keyring?local-only=true':
      'Invalid use of local-only: local-only can only be set for list requests',
  };
  for (const [request, reason] of Object.entries(answers)) {
    const body = request.startsWith('GET') ? undefined : '{}';
    assert.deepEqual(await run.ask(request, body), { status: 400, text: `Bad request: ${reason}` });
  }
});

test('T1-6: keys are kept over a restart, whatever the configuration says by then', async (t) => {
  const data = join(scratchFolder(t), 'data');
  const flags = ['-server', '-bootstrap', `-data-dir=${data}`];
  const before = await startAgent(t, ...flags, `-encrypt=${first}`);
  await before.printed('Consul agent running!\n');
  const file = join(data, 'serf/local.keyring');
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), [first]);
  await change(before, 'POST', second);
  await change(before, 'PUT', second);
  before.signal('SIGTERM');
  await before.ended;
  const after = await startAgent(t, ...flags, `-encrypt=${first}`);
  await after.printed('Consul agent running!\n');
  assert.deepEqual((await keysOf(after)).primaryKeys, { [second]: 1 });
});

test('disable_keyring_file keeps no keys', async (t) => {
  const data = join(scratchFolder(t), 'data');
  const flags = ['-server', '-bootstrap', `-data-dir=${data}`, `-encrypt=${first}`, '-disable-keyring-file'];
  const run = await startAgent(t, ...flags);
  await run.printed('Consul agent running!\n');
  assert.equal(existsSync(join(data, 'serf/local.keyring')), false);
});

async function keysOf(run: AgentRun): Promise<{ readonly keys: object; readonly primaryKeys: object }> {
  const [pool] = JSON.parse((await run.ask('GET /v1/operator/keyring')).text);
  return { keys: pool.Keys, primaryKeys: pool.PrimaryKeys };
}

function change(run: AgentRun, method: string, key: string) {
  return run.ask(`${method} /v1/operator/keyring`, JSON.stringify({ Key: key }));
}
