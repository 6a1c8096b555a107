// Members that say they are servers, of this datacenter or another, with tags that are lies or none.

import { alive, compound, compressed, noise, userMessage } from '../../wire/messages.ts';
import { pack } from '../../wire/pack.ts';
import { type ConsulClass, packetsTo, pause } from '../consul-class.ts';

/** Into both pools. */
export const gossipTags: ConsulClass = {
  name: 'gossip-tags',
  title: "gossip: invented servers and clients, with Consul's tags wrong in every way, and random bytes",
  *inputs({ isBrief }) {
    const random = Array.from({ length: isBrief ? 100 : 500 }, (_, seed) => noise((seed * 7) % 600, seed));
    for (const port of ['lan', 'wan'] as const) {
      yield* packetsTo(port, random);
      yield* packetsTo(
        port,
        wrongTags.map((tags, at) => member(`tagged-${port}-${at}`, tags)),
      );
      yield* packetsTo(port, [alive({ Node: 'no-map', Meta: Buffer.of(0xff, 0xc1) })]);
      yield* packetsTo(port, [
        alive({ Node: 'long', Meta: Buffer.concat([Buffer.of(0xff), noise(2_000, 1)]) }),
      ]);
      yield* packetsTo(port, events);
    }
    const invented = Array.from({ length: isBrief ? 200 : 5_000 }, (_, at) =>
      member(`client-${at}`, { ...client, id: `id-${at}` }, at),
    );
    for (let at = 0; at < invented.length; at += 5)
      yield* packetsTo('lan', [compound(invented.slice(at, at + 5))]);
    yield* packetsTo('lan', [compressed(compound(invented.slice(0, 5)))]);
    yield pause(isBrief ? 1_000 : 8_000);
  },
};

function member(name: string, tags: { readonly [key: string]: string }, at = 0): Buffer {
  const Addr = Buffer.of(127, 255, at >> 8, at & 0xff);
  return alive({ Node: name, Addr, Port: 8301, Meta: Buffer.concat([Buffer.of(0xff), pack(tags)]) });
}

const server = {
  ...{ role: 'consul', dc: 'dc1', id: 'a-b-c', port: '8300', vsn: '2', vsn_min: '2', vsn_max: '3' },
  ...{ build: '1.8.7:', raft_vsn: '3', wan_join_port: '8302', segment: '', acls: '0' },
};
const client = { role: 'node', dc: 'dc1', id: 'd', vsn: '2', vsn_min: '2', vsn_max: '3', build: '1.8.7:' };
const numbers = ['', '-1', '0', '65536', '99999999999999999999', 'x', '0x10', ' 1', '1e3'];

const wrongTags = [
  server,
  client,
  {},
  { role: 'consul' },
  { ...server, expect: '1' },
  { ...server, bootstrap: '1' },
  { ...server, dc: 'x'.repeat(300) },
  { ...server, dc: '' },
  { ...server, build: '(('.repeat(100) },
  { ...server, role: '__proto__' },
  { ...server, id: '../../x' },
  ...['port', 'vsn', 'vsn_min', 'vsn_max', 'raft_vsn', 'expect', 'wan_join_port'].flatMap((tag) =>
    numbers.map((value) => ({ ...server, [tag]: value })),
  ),
];

/** Events by which agents speak to each other, with nonsense inside. */
const events = ['consul:event:x', 'consul:new-leader', '_rexec', 'consul:event:_rexec'].flatMap((Name, at) =>
  [null, Buffer.of(0xc1), pack({ ID: 7 }), pack({ ID: 'x'.repeat(5_000), Name: [], Version: -1 })].map(
    (Payload) => userMessage(3, { CC: false, LTime: 100 + at, Name, Payload }),
  ),
);
