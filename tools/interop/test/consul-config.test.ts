// T0-2, T1-8: the same files are taken by `consul validate` and by us, or refused in the same words.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { ConfigError, loadConfig, thisHost } from '@reeve/consul';
import { consul187, consulMissing } from '@reeve/interop';
import { createDisk } from '@reeve/runtime/node';
import { hclCases, jsonCases } from './config-cases.ts';

describe('T0-2, T1-8: configurations as the real Consul reads them', { skip: consulMissing() }, () => {
  for (const settings of jsonCases) {
    test(`JSON: ${settings}`, () => agree('a.json', `{"data_dir":"x","bind_addr":"127.0.0.1"${settings}`));
  }
  for (const settings of hclCases) {
    test(`HCL: ${settings}`, () => agree('a.hcl', `data_dir="x"\nbind_addr="127.0.0.1"\n${settings}`));
  }
  for (const whole of ['', 'null', '[1]', '3', '{"a":', '{"bind_addr":"127.0.0.1"}']) {
    test(`JSON alone: ${whole}`, () => agree('a.json', whole));
  }
});

async function agree(file: string, content: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'reeve-config-'));
  try {
    await writeFile(join(directory, file), content);
    assert.deepEqual(await ourWords(directory), await theirWords(directory));
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function theirWords(directory: string): Promise<readonly string[]> {
  const child = spawn(consul187.path, ['validate', directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  return linesOf((await Promise.all([text(child.stdout), text(child.stderr)])).join(''));
}

async function ourWords(directory: string): Promise<readonly string[]> {
  try {
    const { warnings } = await loadConfig({ paths: [directory] }, createDisk(), thisHost());
    return linesOf([...warnings, 'Configuration is valid!'].join('\n'));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return linesOf(`Config validation failed: ${error.message}`);
  }
}

/** Sorted: Go walks maps in any order. What has no effect with us only we say. */
function linesOf(words: string): readonly string[] {
  const isOurs = (line: string): boolean => /^config key .* has no effect: /.test(line);
  return words
    .split('\n')
    .filter((line) => line.trim() !== '' && !isOurs(line))
    .sort();
}
