// @reeve/serf-agent: the serf agent as a library. The program is main.ts. Start at agent/start-agent.ts.

export { Agent, type AgentOptions } from './agent/agent.ts';
export { startAgent } from './agent/start-agent.ts';
export { initialConfig } from './config/merge.ts';
export type { AgentConfig } from './config/schema.ts';
export type { HandlerEntry, HandlerObject, HandlerSettings } from './event-handlers/handler-entry.ts';
export { AgentLog, type LogLine, type LogSubscription } from './log/agent-log.ts';
export { Telemetry, type TelemetryOptions } from './telemetry/telemetry.ts';
