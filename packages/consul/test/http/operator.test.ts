// What operators are told about raft and autopilot, beside what the original told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureNames, readPlain } from '@reeve/golden';
import { httpOf } from '../kit/ask-http.js';
import { startLoneServer } from '../kit/lone-server.js';

const refusals = captureNames('http/operator', 'consul').filter((name) =>
  /(raft-peer|autopilot).*-(400|500)$/.test(name),
);

for (const name of refusals) {
  test(`T1-11: ${name.replace('http/', '')} is refused with the original's words`, async () => {
    const { command, text } = readPlain(name, 'consul');
    const [, body = ''] = /^> body: (.*)$/m.exec(text) ?? [];
    const [, status] = /^HTTP\/1.1 (\d+)/m.exec(text) ?? [];
    const answer = await httpOf(startLoneServer().caller)(command, body);
    assert.deepEqual([answer.status, answer.text], [Number(status), text.split('\n\n')[1]?.trimEnd()]);
  });
}

test('T1-11: raft configuration and autopilot configuration have the fields of the original', async () => {
  const ask = httpOf(startLoneServer().caller);
  for (const name of ['raft-configuration', 'autopilot-configuration']) {
    const { command, text } = readPlain(`http/operator/${name}`, 'consul');
    const original = JSON.parse(text.split('\n\n')[1] ?? '');
    const ours = JSON.parse((await ask(command)).text);
    assert.deepEqual(Object.keys(ours), Object.keys(original));
    if (original.Servers) assert.deepEqual(Object.keys(ours.Servers[0]), Object.keys(original.Servers[0]));
  }
});

test('T1-11: a configuration is set, and with cas only where nobody has set another', async () => {
  const ask = httpOf(startLoneServer().caller);
  const path = '/v1/operator/autopilot/configuration';
  assert.equal((await ask(`PUT ${path}`, '{"LastContactThreshold":"300ms"}')).text, 'true');
  const { ModifyIndex, LastContactThreshold } = JSON.parse((await ask(`GET ${path}`)).text);
  assert.equal(LastContactThreshold, '300ms');
  assert.equal((await ask(`PUT ${path}?cas=1`, '{"MaxTrailingLogs":7}')).text, 'false');
  assert.equal((await ask(`PUT ${path}?cas=${ModifyIndex}`, '{"MaxTrailingLogs":7}')).text, 'true');
  assert.match((await ask(`PUT ${path}?cas=x`, '{}')).text, /cas value: strconv.ParseUint: parsing "x"/);
});

test('T1-11: a peer is removed by its address', async () => {
  const server = startLoneServer();
  const ask = httpOf(server.caller);
  await server.consensus.addNonvoter('b', '10.0.0.2:8300');
  const answer = await ask('DELETE /v1/operator/raft/peer?address=10.0.0.2:8300');
  assert.deepEqual([answer.status, answer.text], [200, '']);
  assert.deepEqual(
    server.consensus.servers.map(({ id }) => id),
    ['a'],
  );
});
