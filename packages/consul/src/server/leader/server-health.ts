// How autopilot finds each server of raft's configuration, and the cluster.
// Upstream: agent/consul/autopilot/{autopilot,structs}.go (updateClusterHealth, IsHealthy). consul.md 8.7.

import { parseDuration } from '@reeve/cli';
import type { Member, MemberStatus } from '@reeve/serf/core';
import { type AutopilotConfig, neverTime } from '../../core/index.ts';
import type { ClusterHealth, RaftStats, ServerHealth } from '../../rpc/methods/index.ts';
import type { ConsensusServer } from '../consensus.ts';
import { serverOf } from '../gossip/server-member.ts';

/** What is known of one server at one moment. */
export interface Observation {
  readonly server: ConsensusServer;
  readonly isLeader: boolean;
  /** Undefined: gossip knows nobody of its id. */
  readonly member: Member | undefined;
  /** Undefined: it did not answer in time. */
  readonly stats: RaftStats | undefined;
}

/** What servers are held to. */
export interface Measure {
  readonly config: AutopilotConfig;
  /** The leader's last entry, when the others were asked. */
  readonly lastIndex: number;
  readonly lastTerm: number;
}

/** The health of a server; since when it is stable only its past tells. */
export function serverHealth(observation: Observation, measure: Measure): ServerHealth {
  const { server, isLeader, member, stats } = observation;
  const lastContactNs = lastContactOf(stats);
  return {
    id: server.id,
    name: member?.name ?? '',
    address: server.address,
    serfStatus: member === undefined ? 0 : serfNumbers[member.status],
    version: (member && serverOf(member)?.version) ?? '',
    leader: isLeader,
    lastContactNs,
    lastTerm: stats?.lastTerm ?? 0,
    lastIndex: stats?.lastIndex ?? 0,
    healthy: member?.status === 'alive' && isUpToDate(stats, lastContactNs, measure),
    voter: server.isVoter,
    stableSince: neverTime,
  };
}

/** The cluster is healthy if every server is; it bears the loss of healthy voters beyond a majority. */
export function clusterHealth(servers: readonly ServerHealth[]): ClusterHealth {
  const voters = servers.filter(({ voter }) => voter);
  const healthyVoters = voters.filter(({ healthy }) => healthy).length;
  const quorum = Math.trunc(voters.length / 2) + 1;
  return {
    healthy: servers.every(({ healthy }) => healthy),
    failureTolerance: Math.max(0, healthyVoters - quorum),
    servers,
  };
}

/** Before the first look. */
export const unknownHealth: ClusterHealth = { healthy: false, failureTolerance: 0, servers: null };

function isUpToDate(
  stats: RaftStats | undefined,
  lastContactNs: number,
  { config, lastIndex, lastTerm }: Measure,
): boolean {
  if (stats === undefined || lastContactNs < 0 || lastContactNs > config.lastContactThresholdNs) return false;
  return stats.lastTerm === lastTerm && stats.lastIndex >= lastIndex - config.maxTrailingLogs;
}

/** -1: it never heard of a leader, or says what makes no sense. */
function lastContactOf(stats: RaftStats | undefined): number {
  if (stats === undefined || stats.lastContact === 'never') return -1;
  try {
    return Math.round(parseDuration(stats.lastContact) * nsPerMs);
  } catch {
    return -1; // upstream logs it and leaves the server unhealthy
  }
}

/** serf.MemberStatus; 0 is none. */
const serfNumbers: Readonly<Record<MemberStatus, number>> = {
  none: 0,
  alive: 1,
  leaving: 2,
  left: 3,
  failed: 4,
};
const nsPerMs = 1e6;
