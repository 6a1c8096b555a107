// Addresses that are looked up on the machine. Upstream: hashicorp/go-sockaddr.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandTemplate } from '../../dist/config/address-template.js';
import { loadSettings, testHost } from '../kit/load-text.js';

function expand(text: string): string {
  return expandTemplate(text, testHost.addresses);
}

test('T1-8: addresses are found by interface, by network and by kind', () => {
  assert.equal(expand('{{ GetInterfaceIP "eth0" }}'), '10.1.2.3');
  assert.equal(expand('{{ GetPrivateIP }} {{GetPublicIP}}'), '10.1.2.3 93.184.216.34');
  assert.equal(expand('{{ GetInterfaceIP "nosuch" }}'), '');
  assert.equal(expand('{{ "10.0.0.1" }}'), '10.0.0.1');
  assert.equal(
    expand('{{ GetAllInterfaces | include "network" "10.0.0.0/8" | attr "address" }}'),
    '10.1.2.3',
  );
  assert.equal(
    expand('{{ GetAllInterfaces | include "type" "ipv4" | exclude "name" "^eth" | join "address" " " }}'),
    '127.0.0.1',
  );
  assert.equal(
    expand('{{ GetAllInterfaces | include "name" "eth" | sort "-name" | limit 1 | attr "name" }}'),
    'eth1',
  );
});

test('T1-8: templates that cannot be read are refused in the words of the original', () => {
  const refusals = [
    ['{{ foo }}', 'template: sockaddr.Parse:1: function "foo" not defined'],
    ['{{ GetPrivateIP', 'template: sockaddr.Parse:1: unclosed action'],
    ['{{ range . }}', 'template: sockaddr.Parse:1: range is not supported; write the address itself'],
  ] as const;
  for (const [text, reason] of refusals) {
    assert.throws(() => expand(text), { message: `unable to parse template "${text}": ${reason}` });
  }
  assert.throws(() => expand('{{ GetAllInterfaces | include "foo" "x" }}'), /invalid include selector "foo"/);
});

test('T1-8: all addresses take templates, and those of clients may be several', async () => {
  const { config } = await loadSettings({
    bind_addr: '{{ GetInterfaceIP "eth0" }}',
    client_addr: '127.0.0.1 {{ GetInterfaceIP "eth1" }}',
    addresses: { http: 'unix:///run/http.sock [::]' },
    retry_join: ['{{ GetPrivateIPs }}', 'plain name'],
  });
  assert.equal(config.addresses.serfLanBind?.host, '10.1.2.3');
  assert.deepEqual(config.addresses.client, ['127.0.0.1', '93.184.216.34']);
  assert.deepEqual(config.addresses.http, [
    { network: 'unix', path: '/run/http.sock' },
    { network: 'tcp', host: '::', port: 8500 },
  ]);
  assert.deepEqual(config.join.retryLan, ['10.1.2.3', 'plain name']);
  assert.equal(config.addresses.dns.length, 4, 'DNS listens over both protocols');
});

test('T1-8: a port below 1 is off, and so is what would listen at it', async () => {
  const { config } = await loadSettings({ ports: { http: -1, dns: 0, serf_wan: -1 } });
  assert.deepEqual([config.ports.http, config.ports.dns], [-1, -1]);
  assert.deepEqual([config.addresses.http, config.addresses.dns], [[], []]);
  assert.equal(config.addresses.serfWanBind, undefined);
});
