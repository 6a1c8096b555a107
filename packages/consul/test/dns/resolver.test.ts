// What the resolver asks, keeps and says when something is wrong; answers as such are in goldens.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DnsSettings, defaultDnsSettings, Resolver } from '../../dist/dns/index.js';
import { decodeMessage } from '../../dist/dns/wire/decode-message.js';
import type { Caller, QueryOptions } from '../../dist/rpc/methods/index.js';
import { type AskHttp, httpOf } from '../kit/ask-http.ts';
import { type LoneServer, startLoneServer } from '../kit/lone-server.ts';
import { settle } from '../kit/settle.ts';
import { digText, queryOf } from './dig-text.ts';
import { startRecursor } from './fake-recursor.ts';
import { register } from './recorded-catalogs.ts';

const web = { Node: 'n1', Address: '10.0.0.1', Service: { Service: 'web', Port: 80 } };

test('T0-19: a change is answered by the next question, also where the answer was kept', async () => {
  const { ask, http, calls } = start();
  await register(http, web);
  for (let i = 0; i < 3; i++) assert.equal((await ask('web.service.consul.')).answers.length, 1);
  // The question, and the wait for news.
  assert.deepEqual(calls.splice(0), ['Health.ServiceNodes', 'Health.ServiceNodes']);
  await register(http, { ...web, Node: 'n2', Address: '10.0.0.2' });
  assert.equal((await ask('web.service.consul.')).answers.length, 2);
  assert.equal(calls.length, 2);
});

test('a query that comes again is answered like the first, with its own number and flags', async () => {
  const { http, resolver } = start();
  await register(http, web);
  const first = queryOf({ name: 'web.service.consul.', type: 'A' });
  const answered = Buffer.from((await resolver.answer(first, 'udp')) ?? []);
  for (const id of [7, 0xfffe]) {
    const again = first.slice();
    new DataView(again.buffer).setUint16(0, id);
    const answer = Buffer.from((await resolver.answer(again, 'udp')) ?? []);
    assert.equal(answer.readUInt16BE(0), id);
    assert.deepEqual(answer.subarray(2), answered.subarray(2));
  }
  const undesired = first.slice();
  undesired[2] = 0; // no recursion desired
  assert.equal(Buffer.from((await resolver.answer(undesired, 'udp')) ?? []).readUInt8(2), 0x84);
});

test('T0-21: an instance whose node has failed is answered no more, its node is', async () => {
  const { ask, http } = start();
  const serfHealth = { CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing' };
  await register(http, { ...web, Check: serfHealth });
  assert.equal((await ask('web.service.consul.')).status, 'noError');
  await register(http, { ...web, SkipNodeUpdate: true, Check: { ...serfHealth, Status: 'critical' } });
  const { status, authority } = await ask('web.service.consul.');
  assert.deepEqual([status, authority.length], ['nameError', 1]);
  assert.equal((await ask('n1.node.consul.')).answers.length, 1);
});

test('T0-19: names that are not there are not kept, however many are asked for', async () => {
  const { ask, calls } = start();
  for (let i = 0; i < 3; i++) assert.equal((await ask('nosuch.service.consul.')).status, 'nameError');
  assert.equal(calls.length, 3);
});

test('T0-19: who asks for a tag is answered with it, whatever was kept for others', async () => {
  const { ask, http } = start();
  for (const [n, tag] of ['blue', 'green'].entries()) {
    const Service = { Service: 'web', Port: 80, Tags: [tag] };
    await register(http, { Node: `n${n}`, Address: `10.0.0.${n}`, Service });
  }
  const hostsOf = async (name: string) => (await ask(name)).answers.map((line) => line.split(' ').at(-1));
  assert.deepEqual(await hostsOf('blue.web.service.consul.'), ['10.0.0.0']);
  assert.deepEqual(await hostsOf('green.web.service.consul.'), ['10.0.0.1']);
  assert.deepEqual((await hostsOf('web.service.consul.')).sort(), ['10.0.0.0', '10.0.0.1']);
});

test('T0-19: an answer is kept no longer than there is a server that would tell news of it', async () => {
  const { server, http } = start();
  await register(http, web);
  let calls = 0;
  let lose = (): void => {};
  const call: Caller['call'] = (method, request, signal) => {
    calls++;
    if ((request as QueryOptions).minQueryIndex === 0) return server.caller.call(method, request, signal);
    return new Promise((_, reject) => {
      lose = () => reject(new Error('rpc error making call: EOF'));
    });
  };
  const resolver = new Resolver({ call }, server.context.runtime, defaultDnsSettings);
  const ask = () => resolver.answer(queryOf({ name: 'web.service.consul.', type: 'A' }), 'udp');
  for (let i = 0; i < 2; i++) await ask();
  assert.equal(calls, 2, 'the question, and the wait for news');
  lose();
  await server.run(10);
  await ask();
  assert.equal(calls, 4);
});

test('T0-19: where nothing older than some minutes is wanted nothing is kept', async () => {
  const { ask, http, calls } = start({ maxStaleMs: 300_000 });
  await register(http, web);
  for (let i = 0; i < 3; i++) assert.equal((await ask('web.service.consul.')).answers.length, 1);
  assert.equal(calls.length, 3);
});

test('T0-19: of very many answers the first are kept no longer', async () => {
  const { ask, http, calls } = start();
  for (let i = 0; i < 513; i++) {
    await register(http, { ...web, Service: { ID: `${i}`, Service: `s${i}`, Port: 80 } });
    await ask(`s${i}.service.consul.`);
  }
  calls.length = 0;
  await ask('s512.service.consul.');
  assert.equal(calls.length, 0);
  await ask('s0.service.consul.');
  assert.notEqual(calls.length, 0);
});

test('T0-19: what may not be stale is asked of the leader each time', async () => {
  const { ask, http, calls } = start({ allowStale: false });
  await register(http, web);
  for (let i = 0; i < 3; i++) await ask('web.service.consul.');
  assert.equal(calls.length, 3);
});

test('T0-19: an answer older than max_stale is asked for again, of the leader', async () => {
  const { ask, http, server, calls } = start({ maxStaleMs: 1_000 });
  await register(http, web);
  server.consensus.isLeader = false;
  server.consensus.lastContactMs = 2_000;
  server.others.set('10.0.0.1:8300', {
    call: async (method, request) => {
      server.consensus.isLeader = true;
      return server.caller.call(method, request);
    },
  });
  const answering = ask('web.service.consul.');
  await server.run(100);
  assert.equal((await answering).answers.length, 1);
  assert.equal(calls.length, 2);
  assert.ok(server.log.includes('agent.dns: Query results too stale, re-requesting'));
});

test('T0-19: without a leader ever there is a server failure, after the hold timeout', async () => {
  const { ask, server } = start();
  server.consensus.isLeader = false;
  server.consensus.leaderAddress = '';
  server.consensus.lastContactMs = undefined;
  const web = settle(ask('web.service.consul.'));
  await server.run(6_000);
  assert.equal(web.answer(), undefined);
  await server.run(4_000);
  const { status, flags, authority } = web.answer() ?? {};
  assert.deepEqual([status, flags, authority], ['serverFailure', 'qr aa rd', []]);
  const asking = ask('consul.', 'SOA');
  for (let i = 0; i < 5; i++) await server.run(2_000);
  const soa = await asking;
  assert.deepEqual([soa.status, soa.answers.length, soa.authority.length], ['noError', 1, 0]);
});

test('T0-19: after the quorum is lost answers go on', async () => {
  const { ask, http, server } = start();
  await register(http, web);
  server.consensus.isLeader = false;
  server.consensus.leaderAddress = '';
  server.consensus.lastContactMs = 60_000;
  assert.equal((await ask('web.service.consul.')).answers.length, 1);
});

test('T0-20: each instance is answered first about as often as any other', async () => {
  const { ask, http } = start();
  const count = 8;
  for (let i = 1; i <= count; i++) await register(http, { ...web, Node: `n${i}`, Address: `10.0.0.${i}` });
  const first = new Map<string, number>();
  const rounds = 1_600;
  for (let i = 0; i < rounds; i++) {
    const { answers } = await ask('web.service.consul.');
    assert.equal(new Set(answers).size, 3);
    first.set(answers[0] ?? '', (first.get(answers[0] ?? '') ?? 0) + 1);
  }
  assert.equal(first.size, count);
  // Five standard deviations of the binomial distribution.
  for (const times of first.values()) assert.ok(Math.abs(times - rounds / count) < 5 * 13.3, String(times));
});

test('T1-7: two services on one address with other ports are one address and two SRV records', async () => {
  const { ask, http } = start();
  await register(http, { ...web, Service: { Service: 'web', ID: 'a', Port: 1 } });
  await register(http, { ...web, Service: { Service: 'web', ID: 'b', Port: 2 } });
  assert.equal((await ask('web.service.consul.')).answers.length, 1);
  assert.equal((await ask('web.service.consul.', 'SRV')).answers.length, 2);
});

test('T1-7: an alias is answered alone, and only where no instance has an address', async () => {
  const { ask, http } = start();
  const alias = { ...web, Node: 'n2', Service: { Service: 'web', Port: 80, Address: 'www.example.invalid' } };
  await register(http, alias);
  await register(http, {
    ...alias,
    Node: 'n3',
    Service: { ...alias.Service, Address: 'other.example.invalid' },
  });
  const { answers } = await ask('web.service.consul.');
  assert.equal(answers.length, 1);
  assert.match(answers[0] ?? '', / CNAME /);
  await register(http, web);
  assert.deepEqual((await ask('web.service.consul.')).answers, ['web.service.consul. 0 IN A 10.0.0.1']);
});

test('T1-7: aliases that lead in a circle end', async () => {
  const { ask, http, server } = start();
  const alias = (service: string, address: string) =>
    register(http, { ...web, Service: { Service: service, Port: 1, Address: address } });
  await alias('loop', 'pool.service.consul');
  await alias('pool', 'loop.service.consul');
  const { answers } = await ask('loop.service.consul.');
  assert.equal(answers.length, 3); // as many as go without EDNS
  assert.ok(server.log.some((line) => line.startsWith('agent.dns: Infinite recursion detected')));
});

test('T1-7: metadata longer than a character string is answered whole', async () => {
  const { ask, http } = start();
  const meta = 'x'.repeat(400);
  await register(http, { ...web, NodeMeta: { long: meta } });
  assert.deepEqual((await ask('n1.node.consul.', 'TXT')).answers, [
    `n1.node.consul. 0 IN TXT "long=${meta}"`,
  ]);
});

test('T1-7: a name in the catalog that is no domain name is a server failure, and told once', async () => {
  const { ask, http, server } = start();
  await register(http, { ...web, Node: 'x'.repeat(64) });
  assert.equal((await ask('web.service.consul.', 'SRV')).status, 'serverFailure');
  assert.equal(server.log.filter((line) => line.startsWith('agent.dns: rpc error')).length, 1);
  assert.equal((await ask('web.service.consul.')).answers.length, 1);
});

test('T1-7: recursors are asked in their order, the next when one is silent or fails', async () => {
  const dead = { host: '10.0.0.66', port: 53 };
  const { ask, server } = start({ recursors: [dead, { host: '10.0.0.53', port: 53 }] });
  const asked = startRecursor(server.world);
  const answering = ask('www.example.com.');
  await server.run(1_900);
  assert.deepEqual(asked, []);
  await server.run(400);
  assert.deepEqual((await answering).answers, ['www.example.com. 77 IN A 203.0.113.5']);
  assert.deepEqual(asked, ['www.example.com.']);
});

test('T1-7: who knows more than how to forge an answer is needed to forge one', async () => {
  const { ask, server } = start({ recursors: [{ host: '10.0.0.53', port: 53 }] });
  const { network } = server.world.host('10.0.0.53').runtime;
  let queries = 0;
  let bound: { send(packet: Uint8Array, to: { host: string; port: number }): void } | undefined;
  network.bindPackets(
    { host: '10.0.0.53', port: 53 },
    (query, from) => {
      queries += 1;
      const otherId = query.slice();
      otherId[0] = (otherId[0] ?? 0) ^ 1;
      otherId[2] = 0x81;
      const otherName = query.slice();
      otherName[2] = 0x81;
      otherName[13] = 'x'.charCodeAt(0);
      for (const forged of [otherId, otherName, query, new Uint8Array(3)]) bound?.send(forged, from);
    },
    (result) => {
      if (result.ok) bound = result.value;
    },
  );
  const answering = ask('www.example.com.');
  await server.run(3_000);
  assert.equal((await answering).status, 'serverFailure');
  assert.equal(queries, 1);
});

test('T1-7: new settings hold for the next question', async () => {
  const { ask, http, resolver } = start();
  await register(http, web);
  await ask('web.service.consul.');
  resolver.configure({
    ...defaultDnsSettings,
    domain: 'example.internal.',
    serviceTtls: new Map([['*', 9]]),
  });
  assert.equal((await ask('web.service.consul.')).status, 'refused');
  const { answers } = await ask('web.service.example.internal.');
  assert.deepEqual(answers, ['web.service.example.internal. 9 IN A 10.0.0.1']);
});

test('T1-7: a query with options that make no sense is refused, with its question', async () => {
  const { resolver } = start();
  const asked = async (...option: readonly number[]) => {
    const record = [0, 0, 41, 16, 0, 0, 0, 0, 0, 0, option.length, ...option];
    const query = Buffer.from([...queryOf({ name: 'n1.node.consul.', type: 'A' }), ...record]);
    query[11] = 1;
    const answer = decodeMessage((await resolver.answer(query, 'udp')) ?? new Uint8Array());
    return [answer.header.code, answer.question?.name.text];
  };
  const refused = [1, 'n1.node.consul.'];
  assert.deepEqual(await asked(0, 8, 0, 4, 0, 3, 0, 0), refused); // a subnet of no family
  assert.deepEqual(await asked(0, 2, 0, 2, 0, 1), refused); // an update lease without its time
  assert.deepEqual(await asked(0, 8, 0, 4, 0, 1, 0, 0, 0, 8, 0, 1, 0), refused); // the second subnet
  assert.deepEqual(await asked(0, 1), refused);
  assert.notDeepEqual(await asked(0, 2, 0, 4, 0, 0, 0, 1), refused);
});

test('T1-7: AXFR is not implemented', async () => {
  const { ask } = start();
  assert.equal((await ask('consul.', 'AXFR')).status, 'notImplemented');
});

function start(changed: Partial<DnsSettings> = {}): {
  server: LoneServer;
  http: AskHttp;
  resolver: Resolver;
  calls: string[];
  ask(name: string, type?: string): Promise<ReturnType<typeof digText>>;
} {
  const server = startLoneServer();
  const calls: string[] = [];
  const caller: typeof server.caller.call = (method, request, signal) => {
    calls.push(method.name);
    return server.caller.call(method, request, signal);
  };
  const settings = { ...defaultDnsSettings, ...changed };
  const resolver = new Resolver({ call: caller }, server.context.runtime, settings);
  const ask = async (name: string, type = 'A') => {
    const answer = await resolver.answer(queryOf({ name, type }), 'udp');
    assert.ok(answer !== undefined);
    return digText(answer);
  };
  return { server, http: httpOf(server.caller), resolver, calls, ask };
}
