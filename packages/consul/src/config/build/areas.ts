// The areas of a configuration, one function each. Upstream: agent/config/builder.go (Build).

import { listProblems, quote, trimSpace } from '@reeve/cli';
import { ConfigError } from '../config-error.ts';
import { isCidr } from '../networks.ts';
import type {
  AutopilotSettings,
  DnsConfig,
  GossipConfig,
  GossipTimings,
  HttpConfig,
  IdentityConfig,
  JoinConfig,
  LogConfig,
  RaftConfig,
  RpcConfig,
  SyncConfig,
} from '../runtime-config.ts';
import type { ConfigSettings } from '../settings/settings.ts';
import { expandNames } from './addresses.ts';
import type { BuildContext } from './build-context.ts';

/** Who the agent is. */
export function buildIdentity(given: ConfigSettings, { host }: BuildContext): IdentityConfig {
  const datacenter = (given.datacenter ?? '').toLowerCase();
  return {
    datacenter,
    primaryDatacenter: (given.primaryDatacenter || given.aclDatacenter || datacenter).toLowerCase(),
    nodeName: trimSpace(given.nodeName || host.name),
    nodeId: given.nodeId ?? '',
    nodeMeta: given.nodeMeta ?? new Map(),
    disableHostNodeId: given.disableHostNodeId ?? false,
    dataDir: given.dataDir ?? '',
    pidFile: given.pidFile ?? '',
    version: given.version ?? '',
    revision: given.revision ?? '',
  };
}

/** Gossip. @throws ConfigError for networks that are none */
export function buildGossip(given: ConfigSettings, context: BuildContext): GossipConfig {
  return {
    lan: timings('gossip_lan', given.gossipLan ?? {}, context),
    wan: timings('gossip_wan', given.gossipWan ?? {}, context),
    encryptKey: given.encrypt ?? '',
    encryptVerifyIncoming: given.encryptVerifyIncoming ?? false,
    encryptVerifyOutgoing: given.encryptVerifyOutgoing ?? false,
    disableKeyringFile: given.disableKeyringFile ?? false,
    allowedCidrsLan: gossipNetworks('serf_lan_allowed_cidrs', given.serfLanAllowedCidrs),
    allowedCidrsWan: gossipNetworks('serf_wan_allowed_cidrs', given.serfWanAllowedCidrs),
    disableCoordinates: given.disableCoordinates ?? false,
  };
}

function timings(
  name: string,
  given: NonNullable<ConfigSettings['gossipLan']>,
  context: BuildContext,
): GossipTimings {
  return {
    // The two dots are upstream's.
    gossipIntervalMs: context.durationMs(`${name}..gossip_interval`, given.gossipInterval),
    gossipNodes: given.gossipNodes ?? 0,
    probeIntervalMs: context.durationMs(`${name}..probe_interval`, given.probeInterval),
    probeTimeoutMs: context.durationMs(`${name}..probe_timeout`, given.probeTimeout),
    suspicionMult: given.suspicionMult ?? 0,
    retransmitMult: given.retransmitMult ?? 0,
  };
}

function gossipNetworks(name: string, networks: readonly string[] = []): readonly string[] {
  const wrong = networks.filter((network) => !isCidr(network));
  if (wrong.length === 0) return networks;
  throw new ConfigError(`${name}: ${listProblems(wrong.map((network) => `invalid cidr: ${network}`))}`);
}

/** How much slower than its fastest raft is to be. @throws ConfigError */
export function raftMultiplier({ performance }: ConfigSettings): number {
  const multiplier = performance?.raftMultiplier ?? 0;
  if (multiplier >= 1 && multiplier <= raftMultiplierMax) return multiplier;
  throw new ConfigError(
    `performance.raft_multiplier cannot be ${multiplier}. Must be between 1 and ${raftMultiplierMax}`,
  );
}

/** Consensus. */
export function buildRaft(given: ConfigSettings, multiplier: number, context: BuildContext): RaftConfig {
  const { raft = {} } = given.consul ?? {};
  return {
    multiplier,
    electionTimeoutMs: multiplier * context.durationMs('consul.raft.election_timeout', raft.electionTimeout),
    heartbeatTimeoutMs:
      multiplier * context.durationMs('consul.raft.heartbeat_timeout', raft.heartbeatTimeout),
    leaderLeaseTimeoutMs:
      multiplier * context.durationMs('consul.raft.leader_lease_timeout', raft.leaderLeaseTimeout),
    protocol: given.raftProtocol ?? 0,
    snapshotThreshold: given.raftSnapshotThreshold ?? 0,
    snapshotIntervalMs: context.durationMs('raft_snapshot_interval', given.raftSnapshotInterval),
    trailingLogs: given.raftTrailingLogs ?? 0,
  };
}

/** What the leader does about servers. */
export function buildAutopilot({ autopilot = {} }: ConfigSettings, context: BuildContext): AutopilotSettings {
  return {
    cleanupDeadServers: autopilot.cleanupDeadServers ?? false,
    lastContactThresholdMs: context.durationMs(
      'autopilot.last_contact_threshold',
      autopilot.lastContactThreshold,
    ),
    maxTrailingLogs: autopilot.maxTrailingLogs ?? 0,
    minQuorum: autopilot.minQuorum ?? 0,
    serverStabilizationMs: context.durationMs(
      'autopilot.server_stabilization_time',
      autopilot.serverStabilizationTime,
    ),
    disableUpgradeMigration: autopilot.disableUpgradeMigration ?? false,
    redundancyZoneTag: autopilot.redundancyZoneTag ?? '',
    upgradeVersionTag: autopilot.upgradeVersionTag ?? '',
  };
}

/** DNS. */
export function buildDns(
  given: ConfigSettings,
  recursors: readonly string[],
  context: BuildContext,
): DnsConfig {
  const { dnsConfig: dns = {} } = given;
  const serviceTtls = [...(dns.serviceTtl ?? [])].map(
    ([name, ttl]) => [name, context.durationMs(`dns_config.service_ttl[${quote(name)}]`, ttl)] as const,
  );
  return {
    domain: given.domain ?? '',
    altDomain: given.altDomain ?? '',
    recursors,
    recursorTimeoutMs: context.durationMs('recursor_timeout', dns.recursorTimeout),
    allowStale: dns.allowStale ?? false,
    maxStaleMs: context.durationMs('dns_config.max_stale', dns.maxStale),
    aRecordLimit: dns.aRecordLimit ?? 0,
    udpAnswerLimit: dns.udpAnswerLimit ?? 0,
    enableTruncate: dns.enableTruncate ?? false,
    onlyPassing: dns.onlyPassing ?? false,
    disableCompression: dns.disableCompression ?? false,
    nodeMetaTxt: dns.nodeMetaTxt ?? true,
    nodeTtlMs: context.durationMs('dns_config.node_ttl', dns.nodeTtl),
    serviceTtlMs: new Map(serviceTtls),
    soa: {
      refresh: dns.soa?.refresh ?? 3600,
      retry: dns.soa?.retry ?? 600,
      expire: dns.soa?.expire ?? 86_400,
      minTtl: dns.soa?.minTtl ?? 0,
    },
    useCache: dns.useCache ?? false,
    cacheMaxAgeMs: context.durationMs('dns_config.cache_max_age', dns.cacheMaxAge),
  };
}

/** HTTP. */
export function buildHttp(given: ConfigSettings, context: BuildContext): HttpConfig {
  const { httpConfig: http = {}, limits = {} } = given;
  const writers = (http.allowWriteHttpFrom ?? []).map(trimSpace);
  for (const network of writers) {
    if (!isCidr(network)) context.problems.add(`allow_write_http_from: invalid cidr: ${network}`);
  }
  return {
    blockEndpoints: http.blockEndpoints ?? [],
    responseHeaders: http.responseHeaders ?? new Map(),
    allowWriteFrom: writers,
    useCache: http.useCache ?? true,
    connsPerClientMax: limits.httpMaxConnsPerClient ?? 0,
    httpsHandshakeTimeoutMs: context.durationMs(
      'limits.https_handshake_timeout',
      limits.httpsHandshakeTimeout,
    ),
    defaultQueryMs: context.durationMs('default_query_time', given.defaultQueryTime),
    queryMsMax: context.durationMs('max_query_time', given.maxQueryTime),
    discoveryMaxStaleMs: context.durationMs('discovery_max_stale', given.discoveryMaxStale),
    disableUnprintableCharFilter: given.disableHttpUnprintableCharFilter ?? false,
    kvValueBytesMax: limits.kvMaxValueSize ?? 0,
    txnBytesMax: limits.txnMaxReqLen ?? 0,
    ui: given.ui ?? false,
    uiDir: given.uiDir ?? '',
    uiContentPath: contentPath(given.uiContentPath ?? ''),
    debug: given.enableDebug ?? false,
  };
}

/** With one slash at either end. */
function contentPath(written: string): string {
  return written === '' ? '/ui/' : `/${written.replace(/^\/+|\/+$/g, '')}/`;
}

/** The log. */
export function buildLog(given: ConfigSettings, context: BuildContext): LogConfig {
  return {
    level: given.logLevel ?? '',
    json: given.logJson ?? false,
    file: given.logFile ?? '',
    rotateBytes: given.logRotateBytes ?? 0,
    rotateDurationMs: context.durationMs('log_rotate_duration', given.logRotateDuration),
    rotateFilesMax: given.logRotateMaxFiles ?? 0,
    syslog: given.enableSyslog ?? false,
    syslogFacility: given.syslogFacility ?? '',
  };
}

/** RPC between agents. */
export function buildRpc(given: ConfigSettings, context: BuildContext): RpcConfig {
  const { limits = {}, performance = {} } = given;
  return {
    protocol: given.protocol ?? 0,
    handshakeTimeoutMs: context.durationMs('limits.rpc_handshake_timeout', limits.rpcHandshakeTimeout),
    holdTimeoutMs: context.durationMs('performance.rpc_hold_timeout', performance.rpcHoldTimeout),
    connsPerClientMax: limits.rpcMaxConnsPerClient ?? 0,
    rate: limits.rpcRate ?? 0,
    burstMax: limits.rpcMaxBurst ?? 0,
  };
}

/** How the agent finds others, and how it leaves. */
export function buildJoin(given: ConfigSettings, context: BuildContext): JoinConfig {
  const isServer = given.server ?? false;
  return {
    leaveDrainMs: context.durationMs('performance.leave_drain_time', given.performance?.leaveDrainTime),
    reconnectTimeoutLanMs: context.durationMs('reconnect_timeout', given.reconnectTimeout),
    reconnectTimeoutWanMs: context.durationMs('reconnect_timeout_wan', given.reconnectTimeoutWan),
    retryIntervalLanMs: context.durationMs('retry_interval', given.retryInterval),
    retryIntervalWanMs: context.durationMs('retry_interval_wan', given.retryIntervalWan),
    retryLan: expandNames('retry_join', given.retryJoin, context),
    retryWan: expandNames('retry_join_wan', given.retryJoinWan, context),
    retryMaxLan: given.retryMax ?? 0,
    retryMaxWan: given.retryMaxWan ?? 0,
    rejoinAfterLeave: given.rejoinAfterLeave ?? false,
    startLan: expandNames('start_join', given.startJoin, context),
    startWan: expandNames('start_join_wan', given.startJoinWan, context),
    leaveOnTerminate: given.leaveOnTerminate ?? !isServer,
    skipLeaveOnInterrupt: given.skipLeaveOnInterrupt ?? isServer,
  };
}

/** Work in the background. */
export function buildSync(given: ConfigSettings, context: BuildContext): SyncConfig {
  const { coordinate = {}, server = {} } = given.consul ?? {};
  return {
    antiEntropyIntervalMs: context.durationMs('ae_interval', given.aeInterval),
    coordinateRateTarget: given.syncCoordinateRateTarget ?? 0,
    coordinateIntervalMinMs: context.durationMs(
      'sync_coordinate_interval_min',
      given.syncCoordinateIntervalMin,
    ),
    coordinateUpdateBatchSize: coordinate.updateBatchSize ?? 0,
    coordinateUpdateBatchesMax: coordinate.updateMaxBatches ?? 0,
    coordinateUpdatePeriodMs: context.durationMs('consul.coordinate.update_period', coordinate.updatePeriod),
    serverHealthIntervalMs: context.durationMs('consul.server.health_interval', server.healthInterval),
    sessionTtlMinMs: context.durationMs('session_ttl_min', given.sessionTtlMin),
    disableRemoteExec: given.disableRemoteExec ?? false,
  };
}

const raftMultiplierMax = 10;
