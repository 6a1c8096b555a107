// No decoder is forgotten: whatever our packages export to make sense of foreign bytes or texts has a target.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { packages } from '../dist/find-targets.js';

test('every exported decoder is used by a target of its package', () => {
  const forgotten = readdirSync(packages).flatMap((folder) => {
    const imported = importsIn(`${folder}/test/fuzz/`);
    const isPart = (name: string) => parts.has(name) || (folder === 'consul' && !/^decode/.test(name));
    const missing = decodersIn(`${folder}/src/`).filter((name) => !imported.has(name) && !isPart(name));
    return missing.map((name) => `${folder}: ${name}`);
  });
  assert.deepEqual(forgotten, [], 'give it a target in test/fuzz of its package');
});

test('what is excused as part of another decoder exists', () => {
  const all = new Set(readdirSync(packages).flatMap((folder) => decodersIn(`${folder}/src/`)));
  for (const name of parts) assert.ok(all.has(name), name);
});

/** Functions by the words we use for decoding, and codecs. */
function decodersIn(folder: string): string[] {
  return [...textIn(folder).matchAll(decoder)].map(([, reader, codec]) => reader ?? codec ?? '');
}

/** What is imported by name, or taken from a module that is imported as a whole. */
function importsIn(folder: string): Set<string> {
  const text = textIn(folder);
  const lists = [...text.matchAll(/^import \{([^}]*)\}/gm)].map(([, list = '']) => list);
  const members = [...text.matchAll(/^import \* as (\w+)/gm)].flatMap(([, module]) =>
    [...text.matchAll(new RegExp(`\\b${module}\\.(\\w+)`, 'g'))].map(([, name = '']) => name),
  );
  return new Set([...lists.flatMap((list) => list.match(/\w+/g) ?? []), ...members]);
}

function textIn(folder: string): string {
  const at = new URL(folder, packages);
  if (!existsSync(at)) return '';
  const files = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.map((file) => readFileSync(new URL(file, at), 'utf8')).join('\n');
}

const words = ['decode', 'decompress', 'decrypt', 'examine', 'parse', 'remove', 'pkcs7Unpad', 'lzwDecode'];
const codec = '(\\w+)(?=: (?:Struct)?Codec<| = struct<)';
const decoder = new RegExp(`^export (?:function ((?:${words.join('|')})\\w*)|const ${codec})`, 'gm');

/** Fields of messages, and helpers of decoders, that have targets. So are all codecs of Consul's commands. */
const parts = new Set([
  'decodeItems', // configuration files
  'seqCodec', // RPC headers
  'rpcMembers', // RPC replies
  'payload', // serf messages
  'coordinateCodec', // the payload of a ping's answer
  'ipAddress',
  'lamportTime',
  'counter', // raft's terms and indexes
  'configurationCodec',
  'logEntryCodec',
]);
