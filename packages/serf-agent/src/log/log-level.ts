// The names of log levels as people write them: any case in, capitals out. Next: agent-log.ts.

import { type LogLevel, logLevels } from '@reeve/runtime';

/** The level a name means, or undefined if there is no such level. */
export function parseLogLevel(name: string): LogLevel | undefined {
  return logLevels.find((level) => level === name.toLowerCase());
}

/** What to tell somebody who asked for a level there is not. */
export function invalidLogLevelText(name: string): string {
  const valid = logLevels.map((level) => level.toUpperCase()).join(' ');
  return `Invalid log level: ${name.toUpperCase()}. Valid log levels are: [${valid}]`;
}

/** Whether a line of `level` passes a filter that shows `least` and what is more severe. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(least);
}
