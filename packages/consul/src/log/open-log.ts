// The log that a configuration asks for: on stdout, in files, and in the machine's syslog.
// Upstream: logging/logger.go (Setup).

import { setTimeout as sleep } from 'node:timers/promises';
import { encodeText } from '@reeve/bytes';
import type { SyslogPipe, SyslogPlace } from '@reeve/runtime/syslog';
import type { LogConfig } from '../config/runtime-config.ts';
import { AgentLog, type LogOutput } from './agent-log.ts';
import { LogFile } from './log-file.ts';
import { logLevelOf } from './log-level.ts';

/** A log, and what closes its way to syslog. */
export interface OpenLog {
  readonly log: AgentLog;
  close(): Promise<void>;
}

/** Where syslog is, for tests, and how often and long is waited for one that is not there yet. */
export interface SyslogSearch {
  readonly place?: SyslogPlace;
  readonly tries: number;
  readonly pauseMs: number;
}

/** Rejects with a ConfigError, or an Error in the original's words. */
export async function openLog(
  config: LogConfig,
  show: LogOutput,
  search: SyslogSearch = usualSearch,
): Promise<OpenLog> {
  const level = logLevelOf(config.level);
  const pipe = config.syslog ? await openSyslog(config.syslogFacility, search) : undefined;
  const files = config.file === '' ? [] : [openFile(config).write];
  const syslog: LogOutput[] = pipe === undefined ? [] : [(line) => pipe.send(notice, line, encodeText)];
  const log = new AgentLog(level, config.json ? 'json' : 'text', [show, ...syslog, ...files]);
  return { log, close: async () => pipe?.close() };
}

/** Syslog may start after us: it is waited for, as upstream. What cannot become right is told at once. */
async function openSyslog(facility: string, { place, tries, pauseMs }: SyslogSearch): Promise<SyslogPipe> {
  const { SyslogPipe: Pipe } = await import('@reeve/runtime/syslog');
  for (let left = tries; ; left--) {
    try {
      return await Pipe.open('consul', facility, place);
    } catch (error) {
      if ((error as Error).message !== 'Unix syslog delivery error') throw error;
      if (left === 0)
        throw new Error('Syslog setup did not succeed within timeout (1m0s).', { cause: error });
      await sleep(pauseMs);
    }
  }
}

function openFile({ file, rotateBytes, rotateDurationMs, rotateFilesMax }: LogConfig): LogFile {
  return new LogFile({
    path: file,
    bytesMax: rotateBytes,
    durationMs: rotateDurationMs || usualDurationMs,
    filesMax: rotateFilesMax,
    now: () => performance.timeOrigin + performance.now(),
  });
}

/** Upstream's: a minute. */
const usualSearch: SyslogSearch = { tries: 12, pauseMs: 5_000 };
/** Whatever a line's level is, upstream's are of this severity, and say their level themselves. */
const notice = 5;
const usualDurationMs = 24 * 60 * 60 * 1000;
