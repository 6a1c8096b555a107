// What an agent kept in files when it last ran: its tags and its keys. The snapshot is serf's own.
// Upstream: cmd/serf/command/agent/agent.go (Create). Next: tags-file.ts, keyring-file.ts.

import type { Result, Runtime } from '@reeve/runtime';
import type { SerfConfig, Tags } from '../core/index.ts';
import { readKeyringFile } from './keyring-file.ts';
import { readTagsFile } from './tags-file.ts';

/** Which files an agent has, and what it is told besides; what is empty is absent. */
export interface FileSettings {
  readonly tagsFile: string;
  readonly keyringFile: string;
  readonly tags: Tags;
  readonly encryptKey: string;
}

/**
 * `serf` with the tags and keys of the files that `settings` names. `done` may run inside this call; errors
 * have the original's text.
 */
export function restoreFiles(
  settings: FileSettings,
  serf: SerfConfig,
  runtime: Pick<Runtime, 'disk' | 'log'>,
  done: (result: Result<SerfConfig>) => void,
): void {
  const { keyringFile, encryptKey } = settings;
  restoreTags(settings, runtime, (tags) => {
    if (!tags.ok) return done(tags);
    const tagged = { ...serf, tags: tags.value };
    if (keyringFile === '') return done({ ok: true, value: tagged });
    if (encryptKey !== '') return done(refused('Encryption key not allowed while using a keyring'));
    readKeyringFile(runtime.disk, keyringFile, (read) => {
      if (!read.ok) return done(read);
      const keyring = read.value;
      runtime.log('info', `agent: Restored keyring with ${keyring.keys.length} keys from ${keyringFile}`);
      done({ ok: true, value: { ...tagged, memberlist: { ...serf.memberlist, keyring } } });
    });
  });
}

function restoreTags(
  { tagsFile, tags }: FileSettings,
  { disk, log }: Pick<Runtime, 'disk' | 'log'>,
  done: (result: Result<Tags>) => void,
): void {
  if (tagsFile === '') return done({ ok: true, value: tags });
  if (tags.size > 0) return done(refused('Tags config not allowed while using tag files'));
  readTagsFile(disk, tagsFile, (read) => {
    if (!read.ok) return done(read);
    if (read.value) log('info', `agent: Restored ${read.value.size} tag(s) from ${tagsFile}`);
    done({ ok: true, value: read.value ?? tags });
  });
}

function refused(reason: string): Result<never> {
  return { ok: false, error: new Error(reason) };
}
