// Raft as services use it: the core and what runs it.

export type { Configuration, LogEntry, LogEntryType, Server, Suffrage } from './core/index.ts';
