// The settings that simulated nodes run with.

import { lanProfile, localProfile, type MemberlistConfig, wanProfile } from '@reeve/memberlist';
import { defaultSerfConfig, type SerfConfig } from '@reeve/serf/core';

/** Names of the profiles: those of the original, and `quick`. */
export type ProfileName = keyof typeof profiles;

/** A node's settings by its name. */
export type Profile = (name: string) => SerfConfig;

/** All profiles. */
export const profiles = {
  lan: (name: string) => serfOn(lanProfile(name)),
  wan: (name: string) => serfOn(wanProfile(name)),
  local: (name: string) => serfOn(localProfile(name)),
  /** A LAN where everything that takes minutes takes seconds: exchanges, reconnecting, forgetting. */
  quick,
} satisfies Record<string, Profile>;

function quick(name: string): SerfConfig {
  const lan = lanProfile(name);
  const memberlist = { ...lan, pushPullIntervalMs: 5_000, gossipToTheDeadMs: 10_000, streamTimeoutMs: 5_000 };
  return { ...serfOn(memberlist), reconnectIntervalMs: 5_000 };
}

function serfOn(memberlist: MemberlistConfig): SerfConfig {
  return { ...defaultSerfConfig(memberlist), protocolVersion: 5 };
}
