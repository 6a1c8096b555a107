// The log of an agent: each line that is severe enough, in Consul's format. Next: log-line.ts.

import { type Log, type LogLevel, logLevels } from '@reeve/runtime';
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

/** The level that a configuration names, which has been checked: any case, and two names more than ours. */
export function logLevelOf(name: string): LogLevel {
  const level = name.toLowerCase();
  return level === 'error' ? 'err' : (logLevels.find((known) => known === level) ?? 'info');
}
