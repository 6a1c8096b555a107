// The configuration of an agent, complete and checked: what agent, server, HTTP and DNS read. Times are in
// milliseconds, sizes in bytes; a port that is off is -1; texts without a value are empty.
// Made by build/, never changed. Upstream: agent/config/runtime.go.

import type { JsonObject, JsonOutput } from '@reeve/cli';
import type { Endpoint } from '@reeve/runtime';
import type { CheckDefinition } from '../definitions/check-definition.ts';
import type { ServiceDefinition } from '../definitions/service-definition.ts';

/** Where a listener listens. */
export type ListenAddress =
  | { readonly network: 'tcp' | 'udp'; readonly host: string; readonly port: number }
  | { readonly network: 'unix'; readonly path: string };

/** Timings of one gossip pool. */
export interface GossipTimings {
  readonly gossipIntervalMs: number;
  readonly gossipNodes: number;
  readonly probeIntervalMs: number;
  readonly probeTimeoutMs: number;
  readonly suspicionMult: number;
  readonly retransmitMult: number;
}

/** Who the agent is. */
export interface IdentityConfig {
  readonly datacenter: string;
  readonly primaryDatacenter: string;
  /** The host's name, unless another was given. */
  readonly nodeName: string;
  /** Empty: from the data directory, or made up (../node-id.ts). */
  readonly nodeId: string;
  readonly nodeMeta: ReadonlyMap<string, string>;
  readonly disableHostNodeId: boolean;
  /** Empty only in development mode: nothing is kept then. */
  readonly dataDir: string;
  readonly pidFile: string;
  readonly version: string;
  readonly revision: string;
}

/** Where the agent listens, and where others are told to find it. */
export interface AddressConfig {
  readonly bind: string;
  readonly client: readonly string[];
  readonly advertiseLan: string;
  readonly advertiseWan: string;
  /** `lan`, `wan`, `lan_ipv4` …, and what the operator added. */
  readonly tagged: ReadonlyMap<string, string>;
  readonly translateWan: boolean;
  readonly dns: readonly ListenAddress[];
  readonly http: readonly ListenAddress[];
  readonly https: readonly ListenAddress[];
  readonly grpc: readonly ListenAddress[];
  /** undefined: the server port is off. */
  readonly rpcBind: Endpoint | undefined;
  readonly rpcAdvertise: Endpoint;
  readonly serfLanBind: Endpoint | undefined;
  readonly serfLanAdvertise: Endpoint;
  /** undefined: this server is not part of the WAN pool. */
  readonly serfWanBind: Endpoint | undefined;
  readonly serfWanAdvertise: Endpoint | undefined;
  readonly unixSocket: { readonly user: string; readonly group: string; readonly mode: string };
}

/** Ports; -1 is off. */
export interface PortConfig {
  readonly dns: number;
  readonly http: number;
  readonly https: number;
  readonly grpc: number;
  readonly server: number;
  readonly serfLan: number;
  readonly serfWan: number;
  readonly sidecarMin: number;
  readonly sidecarMax: number;
  readonly exposeMin: number;
  readonly exposeMax: number;
}

/** How the agent finds others, and how it leaves. */
export interface JoinConfig {
  readonly startLan: readonly string[];
  readonly startWan: readonly string[];
  readonly retryLan: readonly string[];
  readonly retryWan: readonly string[];
  readonly retryIntervalLanMs: number;
  readonly retryIntervalWanMs: number;
  /** 0: for ever. */
  readonly retryMaxLan: number;
  readonly retryMaxWan: number;
  readonly rejoinAfterLeave: boolean;
  /** 0: 72 hours. */
  readonly reconnectTimeoutLanMs: number;
  readonly reconnectTimeoutWanMs: number;
  readonly leaveOnTerminate: boolean;
  readonly skipLeaveOnInterrupt: boolean;
  readonly leaveDrainMs: number;
}

/** Gossip. */
export interface GossipConfig {
  readonly lan: GossipTimings;
  readonly wan: GossipTimings;
  /** Base64 of 16, 24 or 32 bytes; empty: no encryption. Secret. */
  readonly encryptKey: string;
  readonly encryptVerifyIncoming: boolean;
  readonly encryptVerifyOutgoing: boolean;
  readonly disableKeyringFile: boolean;
  /** Networks in CIDR notation; empty: all. */
  readonly allowedCidrsLan: readonly string[];
  readonly allowedCidrsWan: readonly string[];
  readonly disableCoordinates: boolean;
}

/** Consensus. 0 leaves a value to the raft library. */
export interface RaftConfig {
  readonly multiplier: number;
  readonly electionTimeoutMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly leaderLeaseTimeoutMs: number;
  readonly protocol: number;
  readonly snapshotThreshold: number;
  readonly snapshotIntervalMs: number;
  readonly trailingLogs: number;
}

/** What the leader does about servers. */
export interface AutopilotSettings {
  readonly cleanupDeadServers: boolean;
  readonly lastContactThresholdMs: number;
  readonly maxTrailingLogs: number;
  readonly minQuorum: number;
  readonly serverStabilizationMs: number;
  readonly disableUpgradeMigration: boolean;
  readonly redundancyZoneTag: string;
  readonly upgradeVersionTag: string;
}

/** RPC between agents. */
export interface RpcConfig {
  readonly protocol: number;
  readonly handshakeTimeoutMs: number;
  readonly holdTimeoutMs: number;
  readonly connsPerClientMax: number;
  /** Requests a second; -1: any number. */
  readonly rate: number;
  readonly burstMax: number;
}

/** HTTP. */
export interface HttpConfig {
  readonly blockEndpoints: readonly string[];
  readonly responseHeaders: ReadonlyMap<string, string>;
  /** Networks in CIDR notation that may write; empty: all. */
  readonly allowWriteFrom: readonly string[];
  readonly useCache: boolean;
  readonly connsPerClientMax: number;
  readonly httpsHandshakeTimeoutMs: number;
  readonly defaultQueryMs: number;
  readonly queryMsMax: number;
  readonly discoveryMaxStaleMs: number;
  readonly disableUnprintableCharFilter: boolean;
  readonly kvValueBytesMax: number;
  readonly txnBytesMax: number;
  readonly ui: boolean;
  readonly uiDir: string;
  readonly uiContentPath: string;
  readonly debug: boolean;
}

/** DNS. */
export interface DnsConfig {
  /** With its dot: `consul.`. */
  readonly domain: string;
  readonly altDomain: string;
  readonly recursors: readonly string[];
  readonly recursorTimeoutMs: number;
  readonly allowStale: boolean;
  readonly maxStaleMs: number;
  readonly aRecordLimit: number;
  readonly udpAnswerLimit: number;
  readonly enableTruncate: boolean;
  readonly onlyPassing: boolean;
  readonly disableCompression: boolean;
  readonly nodeMetaTxt: boolean;
  readonly nodeTtlMs: number;
  /** By service name; `*` for all, `web*` for all that begin so. */
  readonly serviceTtlMs: ReadonlyMap<string, number>;
  /** In seconds. */
  readonly soa: {
    readonly refresh: number;
    readonly retry: number;
    readonly expire: number;
    readonly minTtl: number;
  };
  readonly useCache: boolean;
  readonly cacheMaxAgeMs: number;
}

/** Services, checks and watches that files define, and how checks are run. */
export interface DefinitionConfig {
  readonly services: readonly ServiceDefinition[];
  readonly checks: readonly CheckDefinition[];
  /** As written; the watch parser reads them. */
  readonly watches: readonly JsonObject[];
  /** Scripts of checks that come over HTTP may run. */
  readonly enableRemoteScriptChecks: boolean;
  /** Scripts of checks in files may run. */
  readonly enableLocalScriptChecks: boolean;
  readonly checkOutputBytesMax: number;
  readonly checkUpdateIntervalMs: number;
  readonly checkReapIntervalMs: number;
  readonly checkDeregisterIntervalMinMs: number;
  readonly discardCheckOutput: boolean;
}

/** The log. */
export interface LogConfig {
  readonly level: string;
  readonly json: boolean;
  readonly file: string;
  readonly rotateBytes: number;
  readonly rotateDurationMs: number;
  readonly rotateFilesMax: number;
  readonly syslog: boolean;
  readonly syslogFacility: string;
}

/** Work in the background. */
export interface SyncConfig {
  readonly antiEntropyIntervalMs: number;
  readonly coordinateRateTarget: number;
  readonly coordinateIntervalMinMs: number;
  readonly coordinateUpdateBatchSize: number;
  readonly coordinateUpdateBatchesMax: number;
  readonly coordinateUpdatePeriodMs: number;
  readonly serverHealthIntervalMs: number;
  /** 0: 10 seconds. */
  readonly sessionTtlMinMs: number;
  readonly disableRemoteExec: boolean;
}

/** Everything an agent is told. */
export interface RuntimeConfig {
  readonly devMode: boolean;
  readonly serverMode: boolean;
  readonly bootstrap: boolean;
  /** Never 1: that is `bootstrap`. */
  readonly bootstrapExpect: number;
  readonly identity: IdentityConfig;
  readonly addresses: AddressConfig;
  readonly ports: PortConfig;
  readonly join: JoinConfig;
  readonly gossip: GossipConfig;
  readonly raft: RaftConfig;
  readonly autopilot: AutopilotSettings;
  readonly rpc: RpcConfig;
  readonly http: HttpConfig;
  readonly dns: DnsConfig;
  readonly definitions: DefinitionConfig;
  readonly log: LogConfig;
  readonly sync: SyncConfig;
  /** What the names of all metrics begin with. */
  readonly metricsPrefix: string;
  /** The settings of areas that we do not have, by upstream's names: `agent/self` shows them all the same. */
  readonly unused: ReadonlyMap<string, JsonOutput>;
}
