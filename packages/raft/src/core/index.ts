// The pure core of Raft: no Node, no clock, no promises. Everything outside it is in ../index.ts.

export { configFlaw, defaultConfig, type RaftConfig } from './config.ts';
export {
  type Configuration,
  configurationFlaw,
  isVoter,
  noServers,
  type Server,
  type Suffrage,
  serversText,
  suffrages,
  votersOf,
} from './configuration.ts';
export { type ConfigurationChange, nextConfiguration } from './configuration-change.ts';
export { RaftError, type RaftErrorCode } from './errors.ts';
export type { HardState } from './hard-state.ts';
export { type LogChanges, type LogPosition, type LogReader, ReplicatedLog } from './log.ts';
export { type LogEntry, type LogEntryType, logEntryTypes } from './log-entry.ts';
export type {
  Answer,
  AppendAnswer,
  AppendEntries,
  Heartbeat,
  InstallSnapshot,
  Request,
  RequestVote,
  SnapshotAnswer,
  SnapshotMeta,
  TimeoutNow,
  TimeoutNowAnswer,
  VoteAnswer,
} from './messages.ts';
export { type Batch, type Input, Raft } from './raft.ts';
export type { Ask, Outgoing, Reply } from './sent.ts';
export { type RaftParts, RaftState, type Role, type Write } from './state.ts';
export { decodeConfiguration, decodePeers, encodeConfiguration, encodePeers } from './wire/configuration.ts';
export { hardStateCodec } from './wire/hard-state.ts';
export { logEntryCodec } from './wire/log-entry.ts';
export {
  encodeAnswer,
  encodeRefusal,
  encodeRequest,
  protocolVersion,
  readAnswer,
  readRequest,
  unsupportedProtocol,
} from './wire/rpc.ts';
export { decodeSnapshotMeta, encodeSnapshotMeta } from './wire/snapshot-meta.ts';
