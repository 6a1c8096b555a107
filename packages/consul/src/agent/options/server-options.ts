// The server that a configuration describes: its port, raft, gossip, and what operators can set.

import { lanProfile, type MemberlistConfig } from '@reeve/memberlist';
import { defaultConfig, type LogStore, type RaftConfig, type SnapshotStore } from '@reeve/raft';
import type { Runtime } from '@reeve/runtime';
import { defaultSerfConfig, type SerfConfig } from '@reeve/serf/core';
import type { GossipTimings, RuntimeConfig } from '../../config/runtime-config.ts';
import type { AutopilotConfig } from '../../core/index.ts';
import { defaultAutopilotConfig } from '../../server/autopilot-config.ts';
import type { ConsulServerOptions } from '../../server/consul-server-options.ts';
import type { GossipKeys } from './gossip-keys.ts';

/** What a configuration does not say. */
export interface AgentSurroundings {
  readonly runtime: Runtime;
  readonly nodeId: string;
  readonly log: LogStore;
  readonly snapshots: SnapshotStore;
  readonly onFatal: (error: Error) => void;
}

/** The parts of a server. @throws Error in the original's words */
export function serverOptions(
  config: RuntimeConfig,
  surroundings: AgentSurroundings,
  keys: GossipKeys,
): ConsulServerOptions {
  const { identity, addresses, rpc, http, sync, join } = config;
  const { runtime, nodeId, log, snapshots, onFatal } = surroundings;
  checkProtocols(config);
  if (addresses.rpcBind === undefined) throw new Error('a server needs its port: ports.server is off');
  return {
    runtime,
    datacenter: identity.datacenter,
    nodeName: identity.nodeName,
    nodeId,
    build: `${identity.version}:${identity.revision}`,
    bind: addresses.rpcBind,
    advertiseHost: addresses.rpcAdvertise.host,
    serf: serfConfig(config, keys),
    raft: raftConfig(config),
    log,
    snapshots,
    settings: {
      rpcHoldTimeoutMs: rpc.holdTimeoutMs,
      defaultQueryTimeMs: http.defaultQueryMs,
      maxQueryTimeMs: http.queryMsMax,
      sessionTtlMinMs: sync.sessionTtlMinMs || sessionTtlMinMs,
      leaveDrainTimeMs: join.leaveDrainMs,
      autopilot: autopilotConfig(config),
    },
    portLimits: {
      handshakeTimeoutMs: rpc.handshakeTimeoutMs,
      connectionsPerClientMax: rpc.connsPerClientMax,
    },
    isBootstrap: config.bootstrap,
    isDevelopment: config.devMode,
    bootstrapExpect: config.bootstrapExpect,
    onGossip: () => {},
    onFatal,
  };
}

/** Versions that the original's servers could speak. */
function checkProtocols({ rpc, raft }: RuntimeConfig): void {
  const refuse = (reason: string): Error => new Error(`Failed to start Consul server: ${reason}`);
  const wrong = rpc.protocol < protocolMin ? 'low' : rpc.protocol > protocolMax ? 'high' : undefined;
  if (wrong !== undefined) {
    const range = `Must be in range: [${protocolMin}, ${protocolMax}]`;
    throw refuse(`Protocol version '${rpc.protocol}' too ${wrong}. ${range}`);
  }
  if (raft.protocol < 0 || raft.protocol > raftProtocolMax) {
    const range = `must be >= 1 and <= ${raftProtocolMax}`;
    throw refuse(`Failed to start Raft: Protocol version ${raft.protocol} ${range}`);
  }
}

function autopilotConfig({ autopilot }: RuntimeConfig): AutopilotConfig {
  const { cleanupDeadServers, maxTrailingLogs, minQuorum } = autopilot;
  return {
    ...defaultAutopilotConfig,
    cleanupDeadServers,
    maxTrailingLogs,
    minQuorum,
    lastContactThresholdNs: autopilot.lastContactThresholdMs * nsPerMs,
    serverStabilizationTimeNs: autopilot.serverStabilizationMs * nsPerMs,
  };
}

function serfConfig(
  { identity, addresses, gossip, join, devMode }: RuntimeConfig,
  { keyring, file }: GossipKeys,
): SerfConfig {
  if (addresses.serfLanBind === undefined) throw new Error('gossip needs its port: ports.serf_lan is off');
  const memberlist: MemberlistConfig = {
    ...lanProfile(identity.nodeName),
    ...timings(gossip.lan),
    bind: addresses.serfLanBind,
    advertise: addresses.serfLanAdvertise,
    keyring,
    verifyIncoming: gossip.encryptVerifyIncoming,
    verifyOutgoing: gossip.encryptVerifyOutgoing,
    deadNodeReclaimMs,
  };
  return {
    ...defaultSerfConfig(memberlist),
    keyringFile: file,
    enableNameConflictResolution: false,
    disableCoordinates: gossip.disableCoordinates,
    rejoinAfterLeave: join.rejoinAfterLeave,
    reconnectTimeoutMs: join.reconnectTimeoutLanMs || reconnectTimeoutMs,
    leavePropagateDelayMs,
    snapshotPath: devMode ? undefined : `${identity.dataDir}/serf/local.snapshot`,
  };
}

function timings(lan: GossipTimings): GossipTimings {
  const { gossipIntervalMs, gossipNodes, probeIntervalMs, probeTimeoutMs, suspicionMult, retransmitMult } =
    lan;
  return { gossipIntervalMs, gossipNodes, probeIntervalMs, probeTimeoutMs, suspicionMult, retransmitMult };
}

/** Consul's settings of raft: the configuration's where it has any. */
function raftConfig({ raft }: RuntimeConfig): RaftConfig {
  const { multiplier } = raft;
  return {
    ...defaultConfig,
    heartbeatTimeoutMs: raft.heartbeatTimeoutMs || defaultConfig.heartbeatTimeoutMs * multiplier,
    electionTimeoutMs: raft.electionTimeoutMs || defaultConfig.electionTimeoutMs * multiplier,
    leaderLeaseMs: raft.leaderLeaseTimeoutMs || defaultConfig.leaderLeaseMs * multiplier,
    snapshotThreshold: raft.snapshotThreshold || snapshotThreshold,
    snapshotIntervalMs: raft.snapshotIntervalMs || snapshotIntervalMs,
    trailingLogs: raft.trailingLogs || defaultConfig.trailingLogs,
  };
}

const [protocolMin, protocolMax, raftProtocolMax] = [2, 3, 3];
const nsPerMs = 1e6;
/** Upstream's numbers: agent/consul/config.go, lib/serf/serf.go, agent/config/default.go. */
const sessionTtlMinMs = 10_000;
const deadNodeReclaimMs = 30_000;
const reconnectTimeoutMs = 72 * 60 * 60 * 1000;
const leavePropagateDelayMs = 3_000;
const snapshotThreshold = 16_384;
const snapshotIntervalMs = 30_000;
