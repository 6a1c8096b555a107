// The log in the machine's syslog, too: the lines that are shown, without date and level, under the tag
// `serf` (docs/decisions/0010-syslog.md). Upstream: cmd/serf/command/agent/syslog.go. Next: agent-log.ts.

import { encodeText } from '@reeve/bytes';
import type { LogLevel } from '@reeve/runtime';
import { SyslogPipe, type SyslogPlace } from '@reeve/runtime/syslog';
import type { AgentLog } from './agent-log.ts';
import { isAtLeast } from './log-level.ts';

/** Sends the lines of a log to syslog until it is closed. */
export class Syslog {
  readonly #pipe: SyslogPipe;
  readonly #stop: () => void;

  /** Rejects with the original's text when the facility is unknown or there is no syslog. */
  static async open(log: AgentLog, facility: string, place?: SyslogPlace): Promise<Syslog> {
    return new Syslog(log, await SyslogPipe.open('serf', facility, place));
  }

  private constructor(log: AgentLog, pipe: SyslogPipe) {
    this.#pipe = pipe;
    this.#stop = log.subscribe(({ level, text }) => {
      if (!isAtLeast(level, log.level)) return;
      // Date and level are the start of every line: `2026/11/21 19:34:50 [INFO] …`.
      pipe.send(severities[level], text.slice(text.indexOf('] ') + 2), encodeText);
    }).stop;
  }

  /** Sends what was logged so far, and nothing more; settles when it is sent or has taken too long. */
  close(): Promise<void> {
    this.#stop();
    return this.#pipe.close();
  }
}

// One step less grave than their names say, but for the last two: as the original has it.
const severities: Readonly<Record<LogLevel, number>> = { trace: 7, debug: 6, info: 5, warn: 4, err: 3 };
