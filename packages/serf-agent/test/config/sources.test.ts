// Where settings come from and which source wins.

import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPlain, readTranscript } from '@reeve/golden';
import { decodeConfig } from '../../dist/config/decode.js';
import { agentFlags } from '../../dist/config/flags.js';
import { initialConfig } from '../../dist/config/merge.js';
import { settings } from '../../dist/config/schema.js';
import { folderWith, load, refusalOf } from './load-config.js';

test('without any source the defaults of the original hold', async () => {
  const { config, warnings } = await load();
  assert.deepEqual(config, { ...initialConfig(), nodeName: hostname() });
  assert.deepEqual(warnings, []);
  assert.equal(config.bind, '0.0.0.0');
  assert.equal(config.rpcAddress, '127.0.0.1:7373');
  assert.equal(config.protocol, 5);
  assert.equal(config.retryIntervalMs, 30_000);
  assert.equal(config.broadcastTimeoutMs, 5_000);
  assert.deepEqual(
    [config.userEventSizeLimit, config.querySizeLimit, config.queryResponseSizeLimit],
    [512, 1024, 1024],
  );
});

test('[76] the files of a directory and the flags merge as in the capture', async (t) => {
  const { argv } = readTranscript('agent/config-dir-merge');
  const { text } = readPlain('agent/config-dir-merge-files');
  const files = text
    .trim()
    .split('\n')
    .map((line) => [`cfd/${line.slice(0, line.indexOf(':'))}`, line.slice(line.indexOf(':') + 2)]);
  const folder = await folderWith(t, Object.fromEntries(files));
  const { config, handlers, warnings } = await load(
    ...argv.slice(1).map((word) => word.replace('DIR', folder)),
  );
  assert.equal(config.nodeName, 'fromfile');
  assert.equal(config.protocol, 4);
  assert.equal(config.logLevel, 'debug');
  assert.equal(config.queryResponseSizeLimit, 600);
  assert.deepEqual(Object.fromEntries(config.tags), { a: '1', b: '2', c: '3', role: 'cfgrole' });
  assert.deepEqual(
    handlers.scripts.map(({ filter, command }) => `${filter.event}:${filter.name} = ${command}`),
    [
      'user:one = /bin/true',
      'member-join: = /bin/echo x=y',
      'member-leave: = /bin/echo x=y',
      'query:q = /bin/true',
    ],
  );
  assert.deepEqual(warnings, ["Deprecation warning: 'Role' has been replaced with 'Tags'"]);
});

test('keys are matched in any case', async (t) => {
  const folder = await folderWith(t, { 'a.json': '{"Node_Name":"mixedcase","TAGS":{"Case":"Kept"}}' });
  const { config } = await load(`-config-dir=${folder}`);
  assert.equal(config.nodeName, 'mixedcase');
  assert.deepEqual(Object.fromEntries(config.tags), { Case: 'Kept' });
});

test('files and directories share one order, and later ones win', async (t) => {
  const folder = await folderWith(t, {
    'file.json': '{"node_name":"file","start_join":["f"]}',
    'dir/1.json': '{"node_name":"dir","start_join":["d1"]}',
    'dir/2.json': '{"start_join":["d2"]}',
  });
  const file = `-config-file=${join(folder, 'file.json')}`;
  const dir = `-config-dir=${join(folder, 'dir')}`;
  const fileLast = await load(dir, file);
  assert.equal(fileLast.config.nodeName, 'file');
  assert.deepEqual(fileLast.config.startJoin, ['d1', 'd2', 'f']);
  const dirLast = await load(file, dir, '-join=flag');
  assert.equal(dirLast.config.nodeName, 'dir');
  assert.deepEqual(dirLast.config.startJoin, ['f', 'd1', 'd2', 'flag']);
});

test('of a directory only its own files ending in .json are read', async (t) => {
  const folder = await folderWith(t, {
    'a.json': '{"node_name":"a"}',
    'b.json.bak': 'no JSON',
    'c/d.json': 'no JSON',
    'e.json/f.json': 'no JSON',
  });
  assert.equal((await load(`-config-dir=${folder}`)).config.nodeName, 'a');
});

test('empty texts, zeros and null say nothing; what is on stays on', async (t) => {
  const folder = await folderWith(t, {
    '1.json':
      '{"node_name":"n","protocol":3,"replay_on_join":true,"retry_interval":"5s","retry_max_attempts":7}',
    '2.json':
      '{"node_name":"","protocol":0,"replay_on_join":false,"retry_interval":"0s","retry_max_attempts":0}',
    '3.json':
      '{"node_name":null,"protocol":-1,"replay_on_join":null,"retry_interval":"","start_join":[null,"a"]}',
    '4.json': 'null',
  });
  const { config } = await load(`-config-dir=${folder}`, '-node=', '-replay=false', '-retry-interval=');
  assert.equal(config.nodeName, 'n');
  assert.equal(config.protocol, 3);
  assert.equal(config.replayOnJoin, true);
  assert.equal(config.retryIntervalMs, 5_000);
  assert.equal(config.retryMaxAttempts, 7);
  assert.deepEqual(config.startJoin, ['', 'a']);
});

test('enable_compression has an effect, the last source wins, and the flag is a source', async (t) => {
  const folder = await folderWith(t, {
    'off.json': '{"enable_compression":false}',
    'on.json': '{"enable_compression":true}',
  });
  const off = `-config-file=${join(folder, 'off.json')}`;
  const on = `-config-file=${join(folder, 'on.json')}`;
  const enabled = async (...args: string[]): Promise<boolean> =>
    (await load(...args)).config.enableCompression;
  assert.equal(await enabled(off), false);
  assert.equal(await enabled(off, on), true);
  assert.equal(await enabled(on, '-disable-compression'), false);
  assert.equal(await enabled(off, '-disable-compression=false'), true);
});

test('the other keys without effect in the original are read too', async (t) => {
  const folder = await folderWith(t, { 'a.json': '{"disable_coordinates":true,"validate_node_names":true}' });
  const { config } = await load(`-config-dir=${folder}`);
  assert.equal(config.disableCoordinates, true);
  assert.equal(config.validateNodeNames, true);
});

test('a tag is split at its first =, and needs a name', async () => {
  const { config } = await load('-tag', 'odd-name.x=a b', '-tag=eq=x=y', '-tag=empty=');
  assert.deepEqual(Object.fromEntries(config.tags), { 'odd-name.x': 'a b', eq: 'x=y', empty: '' });
  assert.equal(await refusalOf('-tag==x'), "Error: Invalid tag: '=x'");
});

test('intervals below a second become one, and it is said', async () => {
  const { config, warnings } = await load('-retry-interval=10ms', '-broadcast-timeout=-1s', '-rejoin');
  assert.equal(config.retryIntervalMs, 1_000);
  assert.equal(config.broadcastTimeoutMs, 1_000);
  assert.deepEqual(warnings, [
    "Warning: 'RetryInterval' is too low. Setting to 1s",
    "Warning: 'BroadcastTimeout' is too low. Setting to 1s",
    "Warning: 'RejoinAfterLeave' enabled without snapshot file",
  ]);
});

test('every key of the table is understood in a file', () => {
  const examples = { string: '"x"', int: '1', bool: 'true', repeatable: '[]' } as const;
  for (const { key, kind, initial } of Object.values(settings)) {
    const value =
      initial instanceof Map
        ? '{}'
        : kind === settings.retryIntervalMs.kind
          ? '"1s"'
          : examples[kind.flag as 'int'];
    const [outer = '', inner] = key.split('.');
    const json = inner === undefined ? `{"${outer}":${value}}` : `{"${outer}":{"${inner}":${value}}}`;
    assert.doesNotThrow(() => decodeConfig(new TextEncoder().encode(json)), key);
  }
});

test('[90] there is a flag for everything the original has one for', () => {
  const flags = `advertise bind broadcast-timeout config-dir config-file disable-compression discover encrypt
    event-handler iface join keyring-file log-level node profile protocol rejoin replay retry-interval
    retry-join retry-max role rpc-addr snapshot syslog tag tags-file`;
  for (const flag of flags.split(/\s+/)) assert(flag in agentFlags, flag);
});
