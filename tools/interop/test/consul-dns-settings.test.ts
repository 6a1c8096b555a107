// T0-20, T1-7: DNS as it is set, ours beside the original's: each agent has its own catalog, all with the
// same in it.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { ConsulAgent, consul187, consulMissing, reeveConsul } from '@reeve/interop';
import type { Endpoint } from '@reeve/runtime';
import { decode, encode } from 'dns-packet';
import { comparable, overTcp, overUdp, queryFor, registerAll } from './dns-exchange.js';

const types = ['A', 'AAAA', 'SRV', 'TXT', 'ANY', 'SOA', 'NS', 'PTR'] as const;

describe('DNS as it is set', { skip: consulMissing() }, () => {
  test('T1-7: other domains, times to live, and only what passes', async (t) => {
    const settings = `domain = "example.internal", alt_domain = "other", dns_config {
      node_ttl = "7s", only_passing = true, service_ttl { "web" = "3s", "we*" = "4s", "*" = "5s" }
      soa { min_ttl = 9, refresh = 1, retry = 2, expire = 3 } }`;
    const zones = ['example.internal', 'other', 'consul'];
    const labels = ['web.service', 'v1.web.service', 'host.service', 'tagged.service', 'sick.service'];
    const names = [...labels, '_web._tcp.service', 'n1.node', 'six.node', 'nosuch.node', '0a000001.addr'];
    const all = zones.flatMap((zone) => [zone, ...names.map((name) => `${name}.${zone}`)]);
    await sameAnswers(t, settings, [...all, '1.0.0.10.in-addr.arpa', 'x.example.internal.consul']);
  });

  test('T0-20, T1-7: how many answers there are, and how long they may be', async (t) => {
    const limits = `dns_config { a_record_limit = 5, udp_answer_limit = 7, enable_truncate = true
      disable_compression = true, enable_additional_node_meta_txt = false }`;
    await sameAnswers(t, limits, ['many.service.consul', 'tagged.service.consul', 'n1.node.consul']);
    await sameAnswers(t, 'dns_config { enable_truncate = true }', ['many.service.consul']);
  });

  test('T1-7: what is not in the zone is asked of recursors, and where a name leads', async (t) => {
    const port = await startRecursor(t);
    const settings = `recursors = ["127.0.0.1:${port}"], dns_config { recursor_timeout = "20s" }`;
    const names = ['www.example.invalid', 'missing.example', 'host.service.consul', 'alias.service.consul'];
    const others = ['hostnode.node.consul', 'nosuch.service.consul', '9.9.9.9.in-addr.arpa'];
    // The original writes down anew what a recursor has said; we pass it on as it is.
    const mayDiffer = /"bytes":\d+,/g;
    await sameAnswers(t, settings, [...names, ...others], { mayDiffer });
    const nobodyFirst = `recursors = ["127.0.0.1:1", "127.0.0.1:${port}"]
      dns_config { recursor_timeout = "3s" }`;
    await sameAnswers(t, nobodyFirst, ['www.example.invalid'], { mayDiffer, asked: ['A'] });
  });
});

async function sameAnswers(
  t: TestContext,
  settings: string,
  names: readonly string[],
  { mayDiffer = /^$/, asked = types }: { mayDiffer?: RegExp; asked?: readonly string[] } = {},
): Promise<void> {
  const flags = ['-node=n0', '-serf-wan-port=-1', `-hcl=${settings}`];
  const agents = await Promise.all(
    [consul187, reeveConsul].map((program) => ConsulAgent.startOf(program, t, ...flags)),
  );
  await Promise.all(agents.map(registerAll));
  for (const name of names) {
    for (const type of asked) {
      for (const payloadBytes of [undefined, 1_400]) {
        const query = queryFor(name, type, payloadBytes);
        const what = `${name} ${type} ${payloadBytes}`;
        const [theirs, ours] = await Promise.all(agents.map((agent) => answered(agent, query, mayDiffer)));
        assert.deepEqual(ours, theirs, what);
      }
    }
  }
}

/** Over UDP and TCP; the agent's own address is another with each. */
async function answered(agent: ConsulAgent, query: Buffer, mayDiffer: RegExp): Promise<unknown> {
  const at: Endpoint = { host: agent.address, port: 8600 };
  const answers = [comparable(await overUdp(at, query)), comparable(await overTcp(at, query))];
  return JSON.parse(JSON.stringify(answers).replaceAll(agent.address, 'ADDRESS').replace(mayDiffer, ''));
}

/** Knows `www.example.invalid` and nothing else. */
async function startRecursor(t: TestContext): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { address, port }) => {
    const { id, questions = [] } = decode(query);
    const [{ name, type } = { name: '', type: 'A' }] = questions;
    const isKnown = name === 'www.example.invalid';
    const answer = encode({
      type: 'response',
      ...(id === undefined ? {} : { id }),
      flags: 0x0180 | (isKnown ? 0 : 3),
      questions,
      answers: isKnown && type === 'A' ? [{ name, type: 'A', ttl: 77, data: '9.9.9.9' }] : [],
    });
    socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  t.after(() => socket.close());
  return (socket.address() as AddressInfo).port;
}
