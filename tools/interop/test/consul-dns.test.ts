// T0-19, T0-20, T1-7: our DNS in front of the real Consul's catalog, beside the real Consul's DNS.
//
// Ours asks the server by its RPC, as an agent in client mode does, so that both answer from one catalog.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { ConnectionPool, defaultDnsSettings, RemoteCaller, Resolver, startDnsServer } from '@reeve/consul';
import { ConsulAgent, consulMissing } from '@reeve/interop';
import { type Endpoint, silentLog } from '@reeve/runtime';
import { createNodeRuntime } from '@reeve/runtime/node';
import { comparable, overTcp, overUdp, queryFor, registerAll } from './dns-exchange.js';

const names = [
  ...['web.service.consul', 'WEB.Service.CONSUL', 'v1.web.service.consul', 'V1.web.service.dc1.consul'],
  ...['a.b.web.service.consul', 'nosuch.web.service.consul', '_web._tcp.service.consul', '_web._v1.consul'],
  ...[
    '_web._udp.service.consul',
    '_web.service.consul',
    'x._web._tcp.service.consul',
    '_web._tcp.dc1.consul',
  ],
  ...['host.service.consul', 'alias.service.consul', 'self.service.consul', 'loop.service.consul'],
  ...['tagged.service.consul', 'many.service.consul', 'sick.service.consul', 'odd.service.consul'],
  ...['n1.node.consul', 'N1.node.DC1.consul', 'six.node.consul', 'a.b.node.consul', 'hostnode.node.consul'],
  ...['innode.node.consul', 'nosuch.node.consul', 'n1.node.dc1.x.consul', 'node.consul', 'service.consul'],
  ...['n1.node.dc9.consul', 'web.service.dc9.consul', 'x.query.consul', 'web.connect.consul'],
  ...['web.ingress.consul', '0a000001.addr.consul', '0A000001.addr.dc7.consul', '0a00.addr.consul'],
  ...['zz000001.addr.consul', 'x.0a000001.addr.consul', '0a0000012.addr.consul', 'addr.consul'],
  ...[`${'0'.repeat(31)}1.addr.consul`, 'consul', 'foo.consul', 'ns.consul', 'example.com', 'notconsul'],
  ...['1.0.0.10.in-addr.arpa', '9.9.9.9.in-addr.arpa', '0.0.50.10.in-addr.arpa', 'x.arpa', 'arpa', '.'],
  ...['service.service.consul', 'node.service.consul', 'web.service.consul.consul', 'many.service'],
];
const types = ['A', 'AAAA', 'SRV', 'TXT', 'ANY', 'MX', 'SOA', 'NS', 'PTR', 'AXFR'] as const;

describe('T1-7: DNS as the real Consul has it', { skip: consulMissing() }, () => {
  test('every name and type is answered alike, over UDP and TCP, with and without EDNS', async (t) => {
    const { real, ours } = await startBoth(t);
    for (const name of names) {
      for (const type of types) {
        for (const payloadBytes of [undefined, 1_400]) {
          const query = queryFor(name, type, payloadBytes);
          const what = `${name} ${type} ${payloadBytes}`;
          const [theirs, our] = await Promise.all([overUdp(real, query), overUdp(ours, query)]);
          assert.deepEqual(comparable(our), comparable(theirs), what);
          if (payloadBytes !== undefined) continue;
          const [theirsTcp, ourTcp] = await Promise.all([overTcp(real, query), overTcp(ours, query)]);
          assert.deepEqual(comparable(ourTcp), comparable(theirsTcp), `${what} tcp`);
        }
      }
    }
  });

  test('what is no proper query is refused alike, or left unanswered by both', async (t) => {
    const { real, ours } = await startBoth(t);
    for (const [what, query] of improperQueries()) {
      const [theirs, our] = await Promise.all([overUdp(real, query), overUdp(ours, query)]);
      assert.deepEqual(our?.toString('hex'), theirs?.toString('hex'), what);
    }
  });
});

/** Queries for a node's address, each with something wrong. */
function improperQueries(): [string, Buffer][] {
  const good = queryFor('n1.node.consul', 'A', undefined);
  const changed = (at: number, ...bytes: number[]) => {
    const query = Buffer.from(good);
    query.set(bytes, at);
    return query;
  };
  return [
    ['an answer', changed(2, 0x81)],
    ['status', changed(2, 0x11)],
    ['update', changed(2, 0x29)],
    ['notification', changed(2, 0x21)],
    ['opcode 15', changed(2, 0x79)],
    ['all flags of a query', changed(2, 0x07, 0xff)],
    ['no question', changed(4, 0, 0)],
    ['two questions', changed(4, 0, 2)],
    ['a missing answer', changed(6, 0, 1)],
    ['two missing answers', changed(6, 0, 2)],
    ['a missing authority', changed(8, 0, 1)],
    ['a missing additional', changed(10, 0, 1)],
    ['three missing additionals', changed(10, 0, 3)],
    ['a header', good.subarray(0, 12)],
    ['half a header', good.subarray(0, 6)],
    ['nothing', Buffer.alloc(0)],
    ['half a name', good.subarray(0, 16)],
    ['half a type', good.subarray(0, good.length - 3)],
    ['a label of an unknown kind', changed(12, 0x82)],
    ['a pointer to itself', changed(12, 0xc0, 12)],
    ['more than a query', Buffer.concat([good, Buffer.from('garbage')])],
    ['another class', changed(good.length - 1, 3)],
    ['half an additional record', withOption(good, '').subarray(0, -3)],
    ['half an option', withOption(good, '0008')],
    ['a subnet of an unknown family', withOption(good, '00080004000300')],
    ['a subnet of too many bits', withOption(good, '00080004000121')],
    ['a subnet without its head', withOption(good, '000800020001')],
    ['an update lease of two bytes', withOption(good, '000200020001')],
    ['a long-lived query of eight bytes', withOption(good, '000100083132333435363738')],
    ['an expiry of two bytes', withOption(good, '000900020001')],
    ['an expiry of nothing', withOption(good, '00090000')],
    ['a keepalive of two bytes', withOption(good, '000b00020001')],
    ['a keepalive of nothing', withOption(good, '000b0000')],
    ['a keepalive of eight bytes', withOption(good, '000b00083132333435363738')],
    ['a keepalive that says its length', withOption(good, '000b0006000200020064')],
    ['algorithms that are understood', withOption(good, '000500020102')],
    ['a cookie', withOption(good, '000a00083132333435363738')],
    ['no type', good.subarray(0, -4)],
    ['no class', good.subarray(0, -2)],
    ['half a class', good.subarray(0, -1)],
    ['a good subnet and a bad one', withOption(good, '000800040001000000080003000000')],
    ['EDNS among the answers', asAnswer(withOption(good, ''))],
    ['padding', withOption(good, '000c00020000')],
    ['a name server id', withOption(good, '00030000')],
    ['an option of ones own', withOption(good, 'fde900020102')],
  ];
}

/** The query with EDNS, and these options in it. */
function withOption(query: Buffer, options: string): Buffer {
  const data = Buffer.from(options, 'hex');
  const record = Buffer.of(0, 0, 41, 16, 0, 0, 0, 0, 0, 0, data.length);
  const whole = Buffer.concat([query, record, data]);
  whole[11] = 1;
  return whole;
}

/** The query with its one additional record among the answers. */
function asAnswer(query: Buffer): Buffer {
  const whole = Buffer.from(query);
  whole.set([0, 1, 0, 0, 0, 0], 6);
  return whole;
}

async function startBoth(t: TestContext): Promise<{ real: Endpoint; ours: Endpoint }> {
  const agent = await ConsulAgent.start(t);
  await registerAll(agent);
  const host = agent.http.split(':')[0] as string;
  const runtime = createNodeRuntime({ log: silentLog });
  const pool = new ConnectionPool(runtime);
  t.after(() => pool.close());
  const resolver = new Resolver(new RemoteCaller(pool, { host, port: 8300 }), runtime, defaultDnsSettings);
  const server = await new Promise<Parameters<Parameters<typeof startDnsServer>[2]>[0]>((resolve) =>
    startDnsServer({ runtime, resolver }, { host, port: 0 }, resolve),
  );
  assert.ok(server.ok);
  t.after(() => {
    server.value.close();
    resolver.close();
  });
  return { real: { host, port: 8600 }, ours: server.value.local };
}
