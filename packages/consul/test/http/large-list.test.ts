// A list so long that it costs something, and many who wait for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startAgent } from '../kit/run-agent.ts';

test('T1-16: a list of 10,000 services comes to all of 200 who wait for one more', async (t) => {
  const run = await startAgent(t, '-dev', `-hcl=limits { http_max_conns_per_client = ${waiting + 50} }`);
  await run.printed('Consul agent running!\n');
  await run.printed('cluster leadership acquired');
  await run.ask('PUT /v1/catalog/register', '{"Node":"ext","Address":"10.0.0.9"}');
  const register = async (names: readonly string[]): Promise<void> => {
    const operations = names.map((Service) => ({
      Service: { Verb: 'set', Node: 'ext', Service: { Service } },
    }));
    assert.equal((await run.ask('PUT /v1/txn', JSON.stringify(operations))).status, 200);
  };
  for (let at = 0; at < services; at += operationsMax) {
    await register(Array.from({ length: Math.min(operationsMax, services - at) }, (_, i) => `s${at + i}`));
  }
  const list = `http://${run.address}:8500/v1/catalog/services`;
  const before = await fetch(list);
  assert.equal(Object.keys((await before.json()) as object).length, services + 1, 'those, and consul');
  const index = before.headers.get('x-consul-index');
  const answers = Array.from({ length: waiting }, () => fetch(`${list}?index=${index}&wait=4m`));
  await run.ask('GET /v1/catalog/services'); // those before it have arrived
  await register(['one-more']);
  for (const answer of await Promise.all(answers)) {
    assert.equal(answer.headers.get('content-encoding'), 'gzip');
    const found = (await answer.json()) as object;
    assert.ok('one-more' in found && Object.keys(found).length === services + 2);
  }
});

const services = 10_000;
const waiting = 200;
/** Of one transaction. */
const operationsMax = 64;
