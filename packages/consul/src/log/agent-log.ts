// The log of an agent: each line that is severe enough goes to all outputs, and each line to whoever follows
// the log at a level of their own. Upstream: logging/logger.go, logging/monitor. Next: log-line.ts.

import { encodeText } from '@reeve/bytes';
import type { Log, LogLevel } from '@reeve/runtime';
import type { CallSignal } from '../waiting/call-signal.ts';
import { logFields } from './log-fields.ts';
import { isAtLeast } from './log-level.ts';
import { formatLine, type LogFormat, type LogLine } from './log-line.ts';
import { wallTimeMs } from './wall-time.ts';

/** Takes each line that is to be seen, without a line end. */
export type LogOutput = (line: string) => void;

/** What of it somebody needs who only looks on. */
export type FollowedLog = Pick<AgentLog, 'isHeard' | 'follow'>;

/** A log that can be told to say more or less, and be followed. */
export class AgentLog {
  /** The level below which lines are not shown. */
  level: LogLevel;
  readonly #format: LogFormat;
  readonly #outputs: readonly LogOutput[];
  readonly #followers = new Set<Follower>(); // one for each request that follows

  constructor(level: LogLevel, format: LogFormat, outputs: readonly LogOutput[]) {
    this.level = level;
    this.#format = format;
    this.#outputs = outputs;
  }

  /** Whether lines of this level are shown or followed. */
  isHeard(level: LogLevel): boolean {
    if (isAtLeast(level, this.level)) return true;
    for (const follower of this.#followers) if (isAtLeast(level, follower.level)) return true;
    return false;
  }

  /** Takes a line from any part of the program. */
  readonly write: Log = (level, text) => {
    if (!this.isHeard(level)) return;
    const isShown = isAtLeast(level, this.level);
    const line: LogLine = { level, text, atMs: wallTimeMs() };
    if (isShown) {
      const written = formatLine(line, this.#format);
      for (const output of this.#outputs) output(written);
    }
    for (const follower of this.#followers) follower.tell(line);
  };

  /** Each line from now on that is at least of this level, with its end, until the signal. */
  async *follow(level: LogLevel, format: LogFormat, signal: CallSignal): AsyncGenerator<Uint8Array> {
    const follower = new Follower(level, format);
    this.#followers.add(follower);
    const end = () => follower.end();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      yield* follower.lines();
    } finally {
      this.#followers.delete(follower);
      signal.removeEventListener('abort', end);
      const fields = logFields({ dropped_count: `${follower.dropped}` });
      if (follower.dropped > 0) this.write('warn', `agent: Dropped logs during monitor request${fields}`);
    }
  }
}

/** Somebody who reads lines, perhaps slower than they come: then the newest are lost, and counted. */
class Follower {
  dropped = 0;
  readonly level: LogLevel;
  readonly #format: LogFormat;
  readonly #waiting: string[] = []; // at most `waitingMax`
  #isEnded = false;
  #wake: () => void = () => {};

  constructor(level: LogLevel, format: LogFormat) {
    this.level = level;
    this.#format = format;
  }

  tell(line: LogLine): void {
    if (!isAtLeast(line.level, this.level)) return;
    if (this.#waiting.length === waitingMax) this.dropped += 1;
    else this.#waiting.push(`${formatLine(line, this.#format)}\n`);
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  async *lines(): AsyncGenerator<Uint8Array> {
    while (!this.#isEnded) {
      if (this.#waiting.length > 0) yield encodeText(this.#waiting.splice(0).join(''));
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

/** Upstream's. */
const waitingMax = 512;
