// What operators are shown, as JSON. Fields are in Go's order. Upstream: agent/structs/operator.go.

import { compactJson, formatDuration } from '@reeve/cli';
import type { GoTime } from '../../core/index.ts';
import type { ClusterHealth, RaftConfiguration, ServerHealth } from '../../rpc/methods/index.ts';

/** Raft's servers. */
export function raftConfigurationJson({ servers, index }: RaftConfiguration): string {
  const list = (servers ?? []).map((server) => ({
    ID: server.id,
    Node: server.node,
    Address: server.address,
    Leader: server.leader,
    ProtocolVersion: server.protocolVersion,
    Voter: server.voter,
  }));
  return compactJson({ Servers: servers === null ? null : list, Index: index });
}

/** How the servers are; null before autopilot has looked. */
export function clusterHealthJson({ healthy, failureTolerance, servers }: ClusterHealth): string {
  const list = servers === null || servers.length === 0 ? null : servers.map(serverFields);
  return compactJson({ Healthy: healthy, FailureTolerance: failureTolerance, Servers: list });
}

function serverFields(server: ServerHealth) {
  return {
    ID: server.id,
    Name: server.name,
    Address: server.address,
    SerfStatus: serfStatuses[server.serfStatus] ?? 'none',
    Version: server.version,
    Leader: server.leader,
    LastContact: formatDuration(server.lastContactNs / nsPerMs),
    LastTerm: server.lastTerm,
    LastIndex: server.lastIndex,
    Healthy: server.healthy,
    Voter: server.voter,
    StableSince: toWholeSeconds(server.stableSince),
  };
}

/** The nearest second in UTC: `2026-11-21T19:44:53Z`. */
function toWholeSeconds({ unixSeconds, nanoseconds }: GoTime): string {
  const seconds = unixSeconds + (nanoseconds >= nsPerSecond / 2 ? 1 : 0);
  const isShown = Math.abs(seconds) <= secondsMax;
  return new Date((isShown ? seconds : 0) * msPerSecond).toISOString().replace('.000Z', 'Z');
}

/** By serf's numbers. */
const serfStatuses = ['none', 'alive', 'leaving', 'left', 'failed'];
const nsPerMs = 1e6;
const nsPerSecond = 1e9;
const msPerSecond = 1e3;
/** What a `Date` can be; another server may have sent anything. */
const secondsMax = 8.64e12;
