// log-format.ts – log lines as the original writes them (Go's log package, hashicorp/logutils):
// `2026/11/21 19:38:56 [INFO] agent: Serf agent starting`.
// The level is not kept beside a line: it is whatever stands in its first brackets, also for those who
// filter.

/** The levels, from the most talkative to the gravest. */
export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERR'] as const;

/** One of the levels. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level a user named, in any case; undefined if there is none of that name. */
export function parseLogLevel(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text.toUpperCase());
}

/** Puts the local date and time before a text; `at` is in milliseconds since the Unix epoch. No line end. */
export function formatLogLine(at: number, text: string): string {
  const time = new Date(at);
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('/');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${date} ${clock} ${text}`;
}

/**
 * Whether a line is at least as grave as `lowest`. Lines without a known level in their first brackets pass.
 */
export function passesLogLevel(line: string, lowest: LogLevel): boolean {
  const names: readonly string[] = LOG_LEVELS;
  const level = names.indexOf(firstBrackets(line));
  return level < 0 || level >= LOG_LEVELS.indexOf(lowest);
}

function firstBrackets(line: string): string {
  const open = line.indexOf('[');
  const close = line.indexOf(']', open);
  return open < 0 || close < 0 ? '' : line.slice(open + 1, close);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
