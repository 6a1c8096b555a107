// Bodies that do not fit: what Go says of them, measured on the real program. (Where Go prints a whole
// struct without a name, we say `struct`.)

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AskHttp, httpOf } from '../kit/ask-http.js';
import { createLocalAgentRig } from '../kit/local-agent.js';
import { startLoneServer } from '../kit/lone-server.js';

type Refusals = readonly (readonly [body: string, reason: string])[];

async function refused(ask: AskHttp, request: string, prefix: string, refusals: Refusals): Promise<void> {
  for (const [body, reason] of refusals) {
    const { status, text } = await ask(request, body);
    assert.deepEqual([status, text], [400, prefix + reason], body);
  }
}

const cannot = 'json: cannot unmarshal';
const address = 'structs.ServiceAddress';

test('T1-1: a wrong value in a map is told of the map, one in a struct of the innermost struct', async () => {
  await refused(server(), 'PUT /v1/catalog/register', 'Request decode failed: ', [
    ['{"NodeMeta":{"a":1}}', `${cannot} number into Go struct field RegisterRequest.NodeMeta of type string`],
    [
      '{"Service":{"TaggedAddresses":{"a":{"Port":"x"}}}}',
      `${cannot} string into Go struct field ServiceAddress.Service.TaggedAddresses.Port of type int`,
    ],
    [
      '{"Service":{"TaggedAddresses":{"a":[]}}}',
      `${cannot} array into Go struct field NodeService.Service.TaggedAddresses of type ${address}`,
    ],
    [
      '{"Checks":{}}',
      `${cannot} object into Go struct field RegisterRequest.Checks of type structs.HealthChecks`,
    ],
  ]);
});

// Found by fuzzing.
test('a number beyond all floats is refused where any other would be taken', async () => {
  const digits = `5${'0'.repeat(400)}`;
  const ask = server();
  await refused(ask, 'PUT /v1/session/create', 'Request decode failed: ', [
    [`{"LockDelay":${digits}}`, `${cannot} number ${digits} into Go value of type float64`],
  ]);
});

test('a list of more elements than the log takes is refused before they are looked at', async () => {
  const body = `{"Node":"n","Address":"a","Checks":[${'{},'.repeat(65_536)}{}]}`;
  const { status, text } = await server()('PUT /v1/catalog/register', body);
  assert.deepEqual([status, text], [400, 'Request decode failed: 65537 elements, the limit is 65536']);
});

test('T1-1: of what decodes itself only its own place is told', async () => {
  await refused(server(), 'PUT /v1/catalog/register', 'Request decode failed: ', [
    [
      '{"Check":{"Definition":{"TCP":1}}}',
      `${cannot} number into Go struct field HealthCheck.Check.Definition of type string`,
    ],
    [
      '{"Check":{"Definition":{"Header":{"a":1}}}}',
      `${cannot} number into Go struct field HealthCheck.Check.Definition of type []string`,
    ],
  ]);
  const rig = createLocalAgentRig();
  await rig.local.start({ services: [], checks: [] });
  await refused(rig.ask, 'PUT /v1/agent/service/register', 'Request decode failed: ', [
    ['{"Check":{"TCP":5}}', `${cannot} number into Go struct field .Check of type string`],
    ['{"Checks":[{"TCP":5}]}', `${cannot} number into Go struct field .Checks of type string`],
    ['{"Checks":5}', `${cannot} number into Go struct field .Checks of type structs.CheckTypes`],
    ['{"Kind":5}', `${cannot} number into Go struct field .Kind of type structs.ServiceKind`],
    ['{"Check":{"X":1}}', 'json: unknown field "X"'],
  ]);
  await refused(rig.ask, 'PUT /v1/agent/check/register', 'Request decode failed: ', [
    ['{"ID":5}', `${cannot} number into Go struct field .ID of type types.CheckID`],
    ['{"Header":{"a":[5]}}', `${cannot} number into Go struct field .Header of type string`],
  ]);
  rig.local.stop();
});

test('T1-1: transactions and autopilot are read as the types of Go’s client library', async () => {
  await refused(server(), 'PUT /v1/txn', 'Failed to parse body: ', [
    [
      '[{"Service":{"Service":{"Weights":{"Passing":"x"}}}}]',
      `${cannot} string into Go struct field AgentWeights.Service.Service.Weights.Passing of type int`,
    ],
    ['[{"Node":{"Node":[]}}]', `${cannot} array into Go struct field NodeTxnOp.Node.Node of type api.Node`],
    ['[{"KV":{"Verb":5}}]', `${cannot} number into Go struct field KVTxnOp.KV.Verb of type api.KVOp`],
    [
      '[{"Check":{"Check":{"Definition":{"Interval":true}}}}]',
      'strconv.ParseFloat: parsing "true": invalid syntax',
    ],
  ]);
  const prefix = 'Bad request: Error parsing autopilot config: ';
  await refused(server(), 'PUT /v1/operator/autopilot/configuration', prefix, [
    [
      '{"MinQuorum":"x"}',
      `${cannot} string into Go struct field AutopilotConfiguration.MinQuorum of type uint`,
    ],
    ['[]', `${cannot} array into Go value of type api.AutopilotConfiguration`],
    ['{"LastContactThreshold":true}', 'strconv.ParseFloat: parsing "true": invalid syntax'],
  ]);
});

test('T1-1: a transaction keeps of a check what the client library knows of it', async () => {
  const ask = server();
  await ask('PUT /v1/catalog/register', '{"Node":"n1","Address":"10.0.0.9"}');
  const definition = '{"TCP":"a:1","Interval":"5s","Shell":"sh","TTL":5,"OutputMaxSize":"x"}';
  const steps = `[{"Check":{"Verb":"set","Check":{"Node":"n1","CheckID":"c","Definition":${definition}}}}]`;
  const { status, text } = await ask('PUT /v1/txn', steps);
  assert.equal(status, 200);
  assert.match(text, /"Definition":\{"Interval":"5s","TCP":"a:1"\}/);
});

test('T1-1: a session may have fields that nobody knows, at any depth', async () => {
  const { text } = await server()('PUT /v1/session/create', '{"Foo":1,"ServiceChecks":[{"X":5}]}');
  assert.doesNotMatch(text, /unknown field/);
});

function server(): AskHttp {
  return httpOf(startLoneServer().caller);
}
