// The agent's log. Every line is dated once, kept among the last 512 for whoever subscribes (`serf
// monitor`), and shown if its level is high enough. What is shown waits behind a gate until the start has
// been announced, so that the banner stands in one piece; when the start fails the gate never opens and the
// lines are lost, as upstream. Upstream: cmd/serf/command/agent/log_writer.go, gated_writer.go,
// log_levels.go. Next: log-level.ts.

import { formatLogLine } from '@reeve/cli';
import type { Log, LogLevel } from '@reeve/runtime';
import { isAtLeast } from './log-level.ts';

/** One line of the log. */
export interface LogLine {
  readonly level: LogLevel;
  /** As it is shown, date and level included, without a line end: `2026/11/21 19:34:50 [INFO] agent: …`. */
  readonly text: string;
}

/** A subscription to the log. */
export interface LogSubscription {
  /** What was logged last, all levels, at most 512 lines, oldest first. */
  readonly backlog: readonly LogLine[];
  stop(): void;
}

/** The log of one agent. */
export class AgentLog {
  /** The level below which lines are not shown; they are kept and passed on all the same. */
  level: LogLevel;
  readonly #show: (text: string) => void;
  // Bounded by backlogMax.
  readonly #backlog: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();
  #second = Number.NaN;
  #date = '';
  // Bounded by gatedMax; undefined once the gate is open.
  #gated: string[] | undefined = [];

  /** `show` gets each line that is to be seen, without a line end. */
  constructor(level: LogLevel, show: (text: string) => void) {
    this.level = level;
    this.#show = show;
  }

  /** Takes a line from any part of the program. */
  readonly write: Log = (level, text) => {
    const content = `[${level.toUpperCase()}] ${text.replace(/\n$/, '')}`;
    const line = { level, text: this.#dateNow() + content };
    this.#keep(line);
    if (isAtLeast(level, this.level)) this.#pass(line.text);
    for (const listener of [...this.#listeners]) listener(line);
  };

  /** Shows what has waited, and everything from now on at once. */
  openGate(): void {
    const gated = this.#gated ?? [];
    this.#gated = undefined;
    for (const text of gated) this.#show(text);
  }

  /** Hands every further line to `listener`, all levels. */
  subscribe(listener: (line: LogLine) => void): LogSubscription {
    this.#listeners.add(listener);
    return { backlog: [...this.#backlog], stop: () => this.#listeners.delete(listener) };
  }

  /** The date in front of a line; it changes once a second, and there may be thousands of lines. */
  #dateNow(): string {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = formatLogLine(1000 * second, '');
    }
    return this.#date;
  }

  #keep(line: LogLine): void {
    this.#backlog.push(line);
    if (this.#backlog.length > backlogMax) this.#backlog.shift();
  }

  #pass(text: string): void {
    if (this.#gated === undefined) this.#show(text);
    else if (this.#gated.length < gatedMax) this.#gated.push(text);
  }
}

const backlogMax = 512;
// A start lasts seconds; only a flood can reach this, and then the first lines are the ones that explain it.
const gatedMax = 4096;
