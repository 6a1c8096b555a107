// What `serf validate` finds: everything at once, with its place and a way out.

import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parseFlags } from '@reeve/cli';
import { captureNames, readTranscript } from '@reeve/golden';
import { createDisk, createNetwork } from '@reeve/runtime/node';
import { checkConfig } from '../../dist/config/check/check-config.js';
import { nearestKey } from '../../dist/config/check/nearest-key.js';
import { agentFlags } from '../../dist/config/flags.js';
import { folderWith } from './load-config.js';

const key = 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=';

test('a good configuration has no problems, and its files are named', async (t) => {
  const folder = await folderWith(t, {
    'a.json': '{"node_name":"web1","tags":{"role":"web"}}',
    'b.json': '{"retry_join":["10.0.0.5","10.0.0.6:7946","web2/[::1]:7946"],"statsd_addr":"127.0.0.1:8125"}',
  });
  const flags = [`-config-dir=${folder}`, `-snapshot=${join(folder, 'snapshot')}`, '-bind=127.0.0.1'];
  const { isValid, files, problems } = await check(...flags);
  assert.deepEqual(problems, []);
  assert.equal(isValid, true);
  assert.deepEqual(files, [join(folder, 'a.json'), join(folder, 'b.json')]);
});

test('everything that is wrong in all sources is told at once', async (t) => {
  const folder = await folderWith(t, {
    'a.json': '{"log_levl":"info","retry_interval":"30x","tags":{"a":1,"b":[]},"mdns":{"iface":"x"}}',
    'b.json': '{\n  "node_name":,\n}',
    'c.json': '[]',
  });
  const found = await problems(
    `-config-dir=${folder}`,
    '-tag=one',
    '-tag=two=2',
    '-tag==3',
    '-retry-interval=soon',
  );
  assert.deepEqual(
    found.map((text) => text.replaceAll(`${folder}/`, '')),
    [
      'error: a.json: mdns.iface: there is no such key. Did you mean "mdns.interface"?',
      'error: a.json: retry_interval: time: unknown unit "x" in duration "30x". ' +
        'Write it like this: "retry_interval": "1m30s".',
      "error: a.json: tags: 'tags[a]' expected type 'string', " +
        "got unconvertible type 'float64', value: '1'. " +
        'Write it like this: "tags": {"role": "web"}.',
      "error: a.json: tags: 'tags[b]' expected type 'string', " +
        "got unconvertible type '[]interface {}', value: '[]'. " +
        'Write it like this: "tags": {"role": "web"}.',
      'error: a.json: log_levl: there is no such key. Did you mean "log_level"?',
      "error: b.json: invalid character ',' looking for beginning of value, at line 2, column 15. " +
        'Correct the JSON there.',
      'error: c.json: \'\' expected a map, got \'slice\'. Write one object: {"node_name": "web1"}.',
      'error: command line: -retry-interval: time: invalid duration "soon". ' +
        'Write it like this: -retry-interval=1m30s.',
      "error: command line: -tag: Invalid tag: 'one'. Write it like this: -tag=role=web.",
      "error: command line: -tag: Invalid tag: '=3'. Write it like this: -tag=role=web.",
    ],
  );
});

test('a setting is blamed on the last source that says it, an item on the one that adds it', async (t) => {
  const folder = await folderWith(t, {
    'a.json': '{"profile":"fast","start_join":["a:b]:c"],"log_level":"LOUD"}',
    'b.json': '{"profile":"slow","start_join":["10.0.0.1"]}',
  });
  const found = await check(`-config-dir=${folder}`, '-log-level=louder');
  assert.deepEqual(
    found.problems.map(({ source, key }) => [source.replace(`${folder}/`, ''), key]),
    [
      ['command line', '-log-level'],
      ['b.json', 'profile'],
      ['a.json', 'start_join'],
    ],
  );
});

test('settings that exclude each other name both places', async (t) => {
  const ring = join(await folderWith(t, { ring: JSON.stringify([key]) }), 'ring');
  await chmod(ring, 0o600);
  const folder = await folderWith(t, { 'a.json': '{"tags":{"a":"b"},"rpc_addr":"127.0.0.1:7946"}', t: '{}' });
  const tags = join(folder, 't');
  const found = await problems(
    `-config-dir=${folder}`,
    `-tags-file=${tags}`,
    `-encrypt=${key}`,
    `-keyring-file=${ring}`,
    `-snapshot=${tags}`,
  );
  const at = `${join(folder, 'a.json')}: `;
  assert.deepEqual(found, [
    `error: command line: -tags-file: a tags file holds all tags, and others are configured (${at}tags). ` +
      'Write those tags into the file, or leave the file out.',
    'error: command line: -keyring-file: a keyring file holds all keys, and another is configured ' +
      '(command line: -encrypt). ' +
      'Leave one of them out; the first key of the file is the one to encrypt with.',
    `error: ${at}rpc_addr: gossip listens on the same port, 0.0.0.0:7946 (default: bind). ` +
      'Choose another port for one of them.',
    'error: command line: -tags-file: the file is used already (command line: -snapshot). ' +
      'Choose another path.',
  ]);
});

test('addresses must be ours, readable and known', async () => {
  const found = await check(
    '-bind=203.0.113.9',
    '-advertise=a:b',
    '-rpc-addr=7373',
    '-iface=nope0',
    '-join=10.0.0.5:x',
  );
  assert.deepEqual(
    found.problems.map(({ key, problem }) => `${key}: ${problem}`),
    [
      '-rpc-addr: address 7373: missing port in address',
      '-advertise: address tcp/b: unknown port',
      '-iface: this machine has no such network interface',
      '-join: strconv.ParseUint: parsing "x": invalid syntax',
    ],
  );
  const [hostless] = (await check('-advertise=:99')).problems;
  assert.equal(hostless?.problem, 'address :99: missing host in address');
  const [foreign] = await problems('-bind=203.0.113.9');
  assert.match(
    foreign ?? '',
    /-bind: this machine does not have the address 203.0.113.9. Choose one of .*127.0.0.1/,
  );
  assert.deepEqual(
    await problems('-bind=127.9.9.9', '-rpc-addr=127.9.9.8:7946'),
    [],
    'the same port elsewhere',
  );
});

test('scripts and modules must be there, but a shell command may be anything', async (t) => {
  const folder = await folderWith(t, { 'plain.sh': '', 'run.sh': '', 'mod.mjs': '' });
  await chmod(join(folder, 'run.sh'), 0o755);
  const handlers = [
    'member-join=echo "$SERF_EVENT" | cat; exit 3',
    `user:deploy=${folder}/run.sh now`,
    `${folder}/plain.sh`,
    `query=${folder}/gone.sh --flag`,
    `${folder}`,
    `member-jion=${folder}/run.sh`,
    `module:${folder}/mod.mjs`,
    `module:${folder}/gone.mjs`,
    'npm:@reeve/no-such-handler/x',
    { handler: `user=${folder}/gone2.sh`, timeout: '5s' },
    { handler: 'true', concurrency: 1000 },
  ];
  const file = join(folder, 'a.json');
  await writeFile(file, JSON.stringify({ event_handlers: handlers }));
  const found = await check(`-config-file=${file}`);
  assert(found.problems.every((problem) => problem.source === file && problem.key === 'event_handlers'));
  assert.deepEqual(
    found.problems.map(({ problem }) => problem.replaceAll(folder, 'DIR')),
    [
      'DIR/plain.sh is not executable',
      'there is no file DIR/gone.sh',
      'DIR is no file',
      "Invalid event script: Event 'member-jion' invoking 'DIR/run.sh'",
      'there is no file DIR/gone.mjs',
      'the package of npm:@reeve/no-such-handler/x is not installed',
      'there is no file DIR/gone2.sh',
      "Invalid event handler 'true' in 'event_handlers' (-event-handler): 'concurrency' must be from 1 to 64",
    ],
  );
});

test('files must make sense, and lie where they can be replaced', async (t) => {
  const folder = await folderWith(t, { tags: '{"a":1}', ring: '["AAAA"]' });
  await mkdir(join(folder, 'dir'));
  const found = await problems(
    `-tags-file=${folder}/tags`,
    `-keyring-file=${folder}/ring`,
    `-snapshot=${folder}/none/snapshot`,
  );
  assert.deepEqual(
    found.map((text) => text.replaceAll(folder, 'DIR')),
    [
      'error: command line: -tags-file: Failed to decode tags file: ' +
        'json: cannot unmarshal number into Go value of type string. ' +
        'Write an object of texts: {"role": "web"}.',
      'error: command line: -keyring-file: Failed to restore keyring: key size must be 16, 24 or 32 bytes. ' +
        'Write a list of keys: ["KEY"]; "serf keygen" makes one.',
      'error: command line: -snapshot: there is no folder DIR/none. ' +
        'Let the agent write there, or choose another path.',
      'warning: command line: -keyring-file: other users of this machine can read the keys. ' +
        'Run: chmod 600 DIR/ring',
    ],
  );
  assert.match((await problems(`-snapshot=${folder}/dir`)).join(), /dir is a folder/);
});

test('what an agent starts with, though not as meant, is a warning', async (t) => {
  const folder = await folderWith(t, {
    'a.json':
      '{"role":"x","tags":{"role":"y"},"broadcast_timeout":"1ms","rejoin_after_leave":true}{"protocol":2}',
  });
  const { isValid, problems } = await check(`-config-dir=${folder}`);
  assert.equal(isValid, true);
  assert.deepEqual(
    problems.map(({ severity, key }) => `${severity} ${key}`),
    ['warning ', 'warning role', 'warning broadcast_timeout', 'warning role', 'warning rejoin_after_leave'],
  );
});

test('the key that was meant is found', () => {
  assert.equal(nearestKey('Log-Level', ''), 'log_level');
  assert.equal(nearestKey('encrypt', ''), 'encrypt_key', 'the name of its flag');
  assert.equal(nearestKey('iface', ''), 'interface');
  assert.equal(nearestKey('disable_ip4', 'mdns'), 'mdns.disable_ipv4');
  assert.equal(nearestKey('snapshot', 'mdns'), 'snapshot_path', 'it stands in the wrong object');
  assert.equal(nearestKey('nosuch', ''), undefined);
  assert.equal(nearestKey('x'.repeat(100_000), ''), undefined);
});

// Starts that fail for what the configuration or this machine says; the others need a running agent or a
// wrong flag.
const needsRunning = /bind-in-use|rpc-in-use|err-join|retry-join-max|bad-flag/;

describe('every start error of the original that can be foreseen is foreseen', () => {
  const captures = captureNames('agent').filter((name) => name.includes('/err-') && !needsRunning.test(name));
  test('[71] there are captures of such starts', () => assert(captures.length > 25, `${captures.length}`));
  for (const capture of captures) {
    test(`[71] ${capture}`, async (t) => {
      const { isValid, problems } = await check(...(await argumentsOf(t, capture)));
      assert.equal(isValid, false, JSON.stringify(problems));
    });
  }
});

async function argumentsOf(t: TestContext, capture: string): Promise<string[]> {
  const folder = await folderWith(t, {
    'c1.json': '{"nosuch":1}',
    'c2.json': '{"node_name":',
    'c3.json': '{"retry_interval":"xx"}',
    'c4.json': '{"tags":{"a":1}}',
    'c5.json': '{"user_event_size_limit":10000}',
    'ring0.json': '[]',
    'ring1.json': '["!!!"]',
    'ring2.json': `["${key}"]`,
    'sf2.json': '{"syslog_facility":"NOPE"}',
    'tags1.json': '{"a":"1"}',
  });
  return readTranscript(capture)
    .argv.slice(2)
    .map((word) => word.replaceAll('DIR', folder));
}

function check(...args: readonly string[]) {
  return checkConfig(parseFlags(agentFlags, args), createDisk(), createNetwork());
}

// One text each.
async function problems(...args: readonly string[]): Promise<string[]> {
  const report = await check(...args);
  return report.problems.map(
    ({ severity, source, key, problem, fix }) =>
      `${severity}: ${source}: ${key === '' ? '' : `${key}: `}${problem}. ${fix}`,
  );
}
