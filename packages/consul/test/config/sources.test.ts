// Where settings come from, and which source wins. Upstream: agent/config/builder.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from '@reeve/cli';
import { agentFlags, configRequest } from '../../dist/config/flags.js';
import { loadSettings, loadText, needed } from '../kit/load-text.js';

function fromFlags(...argv: readonly string[]) {
  return configRequest(parseFlags(agentFlags, argv));
}

test('T0-2: files of a directory are read by name, and later ones win', async () => {
  const { config, warnings } = await loadText({
    'b.json': '{"node_name": "second", "server": true, "bootstrap": true}',
    'a.hcl': `data_dir = "/nosuch" bind_addr = "127.0.0.1" node_name = "first" datacenter = "DC2"`,
    'c.txt': 'not read',
  });
  assert.equal(config.identity.nodeName, 'second');
  assert.equal(config.identity.datacenter, 'dc2');
  assert.equal(config.serverMode && config.bootstrap, true);
  assert.deepEqual(
    warnings.map((warning) => warning.replace(/\/\S*\//, '')),
    [
      'skipping file c.txt, extension must be .hcl or .json, or config format must be set',
      'bootstrap = true: do not enable unless necessary',
    ],
  );
});

test('T0-2: flags win over files and -hcl over flags; of lists the flags’ items come first', async () => {
  const { paths: _none, ...flags } = fromFlags(
    '-node=flag',
    '-retry-join=flag',
    '--http-port',
    '3',
    '-node-meta=a:b:c',
    '-hcl=datacenter = "hcl"',
  );
  const { config } = await loadSettings(
    { node_name: 'file', datacenter: 'file', retry_join: ['file'], ports: { http: 1, dns: 2 } },
    flags,
  );
  assert.deepEqual([config.identity.nodeName, config.identity.datacenter], ['flag', 'hcl']);
  assert.deepEqual(config.join.retryLan, ['flag', 'file']);
  assert.deepEqual([config.ports.http, config.ports.dns], [3, 2]);
  assert.deepEqual(config.identity.nodeMeta, new Map([['a', 'b:c']]));
});

test('T0-2: services and checks of all files are defined, single ones behind lists', async () => {
  const { config } = await loadText({
    'a.json': JSON.stringify({ ...needed, service: { name: 'one' }, services: [{ name: 'two' }] }),
    'b.hcl': 'service { name = "three" port = 80 } check { name = "disk" ttl = "10s" }',
  });
  assert.deepEqual(
    config.definitions.services.map(({ name }) => name),
    ['two', 'one', 'three'],
  );
  assert.deepEqual(
    config.definitions.checks.map(({ name, ttlNs }) => [name, ttlNs]),
    [['disk', 10e9]],
  );
});

test('T1-8: -dev needs no file: a server that listens on loopback and elects itself fast', async () => {
  const { config, warnings } = await loadText({}, { devMode: true });
  assert.equal(config.serverMode && config.http.ui && config.http.debug, true);
  assert.equal(config.addresses.bind, '127.0.0.1');
  assert.deepEqual([config.raft.multiplier, config.raft.electionTimeoutMs, config.ports.grpc], [1, 52, 8502]);
  assert.deepEqual(warnings, []);
});

test('what nobody can change is not changed by a file', async () => {
  const { config } = await loadSettings({
    ae_interval: '1h',
    version: '9',
    consul: { raft: { election_timeout: '1h' } },
  });
  assert.equal(config.sync.antiEntropyIntervalMs, 60_000);
  assert.equal(config.raft.electionTimeoutMs, 5_000);
  assert.equal(config.identity.version, '1.8.7');
});

test('a configuration cannot be changed', async () => {
  const { config } = await loadSettings({});
  assert.throws(() => Object.assign(config, { devMode: true }), TypeError);
});
