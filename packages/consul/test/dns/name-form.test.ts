// What names ask for: chapter 5.1 of the names that Consul knows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reversedAddress, reverseName } from '../../dist/dns/answers/reverse.js';
import { parseName } from '../../dist/dns/name-form.js';
import { defaultDnsSettings, serviceTtl } from '../../dist/dns/settings.js';

const serviceTtlFor = (ttls: Record<string, number>) => (name: string) =>
  serviceTtl({ ...defaultDnsSettings, serviceTtls: new Map(Object.entries(ttls)) }, name);

const domains = { domain: 'consul.', altDomain: 'alt.example.' };
const a = 1;
const srv = 33;
const service = (name: string, tag = '', datacenter?: string) => ({
  kind: 'service',
  service: name,
  tag,
  datacenter,
});

const forms: readonly [what: string, name: string, type: number, form: object][] = [
  ['a service', 'web.service.consul.', a, service('web')],
  ['any case', 'WEB.Service.CONSUL.', a, service('web')],
  ['a service of a datacenter', 'web.service.dc2.consul.', a, service('web', '', 'dc2')],
  ['a tag', 'v1.web.service.consul.', a, service('web', 'v1')],
  ['one tag with dots', '01.web.redis.service.consul.', a, service('redis', '01.web')],
  ['RFC 2782 without a tag', '_web._tcp.service.consul.', a, service('web')],
  ['RFC 2782 with a tag', '_web._v1.service.consul.', a, service('web', 'v1')],
  ['udp, which is a tag', '_web._udp.service.consul.', a, service('web', 'udp')],
  ['RFC 2782 without the word service', '_web._tcp.consul.', srv, service('web')],
  ['the same of a datacenter', '_web._v1.dc2.consul.', srv, service('web', 'v1', 'dc2')],
  ['the same for an address', '_web._tcp.consul.', a, { kind: 'invalid' }],
  ['three labels with underscores', 'x._web._tcp.service.consul.', srv, service('_tcp', 'x._web')],
  ['the alternative domain', 'web.service.alt.example.', a, service('web')],
  ['a node', 'n1.node.consul.', a, { kind: 'node', node: 'n1', datacenter: undefined }],
  [
    'a node whose name has a kind in it',
    'dotted.node.name.node.dc1.consul.',
    a,
    { kind: 'node', node: 'dotted.node.name', datacenter: 'dc1' },
  ],
  ['two labels behind the kind', 'n1.node.dc1.x.consul.', a, { kind: 'invalid' }],
  ['nothing before the kind', 'node.consul.', a, { kind: 'invalid' }],
  ['no kind', 'foo.bar.consul.', a, { kind: 'invalid' }],
  ['the domain alone', 'consul.', a, { kind: 'invalid' }],
  ['a prepared query', 'a.b.query.consul.', a, { kind: 'query', query: 'a.b', datacenter: undefined }],
  [
    'an address',
    '7F000032.addr.dc9.x.consul.',
    a,
    { kind: 'address', address: Uint8Array.of(127, 0, 0, 50), localName: '7f000032.addr.dc9.x.' },
  ],
  [
    'an address of another length',
    '7f00.addr.consul.',
    a,
    { kind: 'address', address: undefined, localName: '7f00.addr.' },
  ],
  ['no hexadecimal digits', 'zz000032.addr.consul.', a, { kind: 'invalid' }],
  ['digits with a half too many', '7f0000321.addr.consul.', a, { kind: 'invalid' }],
  ['an address with a label before it', 'x.7f000032.addr.consul.', a, { kind: 'invalid' }],
];

for (const [what, name, type, form] of forms)
  test(`T0-19: ${what} is understood: ${name}`, () => assert.deepEqual(parseName(name, type, domains), form));

test('T0-20: a time to live is the one of the name, else of the longest prefix, else of all', () => {
  const ttl = serviceTtlFor({ web: 30, 'ma*': 15, 'many*': 16, '*': 5 });
  assert.deepEqual(['web', 'web2', 'many', 'mask', 'x', ''].map(ttl), [30, 5, 16, 15, 5, 5]);
  assert.equal(serviceTtlFor({})('web'), defaultDnsSettings.nodeTtl);
});

test('T1-7: an address and the name that stands for it lead to each other', () => {
  for (const address of ['127.0.1.3', 'fd00::6', '::1', '255.0.255.0']) {
    const name = reverseName(address);
    assert.equal(reversedAddress(name ?? ''), address);
  }
  assert.equal(reverseName('127.0.1.3'), '3.1.0.127.in-addr.arpa.');
  assert.equal(reverseName('www.example.invalid'), undefined);
  for (const name of ['1.2.3.in-addr.arpa.', '1.2.3.400.in-addr.arpa.', 'x.ip6.arpa.', 'arpa.'])
    assert.equal(reversedAddress(name), undefined);
});
