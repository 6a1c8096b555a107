// The configuration as `agent/self` shows it: every field by upstream's name, times and addresses as text,
// and everything that may be a secret hidden. Upstream: agent/config/runtime.go (Sanitized).

import { formatDuration, type JsonOutput } from '@reeve/cli';
import type { Endpoint } from '@reeve/runtime';
import { checkFields, serviceFields } from './debug-definitions.ts';
import type { GossipTimings, ListenAddress, RuntimeConfig } from './runtime-config.ts';
import { withoutCredentials } from './secrets.ts';
import { placeText } from './validate.ts';

/** All fields, sorted by name. */
export function debugConfig(config: RuntimeConfig): { readonly [goName: string]: JsonOutput } {
  const fields = {
    ...Object.fromEntries(config.unused),
    ...secretFields,
    AutoConfig: unusedAutoConfig,
    ...agentFields(config),
    ...addressFields(config),
    ...portFields(config),
    ...joinFields(config),
    ...gossipFields('LAN', config.gossip.lan),
    ...gossipFields('WAN', config.gossip.wan),
    ...serverFields(config),
    ...dnsFields(config),
    ...httpFields(config),
    ...definitionFields(config),
  };
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

type Fields = { readonly [goName: string]: JsonOutput };

function agentFields(config: RuntimeConfig): Fields {
  const { identity, gossip, log, sync } = config;
  return {
    Bootstrap: config.bootstrap,
    BootstrapExpect: config.bootstrapExpect,
    DevMode: config.devMode,
    ServerMode: config.serverMode,
    DataDir: identity.dataDir,
    Datacenter: identity.datacenter,
    DisableHostNodeID: identity.disableHostNodeId,
    NodeID: identity.nodeId,
    NodeMeta: identity.nodeMeta,
    NodeName: identity.nodeName,
    PidFile: identity.pidFile,
    PrimaryDatacenter: identity.primaryDatacenter,
    Revision: identity.revision,
    Version: identity.version,
    DisableCoordinates: gossip.disableCoordinates,
    DisableKeyringFile: gossip.disableKeyringFile,
    DisableRemoteExec: sync.disableRemoteExec,
    EncryptVerifyIncoming: gossip.encryptVerifyIncoming,
    EncryptVerifyOutgoing: gossip.encryptVerifyOutgoing,
    SerfAllowedCIDRsLAN: gossip.allowedCidrsLan,
    SerfAllowedCIDRsWAN: gossip.allowedCidrsWan,
    Logging: {
      EnableSyslog: log.syslog,
      LogFilePath: log.file,
      LogJSON: log.json,
      LogLevel: log.level,
      LogRotateBytes: log.rotateBytes,
      LogRotateDuration: formatDuration(log.rotateDurationMs),
      LogRotateMaxFiles: log.rotateFilesMax,
      Name: '',
      SyslogFacility: log.syslogFacility,
    },
  };
}

function addressFields({ addresses }: RuntimeConfig): Fields {
  return {
    AdvertiseAddrLAN: addresses.advertiseLan,
    AdvertiseAddrWAN: addresses.advertiseWan,
    BindAddr: addresses.bind,
    ClientAddrs: addresses.client,
    DNSAddrs: addresses.dns.map(listenText),
    GRPCAddrs: addresses.grpc.map(listenText),
    HTTPAddrs: addresses.http.map(listenText),
    HTTPSAddrs: addresses.https.map(listenText),
    RPCAdvertiseAddr: endpointText(addresses.rpcAdvertise),
    RPCBindAddr: endpointText(addresses.rpcBind),
    SerfAdvertiseAddrLAN: endpointText(addresses.serfLanAdvertise),
    SerfAdvertiseAddrWAN: endpointText(addresses.serfWanAdvertise),
    SerfBindAddrLAN: endpointText(addresses.serfLanBind),
    SerfBindAddrWAN: endpointText(addresses.serfWanBind),
    TaggedAddresses: addresses.tagged,
    TranslateWANAddrs: addresses.translateWan,
    UnixSocketGroup: addresses.unixSocket.group,
    UnixSocketMode: addresses.unixSocket.mode,
    UnixSocketUser: addresses.unixSocket.user,
  };
}

function portFields({ ports }: RuntimeConfig): Fields {
  return {
    ConnectSidecarMaxPort: ports.sidecarMax,
    ConnectSidecarMinPort: ports.sidecarMin,
    DNSPort: ports.dns,
    ExposeMaxPort: ports.exposeMax,
    ExposeMinPort: ports.exposeMin,
    GRPCPort: ports.grpc,
    HTTPPort: ports.http,
    HTTPSPort: ports.https,
    SerfPortLAN: ports.serfLan,
    SerfPortWAN: ports.serfWan,
    ServerPort: ports.server,
  };
}

function joinFields({ join }: RuntimeConfig): Fields {
  return {
    LeaveDrainTime: formatDuration(join.leaveDrainMs),
    LeaveOnTerm: join.leaveOnTerminate,
    ReconnectTimeoutLAN: formatDuration(join.reconnectTimeoutLanMs),
    ReconnectTimeoutWAN: formatDuration(join.reconnectTimeoutWanMs),
    RejoinAfterLeave: join.rejoinAfterLeave,
    RetryJoinIntervalLAN: formatDuration(join.retryIntervalLanMs),
    RetryJoinIntervalWAN: formatDuration(join.retryIntervalWanMs),
    RetryJoinLAN: join.retryLan.map(withoutCredentials),
    RetryJoinMaxAttemptsLAN: join.retryMaxLan,
    RetryJoinMaxAttemptsWAN: join.retryMaxWan,
    RetryJoinWAN: join.retryWan.map(withoutCredentials),
    SkipLeaveOnInt: join.skipLeaveOnInterrupt,
    StartJoinAddrsLAN: join.startLan,
    StartJoinAddrsWAN: join.startWan,
  };
}

function gossipFields(pool: 'LAN' | 'WAN', timings: GossipTimings): Fields {
  return {
    [`Gossip${pool}GossipInterval`]: formatDuration(timings.gossipIntervalMs),
    [`Gossip${pool}GossipNodes`]: timings.gossipNodes,
    [`Gossip${pool}ProbeInterval`]: formatDuration(timings.probeIntervalMs),
    [`Gossip${pool}ProbeTimeout`]: formatDuration(timings.probeTimeoutMs),
    [`Gossip${pool}RetransmitMult`]: timings.retransmitMult,
    [`Gossip${pool}SuspicionMult`]: timings.suspicionMult,
  };
}

function serverFields({ raft, autopilot, rpc, sync }: RuntimeConfig): Fields {
  return {
    AEInterval: formatDuration(sync.antiEntropyIntervalMs),
    AutopilotCleanupDeadServers: autopilot.cleanupDeadServers,
    AutopilotDisableUpgradeMigration: autopilot.disableUpgradeMigration,
    AutopilotLastContactThreshold: formatDuration(autopilot.lastContactThresholdMs),
    AutopilotMaxTrailingLogs: autopilot.maxTrailingLogs,
    AutopilotMinQuorum: autopilot.minQuorum,
    AutopilotRedundancyZoneTag: autopilot.redundancyZoneTag,
    AutopilotServerStabilizationTime: formatDuration(autopilot.serverStabilizationMs),
    AutopilotUpgradeVersionTag: autopilot.upgradeVersionTag,
    ConsulCoordinateUpdateBatchSize: sync.coordinateUpdateBatchSize,
    ConsulCoordinateUpdateMaxBatches: sync.coordinateUpdateBatchesMax,
    ConsulCoordinateUpdatePeriod: formatDuration(sync.coordinateUpdatePeriodMs),
    ConsulRaftElectionTimeout: formatDuration(raft.electionTimeoutMs),
    ConsulRaftHeartbeatTimeout: formatDuration(raft.heartbeatTimeoutMs),
    ConsulRaftLeaderLeaseTimeout: formatDuration(raft.leaderLeaseTimeoutMs),
    ConsulServerHealthInterval: formatDuration(sync.serverHealthIntervalMs),
    RPCHandshakeTimeout: formatDuration(rpc.handshakeTimeoutMs),
    RPCHoldTimeout: formatDuration(rpc.holdTimeoutMs),
    RPCMaxBurst: rpc.burstMax,
    RPCMaxConnsPerClient: rpc.connsPerClientMax,
    RPCProtocol: rpc.protocol,
    RPCRateLimit: rpc.rate,
    RaftProtocol: raft.protocol,
    RaftSnapshotInterval: formatDuration(raft.snapshotIntervalMs),
    RaftSnapshotThreshold: raft.snapshotThreshold,
    RaftTrailingLogs: raft.trailingLogs,
    SessionTTLMin: formatDuration(sync.sessionTtlMinMs),
    SyncCoordinateIntervalMin: formatDuration(sync.coordinateIntervalMinMs),
    SyncCoordinateRateTarget: sync.coordinateRateTarget,
  };
}

function dnsFields({ dns }: RuntimeConfig): Fields {
  const ttls = [...dns.serviceTtlMs].map(([name, ttlMs]) => [name, formatDuration(ttlMs)] as const);
  return {
    DNSARecordLimit: dns.aRecordLimit,
    DNSAllowStale: dns.allowStale,
    DNSAltDomain: dns.altDomain,
    DNSCacheMaxAge: formatDuration(dns.cacheMaxAgeMs),
    DNSDisableCompression: dns.disableCompression,
    DNSDomain: dns.domain,
    DNSEnableTruncate: dns.enableTruncate,
    DNSMaxStale: formatDuration(dns.maxStaleMs),
    DNSNodeMetaTXT: dns.nodeMetaTxt,
    DNSNodeTTL: formatDuration(dns.nodeTtlMs),
    DNSOnlyPassing: dns.onlyPassing,
    DNSRecursorTimeout: formatDuration(dns.recursorTimeoutMs),
    DNSRecursors: dns.recursors,
    DNSSOA: {
      Expire: dns.soa.expire,
      Minttl: dns.soa.minTtl,
      Refresh: dns.soa.refresh,
      Retry: dns.soa.retry,
    },
    DNSServiceTTL: new Map(ttls),
    DNSUDPAnswerLimit: dns.udpAnswerLimit,
    DNSUseCache: dns.useCache,
  };
}

function httpFields({ http }: RuntimeConfig): Fields {
  return {
    AllowWriteHTTPFrom: http.allowWriteFrom,
    DefaultQueryTime: formatDuration(http.defaultQueryMs),
    DisableHTTPUnprintableCharFilter: http.disableUnprintableCharFilter,
    DiscoveryMaxStale: formatDuration(http.discoveryMaxStaleMs),
    EnableDebug: http.debug,
    EnableUI: http.ui,
    HTTPBlockEndpoints: http.blockEndpoints,
    HTTPMaxConnsPerClient: http.connsPerClientMax,
    HTTPResponseHeaders: http.responseHeaders,
    HTTPSHandshakeTimeout: formatDuration(http.httpsHandshakeTimeoutMs),
    HTTPUseCache: http.useCache,
    KVMaxValueSize: http.kvValueBytesMax,
    MaxQueryTime: formatDuration(http.queryMsMax),
    TxnMaxReqLen: http.txnBytesMax,
    UIContentPath: http.uiContentPath,
    UIDir: http.uiDir,
  };
}

function definitionFields({ definitions }: RuntimeConfig): Fields {
  return {
    CheckDeregisterIntervalMin: formatDuration(definitions.checkDeregisterIntervalMinMs),
    CheckOutputMaxSize: definitions.checkOutputBytesMax,
    CheckReapInterval: formatDuration(definitions.checkReapIntervalMs),
    CheckUpdateInterval: formatDuration(definitions.checkUpdateIntervalMs),
    Checks: definitions.checks.map(checkFields),
    DiscardCheckOutput: definitions.discardCheckOutput,
    EnableLocalScriptChecks: definitions.enableLocalScriptChecks,
    EnableRemoteScriptChecks: definitions.enableRemoteScriptChecks,
    Services: definitions.services.map(serviceFields),
    Watches: definitions.watches.map(() => ({})), // upstream's parser has taken everything out of them
  };
}

function listenText(address: ListenAddress): string {
  return `${address.network}://${placeText(address)}`;
}

function endpointText(endpoint: Endpoint | undefined): string {
  return endpoint === undefined ? '' : listenText({ network: 'tcp', ...endpoint });
}

const secretFields: Fields = Object.fromEntries(
  [
    'ACLAgentMasterToken',
    'ACLAgentToken',
    'ACLMasterToken',
    'ACLReplicationToken',
    'ACLToken',
    'EncryptKey',
    'KeyFile',
  ].map((name) => [name, 'hidden']),
);

const unusedAutoConfig: Fields = {
  Authorizer: {
    AllowReuse: false,
    AuthMethod: {
      ACLAuthMethodEnterpriseFields: {},
      Config: {
        BoundAudiences: null,
        BoundIssuer: '',
        ClaimMappings: null,
        ClockSkewLeeway: 0,
        ExpirationLeeway: 0,
        JWKSCACert: '',
        JWKSURL: '',
        JWTSupportedAlgs: null,
        JWTValidationPubKeys: null,
        ListClaimMappings: null,
        NotBeforeLeeway: 0,
        OIDCDiscoveryCACert: '',
        OIDCDiscoveryURL: '',
      },
      Description: '',
      DisplayName: '',
      EnterpriseMeta: {},
      MaxTokenTTL: '0s',
      Name: 'Auto Config Authorizer',
      RaftIndex: { CreateIndex: 0, ModifyIndex: 0 },
      TokenLocality: '',
      Type: 'jwt',
    },
    ClaimAssertions: [],
    Enabled: false,
  },
  DNSSANs: [],
  Enabled: false,
  IPSANs: [],
  IntroToken: 'hidden',
  IntroTokenFile: '',
  ServerAddresses: [],
};
