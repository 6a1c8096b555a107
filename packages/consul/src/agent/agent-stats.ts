// What `consul info` shows. Upstream: agent/agent.go (Stats), agent/consul/server.go (Stats).

import { availableParallelism } from 'node:os';
import { openResources } from '@reeve/runtime/node';
import type { AgentIdentity } from '../http/cluster-agent.ts';
import type { LocalState } from '../local/state/local-state.ts';
import type { ConsulServer } from '../server/consul-server.ts';

/** Sections of keys and values, all texts. */
export function agentStats(
  identity: AgentIdentity,
  server: ConsulServer,
  local: LocalState,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const { consensus, serf } = server;
  return new Map([
    ['agent', ownStats(local)],
    ['build', texts({ prerelease: '', revision: identity.revision, version: identity.version })],
    [
      'consul',
      texts({
        acl: 'disabled',
        bootstrap: `${server.isBootstrap}`,
        known_datacenters: '1',
        leader: `${consensus.isLeader}`,
        leader_addr: consensus.leaderAddress,
        server: 'true',
      }),
    ],
    ['raft', texts(server.raftStats())],
    ['runtime', runtimeStats()],
    ['serf_lan', serf.stats()],
  ]);
}

/** Scripts are monitors, as they once were called. */
function ownStats(local: LocalState): ReadonlyMap<string, string> {
  const checks = local.checks();
  const countOf = (kind: string): string => `${checks.filter(({ type }) => type === kind).length}`;
  return texts({
    check_monitors: countOf('script'),
    check_ttls: countOf('ttl'),
    checks: `${checks.length}`,
    services: `${local.services().length}`,
  });
}

/** Go's keys. */
function runtimeStats(): ReadonlyMap<string, string> {
  const cpus = `${availableParallelism()}`;
  return texts({
    arch: process.arch === 'x64' ? 'amd64' : process.arch,
    cpu_count: cpus,
    goroutines: `${openResources()}`,
    max_procs: cpus,
    os: process.platform,
    version: process.version,
  });
}

function texts(values: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(values));
}
