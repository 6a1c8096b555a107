// What holds before anybody says anything, what `-dev` says, and what nobody can change.
// Upstream: agent/config/default.go, agent/consul/config.go.

import type { ConfigSettings } from './settings/settings.ts';

/** The built-in settings: the first source. */
export const defaultSettings: ConfigSettings = {
  aclDefaultPolicy: 'allow',
  aclDownPolicy: 'extend-cache',
  aclTtl: '30s',
  acl: { policyTtl: '30s' },
  bindAddr: '0.0.0.0',
  bootstrap: false,
  bootstrapExpect: 0,
  checkOutputMaxSize: 4096,
  checkUpdateInterval: '5m',
  clientAddr: '127.0.0.1',
  datacenter: 'dc1',
  defaultQueryTime: '300s',
  disableCoordinates: false,
  disableHostNodeId: true,
  disableRemoteExec: true,
  domain: 'consul.',
  encryptVerifyIncoming: true,
  encryptVerifyOutgoing: true,
  logLevel: 'INFO',
  maxQueryTime: '600s',
  primaryGatewaysInterval: '30s',
  protocol: 2,
  retryInterval: '30s',
  retryIntervalWan: '30s',
  server: false,
  syslogFacility: 'LOCAL0',
  tlsMinVersion: 'tls12',
  autopilot: {
    cleanupDeadServers: true,
    lastContactThreshold: '200ms',
    maxTrailingLogs: 250,
    serverStabilizationTime: '10s',
  },
  gossipLan: {
    gossipInterval: '200ms',
    gossipNodes: 3,
    retransmitMult: 4,
    probeInterval: '1s',
    probeTimeout: '500ms',
    suspicionMult: 4,
  },
  gossipWan: {
    gossipInterval: '500ms',
    gossipNodes: 3,
    retransmitMult: 4,
    probeInterval: '5s',
    probeTimeout: '3s',
    suspicionMult: 6,
  },
  dnsConfig: {
    allowStale: true,
    aRecordLimit: 0,
    udpAnswerLimit: 3,
    maxStale: '87600h',
    recursorTimeout: '2s',
  },
  limits: {
    httpMaxConnsPerClient: 200,
    httpsHandshakeTimeout: '5s',
    rpcHandshakeTimeout: '5s',
    rpcRate: -1,
    rpcMaxBurst: 1000,
    rpcMaxConnsPerClient: 100,
    kvMaxValueSize: 512 * 1024,
    txnMaxReqLen: 512 * 1024,
  },
  performance: { leaveDrainTime: '5s', raftMultiplier: 5, rpcHoldTimeout: '7s' },
  ports: {
    dns: 8600,
    http: 8500,
    https: -1,
    grpc: -1,
    serfLan: 8301,
    serfWan: 8302,
    server: 8300,
    proxyMin: 20_000,
    proxyMax: 20_255,
    sidecarMin: 21_000,
    sidecarMax: 21_255,
    exposeMin: 21_500,
    exposeMax: 21_755,
  },
  telemetry: { metricsPrefix: 'consul', filterDefault: true },
};

/** What `-dev` adds to the built-in settings. */
export const devSettings: ConfigSettings = {
  bindAddr: '127.0.0.1',
  disableAnonymousSignature: true,
  disableKeyringFile: true,
  enableDebug: true,
  ui: true,
  logLevel: 'DEBUG',
  server: true,
  gossipLan: { gossipInterval: '100ms', probeInterval: '100ms', probeTimeout: '100ms', suspicionMult: 3 },
  gossipWan: { gossipInterval: '100ms', probeInterval: '100ms', probeTimeout: '100ms', suspicionMult: 3 },
  connect: { enabled: true },
  performance: { raftMultiplier: 1 },
  ports: { grpc: 8502 },
};

/** Nobody can change these: the last source. */
export const fixedSettings: ConfigSettings = {
  acl: { disabledTtl: '120s' },
  checkDeregisterIntervalMin: '1m',
  checkReapInterval: '30s',
  aeInterval: '1m',
  syncCoordinateRateTarget: 64,
  syncCoordinateIntervalMin: '15s',
  segmentLimit: 64,
  segmentNameLimit: 64,
  connect: { testCaLeafRootChangeSpread: '0s' },
  consul: {
    coordinate: { updateBatchSize: 128, updateMaxBatches: 5, updatePeriod: '5s' },
    raft: { electionTimeout: '1s', heartbeatTimeout: '1s', leaderLeaseTimeout: '500ms' },
    server: { healthInterval: '2s' },
  },
  revision: '',
  version: '1.8.7',
  versionPrerelease: '',
};

/** What `-dev` fixes: a development server elects itself at once. */
export const devFixedSettings: ConfigSettings = {
  consul: {
    coordinate: { updatePeriod: '100ms' },
    raft: { electionTimeout: '52ms', heartbeatTimeout: '35ms', leaderLeaseTimeout: '20ms' },
    server: { healthInterval: '10ms' },
  },
};
