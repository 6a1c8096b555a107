// Settings that exclude or need each other. Next: check-addresses.ts.

import type { SettingName } from '../schema.ts';
import { type Findings, placeText } from './problem.ts';
import type { ReadConfig } from './read-sources.ts';

/** Looks for settings that do not fit together. */
export function checkTogether({ config, place }: ReadConfig, findings: Findings): void {
  const both = (one: SettingName, other: SettingName, problem: string, fix: string): void =>
    findings.error(place(one), `${problem} (${placeText(place(other))})`, fix);
  if (config.tagsFile !== '' && (config.tags.size > 0 || config.role !== ''))
    both(
      'tagsFile',
      config.tags.size > 0 ? 'tags' : 'role',
      'a tags file holds all tags, and others are configured',
      'Write those tags into the file, or leave the file out.',
    );
  if (config.keyringFile !== '' && config.encryptKey !== '')
    both(
      'keyringFile',
      'encryptKey',
      'a keyring file holds all keys, and another is configured',
      'Leave one of them out; the first key of the file is the one to encrypt with.',
    );
  if (config.role !== '' && config.tags.has('role'))
    findings.warning(
      place('role'),
      `it takes the place of the tag "role" (${placeText(place('tags'))})`,
      'Keep the tag.',
    );
  if (config.rejoinAfterLeave && config.snapshotPath === '')
    findings.warning(
      place('rejoinAfterLeave'),
      'without a snapshot nothing is known to rejoin',
      'Set "snapshot_path" (-snapshot).',
    );
  checkDiscovery({ config, place }, findings);
}

function checkDiscovery({ config, place }: Pick<ReadConfig, 'config' | 'place'>, findings: Findings): void {
  if (config.discover === '') {
    if (config.mdnsInterface !== '')
      findings.error(
        place('mdnsInterface'),
        'discovery is off',
        'Name a cluster with "discover" (-discover), or leave the interface out.',
      );
    return;
  }
  if (config.mdnsDisableIpv4 && config.mdnsDisableIpv6)
    findings.error(
      place('discover'),
      `neither IPv4 nor IPv6 is left to discover with (${placeText(place('mdnsDisableIpv6'))})`,
      'Allow one of them.',
    );
}
