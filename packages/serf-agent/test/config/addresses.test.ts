// Addresses as people write them. Texts measured on serf 0.9.4.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Network } from '@reeve/runtime';
import { NetworkError } from '@reeve/runtime';
import { findAddresses, resolveEndpoint } from '../../dist/config/addresses.js';
import { initialConfig } from '../../dist/config/merge.js';
import type { AgentConfig } from '../../dist/config/schema.js';

const hosts: Readonly<Record<string, readonly string[]>> = {
  'dual.example': ['2001:db8::1', '192.0.2.1'],
  'v6.example': ['2001:db8::2'],
  '192.0.2.7': ['192.0.2.7'],
  '0.0.0.0': ['0.0.0.0'],
  '::1': ['::1'],
};

const network: Network = {
  resolve(host, done) {
    const addresses = hosts[host];
    const error = new NetworkError('ENOTFOUND', `lookup ${host}: no such host`);
    setImmediate(done, addresses ? { ok: true, value: addresses } : { ok: false, error });
  },
  bindPackets: unused,
  listen: unused,
  dial: unused,
  privateAddress: unused,
};

function unused(): never {
  assert.fail('only names are looked up');
}

const accepted: readonly (readonly [address: string, host: string, port: number])[] = [
  ['192.0.2.7', '192.0.2.7', 7946],
  ['192.0.2.7:1234', '192.0.2.7', 1234],
  ['192.0.2.7:', '192.0.2.7', 0],
  [':1234', '0.0.0.0', 1234],
  ['[::1]', '::1', 7946],
  ['[::1]:1234', '::1', 1234],
  ['dual.example', '192.0.2.1', 7946],
  ['v6.example:1', '2001:db8::2', 1],
];

for (const [address, host, port] of accepted) {
  test(`'${address}' means port ${port} of ${host}`, async () => {
    assert.deepEqual(await resolveEndpoint(address, network, 7946), { host, port });
  });
}

const refused: readonly (readonly [address: string, message: string])[] = [
  ['::1', 'address ::1: too many colons in address'],
  ['[::1', "address [::1: missing ']' in address"],
  ['[::1]x:1', 'address [::1]x:1: missing port in address'],
  ['a]b:1', "address a]b:1: unexpected ']' in address"],
  ['192.0.2.7:99999', 'address 99999: invalid port'],
  ['192.0.2.7:-1', 'address -1: invalid port'],
  ['192.0.2.7:x', 'address tcp/x: unknown port'],
  ['nowhere.example', 'lookup nowhere.example: no such host'],
];

for (const [address, message] of refused) {
  test(`'${address}' is refused in the words of the original`, async () => {
    await assert.rejects(resolveEndpoint(address, network, 7946), { message });
  });
}

test('without a default the port must be there', async () => {
  const message = 'address 192.0.2.7: missing port in address';
  await assert.rejects(resolveEndpoint('192.0.2.7', network), { message });
});

test('an interface gives its first usable address, and keeps the port', async () => {
  const { bind, chosenInterface } = await found({ interface: 'lo', bind: ':1234' });
  assert.deepEqual(bind, { host: '127.0.0.1', port: 1234 });
  assert.equal(chosenInterface, 'lo');
});

test('an address that is given must be one of the interface', async () => {
  const { bind, chosenInterface } = await found({ interface: 'lo', bind: '[::1]' }).catch(
    () => found({ interface: 'lo', bind: '0.0.0.0' }), // no IPv6 here
  );
  assert(bind.host === '::1' ? chosenInterface === undefined : chosenInterface === 'lo');
  await assert.rejects(found({ interface: 'lo', bind: '192.0.2.7' }), {
    message: "Interface 'lo' has no '192.0.2.7' address",
  });
  await assert.rejects(found({ interface: 'nope0' }), {
    message: 'Invalid network interface: route ip+net: no such network interface',
  });
});

test('the advertised port is 7946 unless it is given, whatever the bound one is', async () => {
  const { advertise } = await found({ bind: '192.0.2.7:1234', advertise: 'dual.example' });
  assert.deepEqual(advertise, { host: '192.0.2.1', port: 7946 });
});

test('all addresses are none that could be advertised', async () => {
  await assert.rejects(found({ advertise: ':99' }), {
    message: 'Invalid advertise address: address :99: missing host in address',
  });
});

function found(settings: Partial<AgentConfig>) {
  return findAddresses({ ...initialConfig(), ...settings }, network);
}
