// What an agent kept in files when it last ran: its tags and its keys. The snapshot is serf's own.
// Upstream: cmd/serf/command/agent/agent.go (Create). Next: tags-file.ts, keyring-file.ts.

import type { Disk, Log } from '@reeve/runtime';
import type { SerfConfig } from '@reeve/serf/core';
import type { AgentConfig } from '../config/schema.ts';
import { readKeyringFile } from './keyring-file.ts';
import { readTagsFile } from './tags-file.ts';

/** `serf` with the tags and keys of the files `config` names. @throws Error with the original's text. */
export async function restoreFiles(
  config: AgentConfig,
  serf: SerfConfig,
  disk: Disk,
  log: Log,
): Promise<SerfConfig> {
  const tags = await restoreTags(config, disk, log);
  if (config.keyringFile === '') return { ...serf, tags };
  if (config.encryptKey !== '') throw new Error('Encryption key not allowed while using a keyring');
  const keyring = await readKeyringFile(disk, config.keyringFile);
  log('info', `agent: Restored keyring with ${keyring.keys.length} keys from ${config.keyringFile}`);
  return { ...serf, tags, memberlist: { ...serf.memberlist, keyring } };
}

async function restoreTags(config: AgentConfig, disk: Disk, log: Log): Promise<AgentConfig['tags']> {
  if (config.tagsFile === '') return config.tags;
  if (config.tags.size > 0) throw new Error('Tags config not allowed while using tag files');
  const tags = await readTagsFile(disk, config.tagsFile);
  if (tags === undefined) return config.tags;
  log('info', `agent: Restored ${tags.size} tag(s) from ${config.tagsFile}`);
  return tags;
}
