// The agent's settings as serf's. What differs from serf's own defaults differs in the original's agent too.
// Upstream: cmd/serf/command/agent/command.go (setupAgent). Next: agent.ts.

import { decodeBase64 } from '@reeve/bytes';
import { lanProfile, localProfile, type MemberlistConfig, wanProfile } from '@reeve/memberlist';
import { defaultSerfConfig, type SerfConfig } from '@reeve/serf/core';
import { errorText } from '../error-text.ts';
import type { AgentAddresses } from './addresses.ts';
import type { AgentConfig } from './schema.ts';

/**
 * The settings of one serf node, tags and keys from files excepted. @throws Error with the original's
 * text.
 */
export function serfConfig(config: AgentConfig, addresses: AgentAddresses): SerfConfig {
  return {
    ...defaultSerfConfig({
      ...profileOf(config.profile, config.nodeName),
      bind: addresses.bind,
      advertise: addresses.advertise,
      compression: config.enableCompression,
    }),
    tags: config.tags,
    protocolVersion: config.protocol,
    coalescePeriodMs: 3_000,
    quiescentPeriodMs: 1_000,
    userCoalescePeriodMs: 3_000,
    userQuiescentPeriodMs: 1_000,
    broadcastTimeoutMs: config.broadcastTimeoutMs,
    reconnectIntervalMs: config.reconnectIntervalMs,
    reconnectTimeoutMs: config.reconnectTimeoutMs,
    tombstoneTimeoutMs: config.tombstoneTimeoutMs,
    userEventSizeLimitBytes: config.userEventSizeLimit,
    querySizeLimitBytes: config.querySizeLimit,
    queryResponseSizeLimitBytes: config.queryResponseSizeLimit,
    enableNameConflictResolution: !config.disableNameResolution,
    validateNodeNames: config.validateNodeNames,
    disableCoordinates: config.disableCoordinates,
    snapshotPath: config.snapshotPath || undefined,
    rejoinAfterLeave: config.rejoinAfterLeave,
    keyringFile: config.keyringFile || undefined,
  };
}

/** The timing that a profile's name means. @throws Error with the original's text when there is none. */
export function profileOf(profile: string, nodeName: string): MemberlistConfig {
  const create = profiles.get(profile);
  if (create === undefined) throw new Error(`Unknown profile: ${profile}`);
  return create(nodeName);
}

/** The key of `-encrypt`; undefined if there is none. @throws Error when it is not base64. */
export function encryptionKey(config: AgentConfig): Uint8Array | undefined {
  if (config.encryptKey === '') return undefined;
  try {
    return decodeBase64(config.encryptKey);
  } catch (cause) {
    throw new Error(`Invalid encryption key: ${errorText(cause)}`, { cause });
  }
}

const profiles: ReadonlyMap<string, (name: string) => MemberlistConfig> = new Map([
  ['lan', lanProfile],
  ['wan', wanProfile],
  ['local', localProfile],
]);

/** What `-profile` may be. */
export const profileNames: readonly string[] = [...profiles.keys()];
