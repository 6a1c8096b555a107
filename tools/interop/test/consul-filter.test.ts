// T1-2: the same expressions, the same answers and the same complaints as of the real Consul.

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { readArchive } from '@reeve/consul';
import {
  compileFilter,
  instanceHealthShape,
  listCheckedInstances,
  StateReader,
  type Tables,
} from '@reeve/consul/core';
import { ConsulAgent, consulMissing } from '@reeve/interop';
import { compileRe2 } from '@reeve/serf/re2';

const instances = [
  {
    Node: 'db-1',
    Address: '10.0.0.7',
    NodeMeta: { rack: 'r7' },
    Service: { Service: 'db', ID: 'db1', Tags: ['master', 'v2'], Port: 3306, Meta: { 'a-b': 'x' } },
    Checks: [
      { Name: 'mem', Status: 'passing' },
      { Name: 'alive', ServiceID: 'db1', Status: 'critical', Output: 'no\nanswer' },
    ],
  },
  {
    Node: 'db-2',
    Address: '10.0.0.8',
    Service: { Service: 'db', ID: 'db2', Address: '10.1.0.8', TaggedAddresses: { lan: { Port: 1 } } },
  },
];

const expressions = [
  ...['Node.Node == "db-1"', 'Node.Meta.rack==r7', 'Node.Meta.rack != r7', 'Node.Meta.rack matches "z"'],
  ...[
    'Node.Meta.rack not matches "7"',
    'Node.Meta is empty',
    'Service.Meta["a-b"] == x',
    'rack in Node.Meta',
  ],
  ...[
    'master in Service.Tags',
    'Service.Tags contains v2',
    'Service.Tags is empty',
    'not Service.Tags is empty',
  ],
  ...['Service.Port == 3306', 'Service.Port == "0xCEA"', 'Service.Port == `06352`', 'Service.Port != 3_306'],
  ...['Service.EnableTagOverride == F', 'Service.Weights.Passing == 1', 'Service.Kind == ""', 'Kind == ""'],
  ...[
    'Service.TaggedAddresses.lan.Port == 1',
    'lan in Service.TaggedAddresses',
    'Service.Address contains "1.0"',
  ],
  ...[
    'Checks.Status == critical',
    'Checks.Status != critical',
    'not Checks.Status == critical',
    'Checks is empty',
  ],
  ...[
    'Checks.Output matches "no.answer"',
    'Checks.Output matches "(?s)no.answer"',
    'Checks.CheckID in Service',
  ],
  ...['Service.Proxy.DestinationServiceName is empty', 'Service.Proxy.DestinationServiceName == ""'],
  ...[
    'Service.Proxy.Upstreams.LocalBindPort == 1',
    'Service.Proxy.Expose.Checks == false',
    'Service.Connect == 1',
  ],
  ...[
    'Node.Node matches "["',
    'Node.Node matches "a**"',
    'Service.Port == 1.5',
    'Service.Port == 1x',
    'Checks.Type',
  ],
  ...[
    '(Node.Node == a',
    'Node.Node == a)',
    'Node in [',
    'Service.Tags[0] == a',
    'Service.Meta["a-b == x',
    ' ',
    '"',
  ],
  ...[
    'Node.Node == "a\\q"',
    'Node.Node == "\\x64b-1"',
    'Node.Node == é',
    'Node.Node == "é" \n and\n x',
    'not',
    'é',
  ],
  ...[
    'Node.Node == a or Service.ID == db2 and Checks is empty',
    '((Service.ID == db1) or (Service.ID == db2))',
  ],
  ...[
    'Service.ID == db1 and Bogus == 1',
    'Service.ID == db1and Service.Port == 1',
    'Service.ID is not empty',
  ],
];

describe('T1-2: filters as the real Consul has them', { skip: consulMissing() }, () => {
  test('every expression picks the same instances, or is refused in the same words', async (t) => {
    const real = await ConsulAgent.start(t);
    for (const instance of instances) await real.put('/v1/catalog/register', JSON.stringify(instance));
    const tables = await tablesOf(real);
    for (const expression of expressions) {
      const path = `/v1/health/service/db?filter=${encodeURIComponent(expression)}`;
      const { status, body } = await real.request('GET', path);
      const theirs = status === 200 ? idsIn(JSON.parse(text(body))) : text(body);
      assert.deepEqual(answer(tables, expression), theirs, expression);
    }
  });
});

function answer(tables: Tables, expression: string): readonly string[] | string {
  try {
    const decide = compileFilter(expression, instanceHealthShape, compileRe2);
    const { value } = listCheckedInstances(tables, null, 'db', []);
    return value.filter(decide).map(({ service }) => service.id);
  } catch (error) {
    return (error as Error).message;
  }
}

async function tablesOf(real: ConsulAgent): Promise<Tables> {
  const state = new StateReader();
  const archive = [await real.get('/v1/snapshot')];
  const onState = (piece: Uint8Array) => state.push(piece);
  await readArchive(Readable.from(archive), { onState, stateBytesMax: 1e8 });
  return state.finish();
}

function idsIn(answered: readonly { readonly Service: { readonly ID: string } }[]): readonly string[] {
  return answered.map(({ Service }) => Service.ID);
}

function text(body: Uint8Array): string {
  return Buffer.from(body).toString();
}
