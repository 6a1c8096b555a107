// Calls whose headers or bodies are none, promise what does not come, or never end.

import { stream } from '../../hostile-class.ts';
import { deep, noise } from '../../wire/messages.ts';
import { pack } from '../../wire/pack.ts';
import { type ConsulClass, endless, streamsTo } from '../consul-class.ts';
import { call, connectionBytes, heads, multiplexed, promised, said, wide } from '../wire/server-port.ts';

/** net/rpc in every wrong way. */
export const rpcBodies: ConsulClass = {
  name: 'rpc-bodies',
  title: 'calls: lengths that promise more, nesting, wide lists, wrong types, bodies without end',
  *inputs({ isBrief }) {
    const wrong = [
      ...heads.map(promised),
      deep,
      Buffer.concat([Buffer.alloc(100_000, 0x81), Buffer.of(0xc0)]),
      ...[0xc0, 0xc2, 0x01, 0x90, 0x80, 0xc1, 0xa0].map((byte) => Buffer.of(byte)),
      ...Array.from({ length: isBrief ? 10 : 100 }, (_, seed) => Buffer.from(noise(300, seed))),
    ];
    for (const method of [...methods, 'Nobody.Knows', '', 'x'.repeat(70_000)]) {
      const calls = wrong.map((body, at) => said(2 * at + 1, call(method, body)));
      for (const each of calls) yield stream('server', [multiplexed(each)]);
      yield stream('server', [multiplexed(...calls)]);
    }
    yield* streamsTo(
      'server',
      wrong.map((body) => Buffer.concat([Buffer.of(connectionBytes.single), body])),
    );
    for (const element of [0xa0, 0xc0, 0x00]) yield* wideCalls(isBrief ? 2_000_000 : 15_000_000, element);
    const opening = Buffer.concat([Buffer.of(connectionBytes.single), call('KVS.Apply', promised(0xdb))]);
    for (let left = 8; left > 0; left--) yield endless('server', opening, Buffer.alloc(65_536, 0x61), 400);
  },
};

function* wideCalls(elements: number, element: number) {
  const list = wide(elements, element);
  const fields = ['Datacenter', 'Checks', 'ServiceTags', 'NodeMeta', 'Ops', 'Unknown'];
  for (const [at, method] of ['Catalog.Register', 'Health.ServiceNodes', 'Txn.Apply'].entries()) {
    const body = fields.map((name) => Buffer.concat([Buffer.of(0x81), pack(name), list]));
    const chosen = body[(at * 2 + 1) % body.length] ?? list;
    yield stream('server', [Buffer.of(connectionBytes.single), call(method, chosen)]);
  }
  for (const body of [`Checks`, 'Service', 'Ops', 'Unknown'].map((name) => [
    Buffer.of(0x81),
    pack(name),
    list,
  ])) {
    yield stream('server', [
      Buffer.of(connectionBytes.single),
      call('Catalog.Register', Buffer.concat(body)),
    ]);
  }
}

/** One of each kind of request. */
const methods = [
  'Status.Ping',
  'KVS.Apply',
  'KVS.List',
  'Catalog.Register',
  'Catalog.ServiceNodes',
  'Health.ServiceNodes',
  'Session.Apply',
  'Txn.Apply',
  'Coordinate.Update',
  'Internal.EventFire',
  'Internal.KeyringOperation',
  'Operator.AutopilotSetConfiguration',
];
