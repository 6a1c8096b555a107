// From an agent's configuration to what server, HTTP and DNS are made of. consul.md 6.2, 8.1, 8.4.

import { lanProfile, type MemberlistConfig } from '@reeve/memberlist';
import { defaultConfig, type LogStore, type RaftConfig, type SnapshotStore } from '@reeve/raft';
import type { Endpoint, Runtime } from '@reeve/runtime';
import { defaultSerfConfig, type SerfConfig } from '@reeve/serf/core';
import { isInNetworks } from '../../config/networks.ts';
import type { GossipTimings, ListenAddress, RuntimeConfig } from '../../config/runtime-config.ts';
import type { AutopilotConfig } from '../../core/index.ts';
import type { DnsSettings } from '../../dns/index.ts';
import { resolveRecursor } from '../../dns/index.ts';
import { defaultAutopilotConfig } from '../../server/autopilot-config.ts';
import type { ConsulServerOptions } from '../../server/consul-server.ts';
import type { ConsulAgentOptions, HttpAddress, Reconfiguration } from '../consul-agent.ts';
import { findGossipKeys, type GossipKeys } from './gossip-keys.ts';
import { localParts, ownNode } from './local-options.ts';

/** What a configuration does not say. */
export interface AgentSurroundings {
  readonly runtime: Runtime;
  readonly nodeId: string;
  readonly log: LogStore;
  readonly snapshots: SnapshotStore;
  readonly onFatal: (error: Error) => void;
}

/** The parts of an agent that a configuration decides; rejects if a recursor has no address. */
export async function agentOptions(
  config: RuntimeConfig,
  surroundings: AgentSurroundings,
): Promise<Omit<ConsulAgentOptions, 'log' | 'metrics' | 'debugConfig' | 'reload' | 'onLeft'>> {
  const { identity, http, addresses, dns } = config;
  const keys = await findGossipKeys(config, surroundings.runtime).catch((error: Error) => {
    throw new Error(`Failed to configure keyring: ${error.message}`, { cause: error });
  });
  return {
    server: serverOptions(config, surroundings, keys),
    local: localParts(config, surroundings.runtime, surroundings.nodeId),
    callRate: config.rpc,
    runsRemoteCommands: !config.sync.disableRemoteExec,
    identity: {
      datacenter: identity.datacenter,
      nodeName: identity.nodeName,
      nodeId: surroundings.nodeId,
      revision: identity.revision,
      isServer: true,
      version: identity.version,
    },
    http: {
      at: addresses.http.map(httpAddress),
      settings: {
        responseHeaders: [...http.responseHeaders],
        blockEndpoints: http.blockEndpoints,
        mayWrite:
          http.allowWriteFrom.length === 0 ? undefined : (host) => isInNetworks(host, http.allowWriteFrom),
        refusesUnprintable: !http.disableUnprintableCharFilter,
        translatesAddresses: addresses.translateWan,
        alwaysPretty: config.devMode,
        uiPath: undefined,
      },
      limits: {
        recordBytesMax,
        kvValueBytesMax: http.kvValueBytesMax,
        txnBytesMax: http.txnBytesMax,
      },
      defaults: {
        datacenter: identity.datacenter,
        nodeName: identity.nodeName,
        token: '',
        discoveryMaxStaleNs: http.discoveryMaxStaleMs * nsPerMs,
      },
      connectionsPerClientMax: http.connsPerClientMax,
      usesCache: http.useCache,
    },
    dns: {
      at: addresses.dns.flatMap((at) => (at.network === 'udp' ? [{ host: at.host, port: at.port }] : [])),
      settings: await dnsSettings(config, dns.recursors, surroundings.runtime),
    },
  };
}

/** What of a configuration an agent takes over while it runs; rejects if a recursor has no address. */
export async function reconfiguration(
  config: RuntimeConfig,
  runtime: Runtime,
  nodeId: string,
): Promise<Reconfiguration> {
  const { definitions, rpc, http, dns } = config;
  return {
    definitions,
    node: ownNode(config, nodeId),
    callRate: rpc,
    connectionsPerClientMax: http.connsPerClientMax,
    dns: await dnsSettings(config, dns.recursors, runtime).catch((error: Error) => {
      throw new Error(`Failed reloading dns config : ${error.message}`, { cause: error });
    }),
  };
}

function serverOptions(
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

async function dnsSettings(
  { dns, identity, addresses }: RuntimeConfig,
  recursors: readonly string[],
  { network }: Runtime,
): Promise<DnsSettings> {
  return {
    domain: wholeDomain(dns.domain),
    altDomain: dns.altDomain === '' ? '' : wholeDomain(dns.altDomain),
    datacenter: identity.datacenter,
    token: '',
    allowStale: dns.allowStale,
    maxStaleMs: dns.maxStaleMs,
    nodeTtl: dns.nodeTtlMs / msPerSecond,
    serviceTtls: new Map([...dns.serviceTtlMs].map(([name, ms]) => [name, ms / msPerSecond])),
    zone: dns.soa,
    onlyPassing: dns.onlyPassing,
    udpAnswersMax: dns.udpAnswerLimit,
    addressesMax: dns.aRecordLimit,
    marksTruncated: dns.enableTruncate,
    compressesNames: !dns.disableCompression,
    addsNodeMeta: dns.nodeMetaTxt,
    translatesAddresses: addresses.translateWan,
    recursors: await Promise.all(recursors.map((recursor) => recursorAt(recursor, network))),
    recursorTimeoutMs: dns.recursorTimeoutMs,
  };
}

function recursorAt(recursor: string, network: Runtime['network']): Promise<Endpoint> {
  return resolveRecursor(recursor, network).catch((error: Error) => {
    throw new Error(`Invalid recursor address: ${error.message}`, { cause: error });
  });
}

/** In any case and without its last dot a domain is the same. */
function wholeDomain(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower : `${lower}.`;
}

function httpAddress(at: ListenAddress): HttpAddress {
  return at.network === 'unix' ? { path: at.path } : { host: at.host, port: at.port };
}

const [protocolMin, protocolMax, raftProtocolMax] = [2, 3, 3];
const nsPerMs = 1e6;
const msPerSecond = 1_000;
/**
 * Ours; upstream takes bodies of any size here. A body is read in one turn of the event loop, and of entries
 * of more than half of this upstream's servers warn (raftWarnSize).
 */
const recordBytesMax = 2 * 1024 * 1024;
/** Upstream's numbers: agent/consul/config.go, lib/serf/serf.go, agent/config/default.go. */
const sessionTtlMinMs = 10_000;
const deadNodeReclaimMs = 30_000;
const reconnectTimeoutMs = 72 * 60 * 60 * 1000;
const leavePropagateDelayMs = 3_000;
const snapshotThreshold = 16_384;
const snapshotIntervalMs = 30_000;
