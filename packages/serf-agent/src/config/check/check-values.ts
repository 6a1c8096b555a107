// Settings that are wrong whatever the others say. Next: check-together.ts, for those that do not fit.

import { checkConfig as checkMemberlistConfig, Keyring, lanProfile } from '@reeve/memberlist';
import { checkSerfConfig, defaultSerfConfig, type SerfConfig } from '@reeve/serf/core';
import { errorText } from '../../error-text.ts';
import { parseLogLevel } from '../../log/log-level.ts';
import { duration } from '../kinds.ts';
import { type AgentConfig, type SettingName, settingList } from '../schema.ts';
import { encryptionKey, profileNames } from '../serf-config.ts';
import type { Findings } from './problem.ts';
import type { ReadConfig } from './read-sources.ts';

/** Looks at each setting by itself. */
export function checkValues(read: ReadConfig, findings: Findings): void {
  checkWords(read, findings);
  checkTimes(read, findings);
  const refused = (name: SettingName, fix: string, attempt: () => unknown): void => {
    try {
      attempt();
    } catch (error) {
      findings.error(read.place(name), errorText(error), fix);
    }
  };
  refused('encryptKey', 'Make one with "serf keygen".', () => checkKey(read.config));
  for (const [name, fix, settings] of serfRules(read.config))
    refused(name, fix, () => checkSerfConfig({ ...defaultSerfConfig(lanProfile('node')), ...settings }));
  refused('nodeName', 'Choose a shorter name.', () =>
    checkMemberlistConfig(lanProfile(read.config.nodeName)),
  );
}

function checkWords({ config, place }: ReadConfig, findings: Findings): void {
  if (parseLogLevel(config.logLevel) === undefined)
    findings.error(
      place('logLevel'),
      `there is no level "${config.logLevel}"`,
      'Choose trace, debug, info, warn or err.',
    );
  if (!profileNames.includes(config.profile))
    findings.error(
      place('profile'),
      `there is no profile "${config.profile}"`,
      `Choose ${profileNames.join(', ')}.`,
    );
  if (config.role !== '')
    findings.warning(place('role'), 'the role is a tag now', 'Write it as the tag "role".');
}

function checkTimes({ config, place }: ReadConfig, findings: Findings): void {
  for (const [name, { kind }] of settingList) {
    if (kind !== duration) continue;
    const valueMs = config[name] as number;
    const leastMs = atLeastASecond.has(name) ? 1_000 : 0;
    if (valueMs < leastMs)
      findings.warning(
        place(name),
        leastMs === 0 ? 'a time cannot be negative' : 'the agent takes 1s for less than that',
        leastMs === 0 ? 'Write a time like "30s".' : 'Write "1s" or more.',
      );
  }
}

function checkKey(config: AgentConfig): void {
  const key = encryptionKey(config);
  if (key !== undefined) new Keyring([key]);
}

// What the node itself refuses, each with the settings that it depends on.
function serfRules(config: AgentConfig): readonly (readonly [SettingName, string, Partial<SerfConfig>])[] {
  const { protocol, userEventSizeLimit, role, nodeName, validateNodeNames } = config;
  const tags = role === '' ? config.tags : new Map([...config.tags, ['role', role]]);
  return [
    ['protocol', 'Choose 2, 3, 4 or 5, or leave it out.', { protocolVersion: protocol }],
    ['userEventSizeLimit', 'Choose less.', { userEventSizeLimitBytes: userEventSizeLimit }],
    ['tags', 'Shorten names or values; every member keeps them all in memory.', { tags }],
    [
      'nodeName',
      'Choose another name, or leave "validate_node_names" out.',
      { validateNodeNames, memberlist: lanProfile(nodeName) },
    ],
  ];
}

const atLeastASecond: ReadonlySet<SettingName> = new Set(['retryIntervalMs', 'broadcastTimeoutMs']);
