// Configurations from texts, on a machine that is always the same.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk } from '@reeve/runtime/node';
import type { Host } from '../../dist/config/build/build-context.js';
import { type ConfigRequest, type LoadedConfig, loadConfig } from '../../dist/config/load.js';

/** Two networks, of which the first leads to the world. */
export const testHost: Host = {
  name: 'web1',
  addresses: [
    { interfaceName: 'lo', address: '127.0.0.1', prefixLength: 8, isLoopback: true, isDefault: false },
    { interfaceName: 'lo', address: '::1', prefixLength: 128, isLoopback: true, isDefault: false },
    { interfaceName: 'eth0', address: '10.1.2.3', prefixLength: 24, isLoopback: false, isDefault: true },
    {
      interfaceName: 'eth1',
      address: '93.184.216.34',
      prefixLength: 29,
      isLoopback: false,
      isDefault: false,
    },
  ],
  openFilesMax: 1024,
};

/** What every configuration needs. */
export const needed = { data_dir: '/nosuch/data', bind_addr: '127.0.0.1' };

/** Files by name, or one JSON file of settings. The directory is called `DIR` in complaints. */
export async function loadText(
  files: Readonly<Record<string, string>>,
  request: Partial<ConfigRequest> = {},
  host: Host = testHost,
): Promise<LoadedConfig> {
  const directory = await mkdtemp(join(tmpdir(), 'reeve-config-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return await loadConfig({ paths: [directory], ...request }, createDisk(), host);
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replaceAll(directory, 'DIR');
    throw error;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** One file of the needed settings and these. */
export function loadSettings(settings: object, request?: Partial<ConfigRequest>): Promise<LoadedConfig> {
  return loadText({ 'a.json': JSON.stringify({ ...needed, ...settings }) }, request);
}
