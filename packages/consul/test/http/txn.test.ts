// Transactions over HTTP; the captures of testdata are replayed in golden.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpOf } from '../kit/ask-http.js';
import { startLoneServer } from '../kit/lone-server.js';

test('T2-3: flags of a transaction keep their 64 bits', async () => {
  const ask = httpOf(startLoneServer().caller);
  const steps = '[{"KV":{"Verb":"set","Key":"f","Value":"eA==","Flags":18446744073709551615}}]';
  assert.match((await ask('PUT /v1/txn', steps)).text, /"Flags":18446744073709551615,/);
  assert.match((await ask('GET /v1/kv/f')).text, /"Flags":18446744073709551615,/);
});

test('T2-3: 65 steps are too many, 64 are not', async () => {
  const ask = httpOf(startLoneServer().caller);
  const steps = (count: number) => JSON.stringify(Array(count).fill({ KV: { Verb: 'get-tree', Key: 'a' } }));
  assert.equal((await ask('PUT /v1/txn', steps(64))).status, 200);
  const { status, text } = await ask('PUT /v1/txn', steps(65));
  assert.deepEqual([status, text], [413, 'Transaction contains too many operations (65 > 64)']);
});

test('T0-15: during its lock-delay no transaction locks a key, or does anything else with it', async () => {
  const server = startLoneServer();
  const ask = httpOf(server.caller);
  await ask('PUT /v1/catalog/register', '{"Node":"n1","Address":"a"}');
  const session = async () => {
    const body = '{"Node":"n1","Checks":[],"LockDelay":"15s"}';
    return JSON.parse((await ask('PUT /v1/session/create', body)).text).ID as string;
  };
  const first = await session();
  await ask(`PUT /v1/kv/lock?acquire=${first}`, 'x');
  await ask(`PUT /v1/session/destroy/${first}`);
  const second = await session();
  const steps = JSON.stringify([
    { KV: { Verb: 'set', Key: 'other', Value: 'eA==' } },
    { KV: { Verb: 'lock', Key: 'lock', Value: 'eA==', Session: second } },
  ]);
  const { status, text } = await ask('PUT /v1/txn', steps);
  assert.equal(status, 409);
  assert.match(text, /"OpIndex":1,"What":"failed to lock key \\"lock\\" due to lock delay"/);
  assert.equal((await ask('GET /v1/kv/other')).status, 404);
  await server.run(15_001);
  assert.equal((await ask('PUT /v1/txn', steps)).status, 200);
});

// Measured on the real program.
const refusals: Record<string, string> = {
  '{}': 'json: cannot unmarshal object into Go value of type api.TxnOps',
  '[3]': 'json: cannot unmarshal number into Go value of type api.TxnOp',
  '[{"KV":3}]': 'json: cannot unmarshal number into Go struct field TxnOp.KV of type api.KVTxnOp',
  '[{"KV":{"Key":3}}]': 'json: cannot unmarshal number into Go struct field KVTxnOp.KV.Key of type string',
  '[{"KV":{"Value":"!!"}}]': 'illegal base64 data at input byte 0',
  '[{"KV":{"Flags":-1}}]':
    'json: cannot unmarshal number -1 into Go struct field KVTxnOp.KV.Flags of type uint64',
  '[{"KV":{"Flags":18446744073709551616}}]':
    'json: cannot unmarshal number 18446744073709551616 into Go struct field KVTxnOp.KV.Flags of type uint64',
  '[{"Node":{"Verb":"set","Node":{"Node":3}}}]':
    'json: cannot unmarshal number into Go struct field Node.Node.Node.Node of type string',
  '[{"Service":{"Verb":"set","Service":{"Port":"x"}}}]':
    'json: cannot unmarshal string into Go struct field AgentService.Service.Service.Port of type int',
  '[{"Check":{"Check":{"Definition":{"Interval":"x"}}}}]': 'time: invalid duration "x"',
  '[{"Intention":{}}]': 'json: unknown field "Intention"',
};

for (const [body, reason] of Object.entries(refusals)) {
  test(`T2-3: ${body} is refused in Go's words`, async () => {
    const { status, text } = await httpOf(startLoneServer().caller)('PUT /v1/txn', body);
    assert.deepEqual([status, text], [400, `Failed to parse body: ${reason}`]);
  });
}
