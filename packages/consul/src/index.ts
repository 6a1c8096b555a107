// Consul as services use it.

export type { HealthCheck, KeyValue, Node, NodeService, Session } from './core/index.ts';
export {
  ArchiveError,
  type ArchiveMetadata,
  type ArchiveReader,
  readArchive,
  writeArchive,
} from './snapshot-archive/index.ts';
