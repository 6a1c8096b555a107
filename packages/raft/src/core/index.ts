// The pure core of Raft: no Node, no clock, no promises. Everything outside it is in ../index.ts.

export { type Configuration, type Server, type Suffrage, suffrages } from './configuration.ts';
export { type LogEntry, type LogEntryType, logEntryTypes } from './log-entry.ts';
