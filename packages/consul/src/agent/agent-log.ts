// The log of an agent: each line that is severe enough, in Consul's format; and for those who follow it what
// they want of it, which may be more. Next: log-line.ts.

import { type Log, type LogLevel, logLevels } from '@reeve/runtime';
import { ConfigError } from './config/config-error.ts';
import { consulLogLine } from './log-line.ts';

/** Lines of a log from a level on; the result ends that. */
export type FollowLog = (level: LogLevel, onLine: (line: string) => void) => () => void;

/** A log that can be told to say more or less. */
export class AgentLog {
  /** The level below which lines are not shown. */
  level: LogLevel;
  readonly #show: (line: string) => void;
  readonly #followers = new Set<{ readonly level: LogLevel; readonly onLine: (line: string) => void }>();

  /** `show` gets each line that is to be seen, without a line end. */
  constructor(level: LogLevel, show: (line: string) => void) {
    this.level = level;
    this.#show = show;
  }

  /** Takes a line from any part of the program. */
  readonly write: Log = (level, text) => {
    const isShown = isEnough(level, this.level);
    const followers = [...this.#followers].filter((follower) => isEnough(level, follower.level));
    if (!isShown && followers.length === 0) return;
    const line = consulLogLine(level, text, Date.now());
    if (isShown) this.#show(line);
    for (const { onLine } of followers) onLine(line);
  };

  /** Tells somebody each line from now on. */
  readonly follow: FollowLog = (level, onLine) => {
    const follower = { level, onLine };
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  };
}

function isEnough(level: LogLevel, wanted: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(wanted);
}

/** The level of a name, in any case; undefined if there is no such level. */
export function findLogLevel(name: string): LogLevel | undefined {
  const wanted = name.toLowerCase();
  return wanted === 'error' ? 'err' : logLevels.find((known) => known === wanted);
}

/** The level that a configuration names. @throws ConfigError if there is no such level */
export function logLevelOf(name: string): LogLevel {
  const level = findLogLevel(name);
  if (level !== undefined) return level;
  throw new ConfigError(
    `Invalid log level: ${name}. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]`,
  );
}
