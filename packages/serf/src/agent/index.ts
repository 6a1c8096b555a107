// @reeve/serf/agent: what the agent adds to its serf node where it is a matter of time and order: joining
// again and again, tags and keys in files, scripts one by one, leaving and ending. Pure, like the core. The
// program around it is @reeve/serf-agent; @reeve/sim runs the same on virtual time.
//
// Start reading at agent-core.ts.

export { AgentCore, type AgentCoreHandlers, type AgentCoreOptions } from './agent-core.ts';
export { type EventFilter, isValidEventFilter, matchesEvent, parseEventFilters } from './event-filter.ts';
export { EventQueue, type EventQueueOptions } from './event-queue.ts';
export { type EventScript, parseEventScripts } from './event-script.ts';
export { eventText } from './event-text.ts';
export { readKeyringFile } from './keyring-file.ts';
export { type FileSettings, restoreFiles } from './restored-files.ts';
export { type RetryJoinOptions, retryJoin } from './retry-join.ts';
export {
  type RunningScript,
  ScriptQueue,
  type ScriptQueueOptions,
  type StartScript,
} from './script-queue.ts';
export { readTagsFile } from './tags-file.ts';
