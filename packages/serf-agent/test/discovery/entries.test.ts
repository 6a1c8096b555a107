// What makes an entry of a search complete, and what it cannot be made to do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EntryCollector } from '../../dist/discovery/entries.js';
import type { DnsRecord } from '../../dist/discovery/wire/message.js';

const service = '_serf_web._tcp.local';
const pointer = (node: string): DnsRecord => ({
  kind: 'pointer',
  name: service,
  target: `${node}.${service}`,
});
const location = (node: string, target: string, port = 7946): DnsRecord => ({
  kind: 'service',
  name: `${node}.${service}`,
  target,
  port,
});
const address = (name: string, text: string): DnsRecord => ({ kind: 'address', name, address: text });
const text = (node: string): DnsRecord => ({ kind: 'text', name: `${node}.${service}`, texts: ['x'] });
const all = (node: string, machine: string, at: string): DnsRecord[] => [
  pointer(node),
  location(node, machine),
  address(machine, at),
  text(node),
];

test('port, address and text in one packet make a host, in any order', () => {
  const expected = { hosts: [{ host: '10.0.0.1', port: 7946 }], incomplete: [] };
  assert.deepEqual(new EntryCollector(service).take(all('a', 'vm', '10.0.0.1')), expected);
  assert.deepEqual(new EntryCollector(service).take(all('a', 'vm', '10.0.0.1').reverse()), expected);
});

test('an entry that is not complete is asked for once, and completed by later packets', () => {
  const collector = new EntryCollector(service);
  assert.deepEqual(collector.take([pointer('a')]), { hosts: [], incomplete: [`a.${service}`] });
  assert.deepEqual(collector.take([location('a', 'vm')]), { hosts: [], incomplete: [] });
  assert.deepEqual(collector.take([text('a')]), { hosts: [], incomplete: [] });
  assert.deepEqual(collector.take([address('vm', '10.0.0.1')]).hosts, [{ host: '10.0.0.1', port: 7946 }]);
});

test('a host without a port is none', () => {
  const records = [location('a', 'vm', 0), address('vm', '10.0.0.1'), text('a')];
  assert.deepEqual(new EntryCollector(service).take(records).hosts, []);
});

test('nodes that share a machine keep their own addresses', () => {
  const collector = new EntryCollector(service);
  const [a, b] = [all('a', 'vm', '10.0.0.1'), all('b', 'vm', '10.0.0.2')];
  const host = (text: string) => [{ host: text, port: 7946 }];
  assert.deepEqual(collector.take(a).hosts, host('10.0.0.1'));
  assert.deepEqual(collector.take(b).hosts, host('10.0.0.2'));
  assert.deepEqual(collector.take(a).hosts, host('10.0.0.1'));
});

test('one packet may tell of several nodes on a machine', () => {
  const records = [
    location('a', 'vm', 1),
    location('b', 'vm', 2),
    text('a'),
    text('b'),
    address('vm', '::1'),
  ];
  assert.deepEqual(new EntryCollector(service).take(records).hosts, [
    { host: '::1', port: 1 },
    { host: '::1', port: 2 },
  ]);
});

test('what belongs to other services, or to the service itself, is no entry', () => {
  const collector = new EntryCollector(service);
  const foreign: DnsRecord[] = [
    { kind: 'pointer', name: service, target: 'a._serf_db._tcp.local' },
    { kind: 'service', name: service, target: 'vm', port: 1 },
    { kind: 'text', name: `not${service}`, texts: [] },
    address('vm', '10.0.0.1'),
  ];
  assert.deepEqual(collector.take(foreign), { hosts: [], incomplete: [] });
});

test('a flood of made-up nodes fills no more than the bound', () => {
  const collector = new EntryCollector(service);
  let asked = 0;
  for (let index = 0; index < 2_000; index++)
    asked += collector.take([pointer(`n${index}`)]).incomplete.length;
  assert.equal(asked, 1024);
  assert.deepEqual(collector.take(all('late', 'vm', '10.0.0.1')), { hosts: [], incomplete: [] });
});
