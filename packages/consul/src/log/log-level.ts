// Levels of the log, as people name them. Upstream: logging/logger.go.

import { type LogLevel, logLevels } from '@reeve/runtime';
import { ConfigError } from '../config/config-error.ts';

/** The level that a configuration names. @throws ConfigError if there is no such level */
export function logLevelOf(name: string): LogLevel {
  const level = parseLogLevel(name);
  if (level !== undefined) return level;
  throw new ConfigError(
    `Invalid log level: ${name}. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]`,
  );
}

/** The level of a name; undefined: there is no such level. */
export function parseLogLevel(name: string): LogLevel | undefined {
  const wanted = name.toLowerCase();
  return wanted === 'error' ? 'err' : logLevels.find((known) => known === wanted);
}

/** Whether a line of `level` is at least as severe as `wanted`. */
export function isAtLeast(level: LogLevel, wanted: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(wanted);
}
