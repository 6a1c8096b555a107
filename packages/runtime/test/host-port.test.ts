// Addresses as Go's net package takes them apart and refuses them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPortMissing, splitHostPort } from '@reeve/runtime';

test('an address is a host and what stands behind its last colon', () => {
  assert.deepEqual(splitHostPort('127.0.0.1:7373'), { host: '127.0.0.1', port: '7373' });
  assert.deepEqual(splitHostPort('[::1]:7373'), { host: '::1', port: '7373' });
  assert.deepEqual(splitHostPort('[]:http'), { host: '', port: 'http' });
  assert.deepEqual(splitHostPort(':'), { host: '', port: '' });
});

test('whatever else there is gets the words of Go', () => {
  const flaws = {
    '': 'missing port in address',
    nonsense: 'missing port in address',
    'a:b:c': 'too many colons in address',
    '::1': 'too many colons in address',
    '[::1': "missing ']' in address",
    '[::1]': 'missing port in address',
    '[::1]x:1': 'missing port in address',
    '[::1]:1:2': 'too many colons in address',
    'a[b:1': "unexpected '[' in address",
    '[a[b]:1': "unexpected '[' in address",
    'x]:1': "unexpected ']' in address",
    '[x]:1]': "unexpected ']' in address",
  };
  for (const [address, flaw] of Object.entries(flaws)) {
    assert.throws(() => splitHostPort(address), {
      name: 'AddressError',
      message: `address ${address}: ${flaw}`,
    });
  }
});

test('an address lacks nothing but a port when it is one with it', () => {
  for (const address of ['', 'web1', '127.0.0.1', '[::1]'])
    assert.equal(isPortMissing(address), true, address);
  for (const address of ['web1:', '::1', '[::1', '[::1]x', 'a]b']) {
    assert.equal(isPortMissing(address), false, address);
  }
});
