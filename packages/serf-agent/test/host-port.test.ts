// Addresses as Go's net package reads and refuses them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHostPort } from '../dist/host-port.js';

test('an address is a host and a port', () => {
  assert.deepEqual(parseHostPort('127.0.0.1:7373'), { host: '127.0.0.1', port: 7373 });
  assert.deepEqual(parseHostPort('[::1]:7373'), { host: '::1', port: 7373 });
  assert.deepEqual(parseHostPort(':7373'), { host: '', port: 7373 });
  assert.deepEqual(parseHostPort('web1:07373'), { host: 'web1', port: 7373 });
  assert.deepEqual(parseHostPort('web1:'), { host: 'web1', port: 0 });
});

test('a port may be left out where it has a default', () => {
  assert.deepEqual(parseHostPort('web1', 7946), { host: 'web1', port: 7946 });
  assert.deepEqual(parseHostPort('[::1]', 7946), { host: '::1', port: 7946 });
  assert.deepEqual(parseHostPort('web1:1', 7946), { host: 'web1', port: 1 });
  assert.throws(() => parseHostPort('::1', 7946), { message: 'address ::1: too many colons in address' });
  assert.throws(() => parseHostPort('[::1]x', 7946), {
    message: 'address [::1]x: missing port in address',
  });
});

test('whatever else there is gets the words of Go', () => {
  // As `serf members -rpc-addr=…` of 0.9.4 says it, behind `dial tcp: `.
  const refusals = {
    nonsense: 'address nonsense: missing port in address',
    '127.0.0.1:foo': 'address tcp/foo: unknown port',
    '127.0.0.1:99999': 'address 99999: invalid port',
    '127.0.0.1:-1': 'address -1: invalid port',
  };
  for (const [address, message] of Object.entries(refusals)) {
    assert.throws(() => parseHostPort(address), { message });
  }
});
