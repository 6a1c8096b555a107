// Consul's commands: what was typed, what came out, the exit code, and the HTTP requests that were made on
// the way, of which only the status of the answer is known.

import { captureLines } from './captures.ts';
import { shellWords } from './shell-words.ts';
import { splitAt } from './wire.ts';

/** One run of a command. */
export interface CapturedCommand {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  /** What it read from its input; undefined if nothing is noted. */
  readonly input: string | undefined;
  readonly stdout: string;
  /** Up to the help, if that followed. */
  readonly stderr: string;
  /** Whether help followed, which was not kept. */
  readonly hasHelp: boolean;
  readonly exit: number;
  readonly calls: readonly CapturedCall[];
}

/** A request. */
export interface CapturedCall {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Undefined if there was no answer. */
  readonly status: number | undefined;
}

/** A capture below `testdata/golden/consul`: `cli/kv/get`. */
export function readCommand(name: string): CapturedCommand {
  const [first = '', ...lines] = captureLines(name, 'consul');
  const sections = splitAt(lines, (line) => line.startsWith('--- '));
  const section = (title: string): readonly string[] | undefined =>
    sections.find(([head]) => head?.startsWith(`--- ${title}`));
  const notes = lines
    .slice(
      0,
      lines.findIndex((line) => line.startsWith('--- ')),
    )
    .join('\n');
  const stderr = section('stderr')?.slice(1) ?? [];
  const help = stderr.indexOf('<help text of this command follows; not kept>');
  return {
    argv: shellWords(first).slice(1),
    input: /^# stdin: (.*)$/ms.exec(notes)?.[1],
    stdout: joined(section('stdout')?.slice(1) ?? []),
    stderr: joined(help < 0 ? stderr : stderr.slice(0, help)),
    hasHelp: help >= 0,
    exit: Number(/\d+$/.exec(section('exit code')?.[0] ?? '')?.[0]),
    calls: parseCalls((section('HTTP calls') ?? []).slice(1).join('\n')),
  };
}

/** A body may hold line ends, and often ends with one. */
function parseCalls(text: string): CapturedCall[] {
  const calls = /^([A-Z]+) (\S+) \{(.*?)\}(?: body=(.*?))? -> (\d+|\(no answer\))$/gms;
  return [...text.matchAll(calls)].map(([, method = '', target = '', headers = '', body = '', status]) => ({
    method,
    target,
    headers: Object.fromEntries(headers.split('; ').map((header) => header.split(': '))),
    body,
    status: status === '(no answer)' ? undefined : Number(status),
  }));
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
