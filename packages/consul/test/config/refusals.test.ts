// Configurations that are refused, and in which words. Upstream: agent/config/builder.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from '@reeve/cli';
import { readPlain } from '@reeve/golden';
import { createDisk } from '@reeve/runtime/node';
import { agentFlags, configRequest } from '../../dist/config/flags.js';
import { loadConfig } from '../../dist/config/load.js';
import { loadSettings, loadText, needed, testHost } from '../kit/load-text.js';

for (const name of [
  'bad-datacenter',
  'bad-encrypt',
  'bind-any-multiple',
  'bootstrap-and-expect',
  'bootstrap-expect-without-server',
  'missing-config-file',
  'no-data-dir',
]) {
  test(`T0-2: what the agent says to ${name}`, async () => {
    const { command, text } = readPlain(`cli/agent/${name}`, 'consul');
    const words = command.split(/ (?='?-)/).slice(1);
    const flags = parseFlags(
      agentFlags,
      words.map((word) => word.replace(/^'|'$/g, '')),
    );
    const complaint = /^==> (.*)$/m.exec(text)?.[1];
    await assert.rejects(loadConfig(configRequest(flags), createDisk(), testHost), {
      message: complaint ?? '',
    });
  });
}

test('T0-2: every unknown key is named, those of inner objects first', async () => {
  const { text } = readPlain('cli/agent/bad-key', 'consul');
  const [, complaint = ''] = text.split('==> failed to parse bad.json: ');
  await assert.rejects(loadSettings({ bogus: 1, ports: { foo: 1 } }), {
    name: 'ConfigError',
    message: `failed to parse DIR/a.json: ${complaint.trimEnd()}\n\n`,
  });
});

test('T0-2: texts that are not JSON or HCL are refused in the words of their readers', async () => {
  await assert.rejects(loadText({ 'a.json': '{"a":' }), {
    message: 'failed to parse DIR/a.json: unexpected end of JSON input',
  });
  await assert.rejects(
    loadText({ 'a.json': '[1]' }),
    /json: cannot unmarshal array into Go value of type map/,
  );
  await assert.rejects(loadText({ 'a.hcl': 'foo = = 1' }), {
    message: 'failed to parse DIR/a.hcl: At 1:7: Unknown token: 1:7 ASSIGN =',
  });
});

test('T0-2: values have exactly the type that their key wants; all that have not are named', async () => {
  await assert.rejects(
    loadSettings({ ports: { http: '8500' }, node_name: 3, retry_join: 'a', server: 'true' }),
    {
      message: `failed to parse DIR/a.json: 4 error(s) decoding:

* 'node_name' expected type 'string', got unconvertible type 'float64'
* 'ports.http' expected type 'int', got unconvertible type 'string'
* 'retry_join': source data must be an array or slice, got string
* 'server' expected type 'bool', got unconvertible type 'string'`,
    },
  );
});

test('T0-2: a list of one is taken where no list is wanted', async () => {
  const { config } = await loadSettings({
    data_dir: [['/nosuch']],
    ports: [{ http: [1] }],
    recursors: [['::1']],
  });
  assert.equal(config.identity.dataDir, '/nosuch');
  assert.equal(config.ports.http, 1);
  assert.deepEqual(config.dns.recursors, ['::1']);
  await assert.rejects(loadSettings({ recursors: [[['::1']]] }), /'recursors\[0\]' expected type 'string'/);
});

test('T0-2: mistakes that do not hinder the rest are shown together', async () => {
  await assert.rejects(loadSettings({ ports: { http: 99_999 }, check: { id: 'a', ttl: '1' } }), {
    message: `2 errors occurred:
\t* check[a].ttl: invalid duration: "1": time: missing unit in duration "1"
\t* ports.http: invalid port: 99999

`,
  });
});

const tooManyConnections =
  'system allows a max of 1024 file descriptors, ' +
  'but limits.http_max_conns_per_client: 1024 needs at least 1044';
const refusals: readonly (readonly [settings: object, complaint: string])[] = [
  [{ bootstrap: true }, "'bootstrap = true' requires 'server = true'"],
  [
    { server: true, bootstrap_expect: -1 },
    'bootstrap_expect cannot be -1. Must be greater than or equal to zero',
  ],
  [
    { performance: { raft_multiplier: 11 } },
    'performance.raft_multiplier cannot be 11. Must be between 1 and 10',
  ],
  [
    { dns_config: { udp_answer_limit: -1 } },
    'dns_config.udp_answer_limit cannot be -1. Must be greater than or equal to zero',
  ],
  [{ ports: { dns: 8500 } }, 'HTTP address 127.0.0.1:8500 already configured for DNS'],
  [{ addresses: { dns: 'unix:///run/dns' } }, 'DNS address cannot be a unix socket'],
  [{ alt_domain: 'node.test' }, 'alt_domain cannot start with {service,connect,node,query,addr,dc1}'],
  [{ bind_addr: '' }, 'bind_addr cannot be empty'],
  [{ advertise_addr_ipv4: '::1' }, 'advertise_addr_ipv4 must be an ipv4 address'],
  [
    { ports: { sidecar_min_port: 30_000 } },
    'sidecar_min_port must be less than sidecar_max_port. To disable, set both to zero.',
  ],
  [{ segment: 'alpha' }, 'Network segments are not supported in this version of Consul'],
  [
    { node_meta: { 'a b': '' } },
    "node_meta invalid: Couldn't load metadata pair ('a b', ''): Key contains invalid characters",
  ],
  [
    { service: { name: 'g', kind: 'mesh-gateway' } },
    'service "g": 1 error occurred:\n\t* Port must be non-zero for a mesh-gateway\n\n',
  ],
  [
    {
      service: {
        ...{ name: 'p', kind: 'connect-proxy', port: 1, connect: { sidecar_service: { id: 'x' } } },
        proxy: { destination_service_name: 'web', upstreams: [{ local_bind_port: 1 }] },
      },
    },
    'service "p": 2 errors occurred:\n\t* upstream destination name cannot be empty\n' +
      '\t* A SidecarService cannot specify an ID as this is managed by the agent\n\n',
  ],
  [{ limits: { http_max_conns_per_client: 1_024 } }, tooManyConnections],
  [{ data_dir: '/etc/passwd' }, 'data_dir "/etc/passwd" is not a directory'],
];
for (const [settings, complaint] of refusals) {
  test(`T0-2: ${complaint}`, async () => {
    await assert.rejects(loadSettings(settings), { name: 'ConfigError', message: complaint });
  });
}

test('an agent that is to be closed does not start open', async () => {
  for (const settings of [
    { acl: { enabled: true } },
    { verify_incoming: true },
    { auto_encrypt: { tls: true } },
    { serf_lan_allowed_cidrs: ['10.0.0.0/8'] },
  ]) {
    await assert.rejects(
      loadSettings(settings),
      /cannot be used: (this agent has no (access control|TLS)|gossip takes members from any network)\. /,
    );
  }
});

test('keys of what we do not have are ignored, with a line each that has no secret in it', async () => {
  const { warnings } = await loadSettings({
    acl: { enabled: false, tokens: { agent: 'sesame' } },
    connect: { enabled: true, ca_config: { private_key: 'sesame' } },
    telemetry: { statsd_address: '127.0.0.1:8125' },
  });
  assert.equal(warnings.length, 3);
  for (const warning of warnings) assert.match(warning, /^config key "[a-z._]+" has no effect: /);
  assert.doesNotMatch(warnings.join(), /sesame/);
});

test('a bind address that is none is named', async () => {
  await assert.rejects(loadSettings({ bind_addr: 'eth0' }), /bind_addr: invalid ip address: eth0/);
});

test('what stands for all addresses needs a single one to advertise', async () => {
  const { config } = await loadSettings({ bind_addr: '0.0.0.0' });
  assert.equal(config.addresses.advertiseLan, '10.1.2.3');
  const twice = testHost.addresses.map((address) => ({ ...address, address: '10.0.0.1' }));
  const loaded = loadText(
    { 'a.json': JSON.stringify({ ...needed, bind_addr: '0.0.0.0' }) },
    {},
    { ...testHost, addresses: twice },
  );
  await assert.rejects(loaded, {
    message: "Multiple private IPv4 addresses found. Please configure one with 'bind' and/or 'advertise'.",
  });
});
