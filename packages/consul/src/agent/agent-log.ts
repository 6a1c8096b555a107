// The log of an agent: each line that is severe enough, in Consul's format. Next: log-line.ts.

import { type Log, type LogLevel, logLevels } from '@reeve/runtime';
import { ConfigError } from './config/config-error.ts';
import { consulLogLine } from './log-line.ts';

/** A log that can be told to say more or less. */
export class AgentLog {
  /** The level below which lines are not shown. */
  level: LogLevel;
  readonly #show: (line: string) => void;

  /** `show` gets each line that is to be seen, without a line end. */
  constructor(level: LogLevel, show: (line: string) => void) {
    this.level = level;
    this.#show = show;
  }

  /** Takes a line from any part of the program. */
  readonly write: Log = (level, text) => {
    if (logLevels.indexOf(level) < logLevels.indexOf(this.level)) return;
    this.#show(consulLogLine(level, text, Date.now()));
  };
}

/** The level that a configuration names. @throws ConfigError if there is no such level */
export function logLevelOf(name: string): LogLevel {
  const wanted = name.toLowerCase();
  const level = wanted === 'error' ? 'err' : logLevels.find((known) => known === wanted);
  if (level !== undefined) return level;
  throw new ConfigError(
    `Invalid log level: ${name}. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]`,
  );
}
