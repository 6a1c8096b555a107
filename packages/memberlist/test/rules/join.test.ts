// Joining: which addresses are contacted, and what is said of failures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJoinAddress } from '@reeve/memberlist';
import { at, Cluster } from '../kit/cluster.ts';
import { Scene } from '../kit/scene.ts';

test('one address that answers makes a join, and its whole cluster is known at once', () => {
  const cluster = new Cluster();
  cluster.grow(3);
  const newcomer = cluster.start();
  const outcome = newcomer.join('10.0.0.99', '10.0.0.2');
  assert.equal(outcome.joined, 1);
  assert.equal(outcome.error?.failures.length, 1);
  assert.deepEqual(newcomer.memberNames, ['n1', 'n2', 'n3', 'n4']);
  assert.ok(at(cluster, 1).memberNames.includes('n4'));
});

test('the error names every failure in order, as the original does', () => {
  const { node } = new Scene();
  const { joined, error } = node.join(
    '10.0.0.99',
    '10.0.0.1:99999',
    '/nobody',
    'nowhere.example',
    '10.0.0.98:1',
  );
  assert.equal(joined, 0);
  assert.deepEqual(error?.failures, [
    'Failed to join 10.0.0.99: dial tcp 10.0.0.99:7946: i/o timeout',
    'Failed to resolve 10.0.0.1:99999: strconv.ParseUint: parsing "99999": value out of range',
    'Failed to resolve /nobody: empty node name provided',
    'Failed to resolve nowhere.example: lookup nowhere.example: no such host',
    'Failed to join 10.0.0.98: dial tcp 10.0.0.98:1: i/o timeout',
  ]);
  assert.ok(error?.message.startsWith('5 errors occurred:\n\t* Failed to join 10.0.0.99: '));
  assert.ok(error?.message.endsWith('i/o timeout\n\n'));
  assert.equal(node.logged('[DEBUG] memberlist: Failed to join').length, 2);
  assert.equal(node.logged('[WARN] memberlist: Failed to resolve').length, 3);
});

test('one failure is one error', () => {
  const { world, node } = new Scene();
  world.host('10.0.0.99');
  const { error } = node.join('10.0.0.99');
  assert.equal(
    error?.message,
    '1 error occurred:\n\t* Failed to join 10.0.0.99: ' +
      'dial tcp 10.0.0.99:7946: connect: connection refused\n\n',
  );
});

test('all addresses of a name are contacted', () => {
  const cluster = new Cluster();
  const [first, second, third] = [cluster.start(), cluster.start(), cluster.start()];
  cluster.world.network.names.set('seeds', [first.host.ip, second.host.ip]);
  assert.deepEqual(third.join('seeds'), { joined: 2 });
  assert.equal(third.logged('Initiating push/pull sync with:  10.0.0.2:7946').length, 1);
});

test('joining oneself counts, joining nobody is a success of zero', () => {
  const { node } = new Scene();
  assert.deepEqual(node.join('10.0.0.1'), { joined: 1 });
  assert.deepEqual(node.join(), { joined: 0 });
});

test('a join is never over before the call returns', () => {
  const { node } = new Scene();
  let over = false;
  node.list.join([], () => {
    over = true;
  });
  assert.equal(over, false);
});

const whole = { nodeName: '', host: '10.0.0.1', port: 7946 };

for (const [text, expected] of [
  ['10.0.0.1', whole],
  ['10.0.0.1:80', { ...whole, port: 80 }],
  ['web', { ...whole, host: 'web' }],
  ['web:80', { ...whole, host: 'web', port: 80 }],
  ['alpha/10.0.0.1', { ...whole, nodeName: 'alpha' }],
  ['alpha/[::1]:80', { nodeName: 'alpha', host: '::1', port: 80 }],
  ['::1', { ...whole, host: '::1' }],
  ['[::1]', { ...whole, host: '::1' }],
  ['[2001:db8::1]:80', { ...whole, host: '2001:db8::1', port: 80 }],
] as const) {
  test(`the address ${text} is ${expected.host} port ${expected.port}`, () => {
    assert.deepEqual(parseJoinAddress(text, 7946), expected);
  });
}

for (const [text, error] of [
  ['/10.0.0.1', 'empty node name provided'],
  ['[::1', "address [::1: missing ']' in address"],
  ['[::1]x', 'address [::1]x]:7946: missing port in address'],
  ['x]:1', "address x]:1: unexpected ']' in address"],
  ['a[b', "address a[b:7946: unexpected '[' in address"],
  ['10.0.0.1:', 'strconv.ParseUint: parsing "": invalid syntax'],
  ['10.0.0.1:http', 'strconv.ParseUint: parsing "http": invalid syntax'],
  ['10.0.0.1:65536', 'strconv.ParseUint: parsing "65536": value out of range'],
] as const) {
  test(`the address ${text} is none: ${error}`, () => {
    assert.throws(() => parseJoinAddress(text, 7946), { name: 'AddressError', message: error });
  });
}
