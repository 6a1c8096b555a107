// Tags and keys from files. Texts measured on serf 0.9.4.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Log } from '@reeve/runtime';
import { createDisk } from '@reeve/runtime/node';
import { restoreFiles } from '@reeve/serf/agent';
import type { SerfConfig } from '@reeve/serf/core';
import { initialConfig } from '../../dist/config/merge.js';
import type { AgentConfig } from '../../dist/config/schema.js';
import { serfConfig } from '../../dist/config/serf-config.js';
import { whenResult } from '../../dist/when-done.js';
import { folderWith } from '../config/load-config.js';

const key = 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=';
const second = 'QkJCQkJCQkJCQkJCQkJCQg==';

const tagRefusals: readonly (readonly [text: string, reason: string])[] = [
  ['', 'unexpected end of JSON input'],
  ['{', 'unexpected end of JSON input'],
  ['{"a":"b"} x', "invalid character 'x' after top-level value"],
  ['[]', 'json: cannot unmarshal array into Go value of type map[string]string'],
  ['1', 'json: cannot unmarshal number into Go value of type map[string]string'],
  ['{"a":1}', 'json: cannot unmarshal number into Go value of type string'],
  ['{"a":[]}', 'json: cannot unmarshal array into Go value of type string'],
  ['{"a":{}}', 'json: cannot unmarshal object into Go value of type string'],
  ['{"a":true,"b":1}', 'json: cannot unmarshal bool into Go value of type string'],
];

for (const [text, reason] of tagRefusals) {
  test(`a tags file of ${JSON.stringify(text)} is refused`, async (t) => {
    await assert.rejects(restore(t, text, 'tagsFile'), { message: `Failed to decode tags file: ${reason}` });
  });
}

const keyRefusals: readonly (readonly [text: string, message: string])[] = [
  ['[', 'Failed to decode keyring file: unexpected end of JSON input'],
  ['{}', 'Failed to decode keyring file: json: cannot unmarshal object into Go value of type []string'],
  ['"x"', 'Failed to decode keyring file: json: cannot unmarshal string into Go value of type []string'],
  ['[1]', 'Failed to decode keyring file: json: cannot unmarshal number into Go value of type string'],
  ['null', 'Keyring file contains no keys'],
  ['["!"]', 'Failed to decode key from keyring: illegal base64 data at input byte 0'],
  ['["AAAA"]', 'Failed to restore keyring: key size must be 16, 24 or 32 bytes'],
];

for (const [text, message] of keyRefusals) {
  test(`a keyring file of ${text} is refused`, async (t) => {
    await assert.rejects(restore(t, text, 'keyringFile'), { message });
  });
}

test('tags come from the file, null as empty text, and it is told how many', async (t) => {
  const { serf, lines, path } = await restore(t, '{"role":"web","x":null}', 'tagsFile');
  assert.deepEqual(Object.fromEntries(serf.tags), { role: 'web', x: '' });
  assert.deepEqual(lines, [`info agent: Restored 2 tag(s) from ${path}`]);
});

test('keys come from the file, the primary first', async (t) => {
  const { serf, lines, path } = await restore(t, JSON.stringify([key, second]), 'keyringFile');
  const sizes = serf.memberlist.keyring?.keys.map(({ raw }) => raw.length);
  assert.deepEqual(sizes, [32, 16]);
  assert.deepEqual(lines, [`info agent: Restored keyring with 2 keys from ${path}`]);
});

test('a tags file that does not exist yet is no error, and a folder is one', async (t) => {
  const folder = await folderWith(t, {});
  const { serf, lines } = await restoreFrom({ tagsFile: join(folder, 'none') });
  assert.equal(serf.tags.size, 0);
  assert.deepEqual(lines, []);
  await assert.rejects(restoreFrom({ tagsFile: folder }), {
    message: `Failed to read tags file: read ${folder}: is a directory`,
  });
  await assert.rejects(restoreFrom({ keyringFile: folder }), {
    message: `Failed to read keyring file: read ${folder}: is a directory`,
  });
});

async function restore(t: TestContext, text: string, setting: 'tagsFile' | 'keyringFile') {
  const path = join(await folderWith(t, { 'file.json': text }), 'file.json');
  return { path, ...(await restoreFrom({ [setting]: path })) };
}

async function restoreFrom(settings: Partial<AgentConfig>) {
  const config = { ...initialConfig(), ...settings };
  const bind = { host: '127.0.0.1', port: 0 };
  const wanted = serfConfig(config, { bind, advertise: undefined, chosenInterface: undefined });
  const lines: string[] = [];
  const log: Log = (level, text) => lines.push(`${level} ${text}`);
  const serf = await whenResult<SerfConfig>((done) =>
    restoreFiles(config, wanted, { disk: createDisk(), log }, done),
  );
  return { serf, lines };
}
