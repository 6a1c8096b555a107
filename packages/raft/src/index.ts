// Raft as services use it: the core and what runs it.

export {
  type Configuration,
  type ConfigurationChange,
  defaultConfig,
  type LogEntry,
  type LogEntryType,
  type RaftConfig,
  RaftError,
  type RaftErrorCode,
  type RaftState,
  type Role,
  type Server,
  type SnapshotMeta,
  type Suffrage,
} from './core/index.ts';
export { RaftNode } from './driver.ts';
export type { Applied, Done } from './pending.ts';
export type { RaftNodeOptions } from './raft-node-options.ts';
export { parsePeers, recoverCluster } from './recovery.ts';
export type { StateMachine } from './state-machine.ts';
export type { LogLayout } from './storage/file-log-store.ts';
export type { IncomingSnapshot } from './storage/incoming-snapshot.ts';
export { type FileLogOptions, openFileLog } from './storage/log-recovery.ts';
export type { LogStore } from './storage/log-store.ts';
export { MemoryLogDisk, MemoryLogStore } from './storage/memory-log-store.ts';
export { MemorySnapshots } from './storage/memory-snapshots.ts';
export type { OpenSnapshot } from './storage/open-snapshot.ts';
export { readSegment, type SegmentContent } from './storage/segment-content.ts';
export { openSnapshots, type SnapshotStore } from './storage/snapshot-store.ts';
export {
  type Connect,
  connectByFirstByte,
  RaftTransport,
  type TransportHandler,
  type TransportOptions,
} from './transport/index.ts';
