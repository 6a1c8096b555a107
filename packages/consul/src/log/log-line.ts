// A log line as Consul's agent writes it: the date in UTC, the level, and where it comes from as a path of
// names; as text, or as JSON with the fields of its end taken apart.
// Upstream: logging/logger.go, hclog's intlogger.go. Test suites look for these.

import { compactJson, compareText } from '@reeve/cli';
import type { LogLevel } from '@reeve/runtime';

/** How lines are written. */
export type LogFormat = 'text' | 'json';

/** One line of the log. */
export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
  /** Since 1970, with fractions. */
  readonly atMs: number;
}

/** The line without its end: `2026-11-21T19:56:04.510Z [INFO]  agent.server.raft: election won: tally=2`. */
export function formatLine(line: LogLine, format: LogFormat): string {
  return format === 'json' ? jsonLine(line) : textLine(line);
}

function textLine({ level, text, atMs }: LogLine): string {
  return `${new Date(atMs).toISOString()} ${levels[level]} ${sourced(text).replace(forged, '$&  | ')}`;
}

function jsonLine({ level, text, atMs }: LogLine): string {
  const [, module = '', rest = ''] = /^([^ ]*?): (.*)$/s.exec(sourced(text)) ?? [];
  const { message, fields } = takenApart(rest);
  const micros = `${Math.floor((atMs % 1) * 1000)}`.padStart(3, '0');
  const timestamp = new Date(atMs).toISOString().replace('Z', `${micros}Z`);
  const own = { '@level': level === 'err' ? 'error' : level, '@message': message, '@module': module };
  const sorted = [...fields].sort(([a], [b]) => compareText(a, b));
  return compactJson({ ...own, '@timestamp': timestamp, ...Object.fromEntries(sorted) });
}

/**
 * A text and the fields at its end (log-fields.ts). What was a number or a truth is taken from how it looks.
 */
function takenApart(text: string): {
  readonly message: string;
  readonly fields: ReadonlyMap<string, string | number | boolean>;
} {
  const [, message = text, end = ''] = withFields.exec(text) ?? [];
  const fields = [...end.matchAll(field)].map(
    ([, key = '', quoted, word = '']) => [key, quoted ?? seen(word)] as const,
  );
  return { message, fields: new Map(fields) };
}

function seen(word: string): string | number | boolean {
  if (word === 'true' || word === 'false') return word === 'true';
  return /^-?\d{1,15}$/.test(word) ? Number(word) : word;
}

/** Names of parts, under the names that upstream's loggers have. */
function sourced(text: string): string {
  const [, part = '', rest = text] = /^([a-z._-]+): (.*)$/s.exec(text) ?? [];
  if (part === 'serf' || part === 'memberlist') return `agent.server.${part}.lan: ${text}`;
  if (part === 'raft' || part === 'raft-net') return `agent.server.raft: ${rest}`;
  if (part === 'consul' || part.startsWith('consul.'))
    return `${part.replace('consul', 'agent.server')}: ${rest}`;
  return part === 'agent' || part.startsWith('agent.') ? text : `agent: ${text}`;
}

const levels: Readonly<Record<LogLevel, string>> = {
  trace: '[TRACE]',
  debug: '[DEBUG]',
  info: '[INFO] ',
  warn: '[WARN] ',
  err: '[ERROR]',
};
/** Names that others choose may have line breaks: no line of ours begins with a date that is not ours. */
const forged = /[\r\n\u2028\u2029](?=\s*\d{4}-\d\d-\d\dT)/g;
const withFields = /^(.*?): ([\w-]+=.*)$/s;
/** A quoted value ends where another field begins, or the line: quotes inside are not escaped. */
const field = /([\w-]+)=(?:"(.*?)"(?= [\w-]+=|$)|(\[.*?\](?= [\w-]+=|$)|\S*))(?: |$)/gs;
