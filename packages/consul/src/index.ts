// Consul as services use it.

export type { Host } from './config/build/build-context.ts';
export { ConfigError } from './config/config-error.ts';
export { thisHost } from './config/host.ts';
export { type ConfigRequest, type LoadedConfig, loadConfig } from './config/load.ts';
export type { ListenAddress, RuntimeConfig } from './config/runtime-config.ts';
export type { HealthCheck, KeyValue, Node, NodeService, Session } from './core/index.ts';
export {
  DnsServer,
  type DnsServerParts,
  type DnsSettings,
  defaultDnsSettings,
  Resolver,
  resolveRecursor,
  startDnsServer,
  type ZoneSettings,
} from './dns/index.ts';
export { ConnectionPool } from './rpc/connection-pool.ts';
export type { Caller, Method } from './rpc/methods/index.ts';
export { RemoteCaller } from './rpc/remote-caller.ts';
export {
  ArchiveError,
  type ArchiveMetadata,
  type ArchiveReader,
  readArchive,
  writeArchive,
} from './snapshot-archive/index.ts';
