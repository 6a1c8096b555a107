// A log line as Consul's agent writes it: the date in UTC with milliseconds, the level in seven columns, and
// where it comes from as a path of names. Upstream: logging/logger.go, hclog. Test suites look for these.

import type { LogLevel } from '@reeve/runtime';

/** The line without its end: `2026-11-21T19:56:04.510Z [INFO]  agent.server.raft: election won: tally=2`. */
export function consulLogLine(level: LogLevel, text: string, atMs: number): string {
  return `${new Date(atMs).toISOString()} ${levels[level]} ${sourced(text)}`;
}

/** Names of parts, under the names that upstream's loggers have. */
function sourced(text: string): string {
  const [, part = '', rest = text] = /^([a-z.-]+): (.*)$/s.exec(text) ?? [];
  if (part === 'serf' || part === 'memberlist') return `agent.server.${part}.lan: ${text}`;
  if (part === 'raft' || part === 'raft-net') return `agent.server.raft: ${rest}`;
  if (part === 'consul' || part.startsWith('consul.'))
    return `${part.replace('consul', 'agent.server')}: ${rest}`;
  return part === 'agent' || part.startsWith('agent.') ? text : `agent: ${text}`;
}

const levels: Readonly<Record<LogLevel, string>> = {
  trace: '[TRACE]',
  debug: '[DEBUG]',
  info: '[INFO] ',
  warn: '[WARN] ',
  err: '[ERROR]',
};
