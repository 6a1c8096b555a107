// A hosts file beside a real cluster.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { joining, startAgent, startWithHandler, until } from '../cluster.js';
import { folderOf } from '../handler-context.js';

test('a hosts file follows the cluster, whether members leave or die', async (t) => {
  const folder = await folderOf(t);
  const file = join(folder, 'hosts');
  await writeFile(file, '127.0.0.1 localhost\n');
  const agent = await startWithHandler(t, folder, {
    handler: 'npm:@reeve/handlers/hosts',
    options: { file, domain: 'cluster.internal' },
  });
  const leaves = await startAgent(t, 'leaves', ...joining(agent));
  const dies = await startAgent(t, 'dies', ...joining(agent));
  const lineOf = (name: string, address: string): string => `${address}\t${name}.cluster.internal ${name}\n`;
  const expectHosts = async (...lines: readonly string[]): Promise<void> => {
    const wanted = `127.0.0.1 localhost\n# BEGIN serf members\n${lines.join('')}# END serf members\n`;
    const seen = (): string => `${wanted}\n${agent.output()}`;
    await until('the file is as wanted', async () => (await readFile(file, 'latin1')) === wanted, seen);
  };
  const own = lineOf('handler', agent.address);
  await expectHosts(lineOf('dies', dies.address), own, lineOf('leaves', leaves.address));
  await dies.end('SIGKILL'); // while there is somebody to confirm it, which is faster
  await expectHosts(own, lineOf('leaves', leaves.address));
  await leaves.end('SIGINT');
  await expectHosts(own);
});
