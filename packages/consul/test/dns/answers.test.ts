// Records of instances and nodes, and the rules of what goes into an answer, each by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOfNode, addressOfService, portOfService } from '../../dist/dns/answers/addresses.js';
import { isHealthy, weightOf } from '../../dist/dns/answers/health.js';
import { metaRecords } from '../../dist/dns/answers/node-records.js';
import { drawn } from '../../dist/dns/answers/service-answer.js';
import { answersMaxOf, trim } from '../../dist/dns/answers/trim.js';
import { domainName } from '../../dist/dns/wire/domain-name.js';
import { health } from '../../dist/rpc/methods/index.js';
import { httpOf } from '../kit/ask-http.ts';
import { startLoneServer } from '../kit/lone-server.ts';
import { register } from './recorded-catalogs.ts';

const types = { a: 1, aaaa: 28, srv: 33 };
const local = { translatesAddresses: false, datacenter: 'dc1' };
const translating = { translatesAddresses: true, datacenter: 'dc1' };

test('T1-7: a tagged address of the right family goes before the address', async () => {
  const { node, service } = await instance({
    TaggedAddresses: { lan_ipv4: '10.0.0.7', lan_ipv6: 'fd00::7', wan: '203.0.113.7' },
    Service: {
      Service: 'web',
      Port: 80,
      Address: '10.9.0.1',
      TaggedAddresses: {
        lan_ipv6: { Address: 'fd00::9', Port: 1 },
        wan: { Address: '203.0.113.9', Port: 81 },
      },
    },
  });
  assert.equal(addressOfNode(node, types.a, local), '10.0.0.7');
  assert.equal(addressOfNode(node, types.aaaa, local), 'fd00::7');
  assert.equal(addressOfNode(node, types.srv, local), 'fd00::7');
  assert.equal(addressOfService(service, types.a, local, 'dc1'), '10.9.0.1');
  assert.equal(addressOfService(service, types.srv, local, 'dc1'), 'fd00::9');
});

test('T1-7: with translate_wan_addrs other datacenters are met at WAN addresses and ports', async () => {
  const { node, service } = await instance({
    TaggedAddresses: { wan: '203.0.113.7' },
    Service: { Service: 'web', Port: 80, TaggedAddresses: { wan: { Address: '203.0.113.9', Port: 81 } } },
  });
  const foreign = { ...node, datacenter: 'dc2' };
  assert.equal(addressOfNode(foreign, types.a, translating), '203.0.113.7');
  assert.equal(addressOfNode(foreign, types.a, local), '10.0.0.1');
  assert.equal(addressOfNode(node, types.a, translating), '10.0.0.1');
  assert.equal(addressOfService(service, types.a, translating, 'dc2'), '203.0.113.9');
  assert.equal(addressOfService(service, types.a, translating, 'dc1'), '');
  assert.deepEqual(
    [portOfService(service, translating, 'dc2'), portOfService(service, translating, 'dc1')],
    [81, 80],
  );
});

test('T0-19: weights go by health; maintenance has none, a status nobody knows has 1', async () => {
  const weights = { Passing: 7, Warning: 3 };
  const weightIn = async (...statuses: string[]) => {
    const Checks = statuses.map((Status) => ({ CheckID: Status, Name: Status, Status }));
    return weightOf(await instance({ Service: { Service: 'web', Weights: weights }, Checks }));
  };
  assert.deepEqual(
    [
      await weightIn(),
      await weightIn('passing', 'warning'),
      await weightIn('critical'),
      await weightIn('up'),
    ],
    [7, 3, 0, 1],
  );
  const Check = { CheckID: '_node_maintenance', Name: 'm', Status: 'passing' };
  assert.equal(weightOf(await instance({ Service: { Service: 'web', Weights: weights }, Check })), 0);
});

test('T1-7: only_passing drops what is not passing, whatever it is called', async () => {
  const inStatus = (Status: string) =>
    instance({ Service: { Service: 'web' }, Check: { CheckID: 'c', Name: 'c', Status } });
  const healthy = async (status: string, onlyPassing: boolean) =>
    isHealthy(await inStatus(status), onlyPassing);
  assert.deepEqual([await healthy('warning', false), await healthy('warning', true)], [true, false]);
  assert.deepEqual([await healthy('up', false), await healthy('up', true)], [true, false]);
  assert.deepEqual([await healthy('critical', false), await healthy('passing', true)], [false, true]);
});

test('T1-7: metadata is quoted as RFC 1464 has it', async () => {
  const meta = { ' a= ': 'b`c=d', 'RFC1035-x': 'as it is', 'k`': '' };
  const { node } = await instance({ NodeMeta: meta, Service: { Service: 'web' } });
  const texts = metaRecords(node, domainName('n1.node.consul.'), 0).map(({ text }) =>
    Buffer.from(text).toString(),
  );
  assert.deepEqual(texts.sort(), ['` a`=` =b``c=d', 'as it is', 'k``=']);
});

test('T0-20: whoever is drawn, nobody is drawn twice', () => {
  const { random } = startLoneServer(5).context.runtime;
  const items = [...Array(20).keys()];
  for (let count = 0; count <= items.length; count++) {
    const some = drawn(items, count, random);
    assert.deepEqual([some.length, new Set(some).size], [count, count]);
  }
});

test('T0-20: an answer is as long as there is room, whatever the sizes', () => {
  const name = domainName('web.service.consul.');
  const question = { name, type: types.a, class: 1 };
  const answers = [...Array(100).keys()].map((i) => ({
    kind: 'a' as const,
    name,
    ttl: 0,
    address: Uint8Array.of(10, 0, 0, i),
  }));
  const room = { transport: 'udp', payloadBytes: 1_232, udpAnswersMax: 3, compressesNames: true } as const;
  const fitting = (changed: object) => {
    const one = { ...room, ...changed };
    const some = answers.slice(0, answersMaxOf(types.a, one));
    const offer = { answers: some, additional: [], answersTotal: answers.length };
    const { answers: rest, isTrimmed } = trim(question, offer, one);
    return [rest.length, isTrimmed];
  };
  // A header and the question take 36 bytes, a record 16, or 34 with its name; 7 bytes are left over.
  assert.deepEqual(fitting({}), [Math.floor((1_225 - 36) / 16), true]);
  assert.deepEqual(fitting({ compressesNames: false }), [Math.floor((1_225 - 36) / 34), true]);
  assert.deepEqual(fitting({ payloadBytes: undefined }), [3, true]);
  assert.deepEqual(fitting({ payloadBytes: undefined, udpAnswersMax: 100 }), [8, true]);
  assert.deepEqual(fitting({ payloadBytes: 513, udpAnswersMax: 100 }), [Math.floor((506 - 36) / 16), true]);
  assert.deepEqual(fitting({ transport: 'tcp' }), [100, false]);
});

/** An instance as the server tells it, of what `/v1/catalog/register` was told. */
async function instance(body: object) {
  const { caller } = startLoneServer();
  await register(httpOf(caller), { Node: 'n1', Address: '10.0.0.1', ...body });
  const question = { ...health.serviceNodes.request.zero(), serviceName: 'web' };
  const { nodes } = await caller.call(health.serviceNodes, question);
  const [only] = nodes ?? [];
  assert.ok(only !== undefined);
  return only;
}
