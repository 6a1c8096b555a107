// The log that a configuration asks for: on stdout, and in files. Upstream: logging/logger.go (Setup).

import type { LogConfig } from '../config/runtime-config.ts';
import { AgentLog, type LogOutput, logLevelOf } from './agent-log.ts';
import { LogFile } from './log-file.ts';

/** @throws ConfigError, Error in the original's words */
export function openLog(config: LogConfig, show: LogOutput): AgentLog {
  const level = logLevelOf(config.level);
  const files = config.file === '' ? [] : [openFile(config).write];
  return new AgentLog(level, config.json ? 'json' : 'text', [show, ...files]);
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

const usualDurationMs = 24 * 60 * 60 * 1000;
