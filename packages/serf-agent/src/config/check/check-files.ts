// The files that an agent keeps: whether they can be read and written, make sense, and are not each other.
// Next: check-handlers.ts.

import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Disk } from '@reeve/runtime';
import { readKeyringFile, readTagsFile } from '@reeve/serf/agent';
import { errorText } from '../../error-text.ts';
import { whenResult } from '../../when-done.ts';
import { type Findings, placeText } from './problem.ts';
import type { ReadConfig } from './read-sources.ts';

/** Looks at tags, keys and snapshot. */
export async function checkFiles(read: ReadConfig, disk: Disk, findings: Findings): Promise<void> {
  const { config, place } = read;
  await checkContent(read, disk, findings);
  for (const name of fileSettings) {
    if (config[name] === '') continue;
    const problem = await whyNotWritable(config[name]);
    if (problem !== undefined)
      findings.error(place(name), problem, 'Let the agent write there, or choose another path.');
  }
  if (config.keyringFile !== '' && (await isOpenToOthers(config.keyringFile)))
    findings.warning(
      place('keyringFile'),
      'other users of this machine can read the keys',
      `Run: chmod 600 ${config.keyringFile}`,
    );
  checkDistinct(read, findings);
}

async function checkContent({ config, place }: ReadConfig, disk: Disk, findings: Findings): Promise<void> {
  if (config.tagsFile !== '')
    await whenResult((done) => readTagsFile(disk, config.tagsFile, done)).catch((error) =>
      findings.error(place('tagsFile'), errorText(error), 'Write an object of texts: {"role": "web"}.'),
    );
  if (config.keyringFile !== '')
    await whenResult((done) => readKeyringFile(disk, config.keyringFile, done)).catch((error) =>
      findings.error(
        place('keyringFile'),
        errorText(error),
        'Write a list of keys: ["KEY"]; "serf keygen" makes one.',
      ),
    );
}

// The agent replaces the file by a new one, so it must be allowed to make files where it lies.
async function whyNotWritable(path: string): Promise<string | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory()) return `${path} is a folder`;
  const folder = dirname(resolve(path));
  const there = await stat(folder).catch(() => undefined);
  if (!there?.isDirectory()) return `there is no folder ${folder}`;
  for (const place of status === undefined ? [folder] : [folder, path]) {
    const isWritable = await access(place, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!isWritable) return `${place} cannot be written to`;
  }
  return undefined;
}

async function isOpenToOthers(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && process.platform !== 'win32' && (status.mode & 0o077) !== 0;
}

function checkDistinct({ config, place, files }: ReadConfig, findings: Findings): void {
  const users = new Map(files.map((file) => [resolve(file), file]));
  for (const name of fileSettings) {
    if (config[name] === '') continue;
    const path = resolve(config[name]);
    const other = users.get(path);
    if (other !== undefined)
      findings.error(place(name), `the file is used already (${other})`, 'Choose another path.');
    users.set(path, placeText(place(name)));
  }
}

const fileSettings = ['snapshotPath', 'tagsFile', 'keyringFile'] as const;
