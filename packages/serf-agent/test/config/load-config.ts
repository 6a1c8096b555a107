// Loads configurations the way `serf agent` does, from arguments and a folder of files.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { parseFlags } from '@reeve/cli';
import { createDisk } from '@reeve/runtime/node';
import { agentFlags } from '../../dist/config/flags.js';
import { type LoadedConfig, loadConfig } from '../../dist/config/load.js';

/** Makes a folder with these files that is gone after the test. */
export async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Reads the configuration that the arguments behind `serf agent` mean. */
export function load(...args: readonly string[]): Promise<LoadedConfig> {
  return loadConfig(parseFlags(agentFlags, args), createDisk());
}

/** Why these arguments are refused. */
export async function refusalOf(...args: readonly string[]): Promise<string> {
  return load(...args).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}
