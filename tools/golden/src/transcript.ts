// Command captures: what was typed, what came out of each stream, and the exit code.
//
// Line ends are kept: every line of stdout and stderr has one (a capture cannot show whether the last one
// had). Captures of files and logs have no such sections; readPlain gives their text.

import { type CapturedProgram, CaptureError, captureLines } from './captures.ts';
import { shellWords } from './shell-words.ts';
import { splitAt } from './wire.ts';

/** One run of a command. */
export interface Transcript {
  /** The first line without `$ `. */
  readonly command: string;
  /** The arguments after the program's name, quotes removed. */
  readonly argv: readonly string[];
  /** Standard output, with `<help>` where help text stood. */
  readonly stdout: string;
  /** Standard error, likewise. */
  readonly stderr: string;
  /** The exit code. */
  readonly exit: number;
  /** Remarks of the recorder: signals sent, times. */
  readonly notes: readonly string[];
}

/** Reads a capture by folder and name: `readTranscript('cli/members-text')`. */
export function readTranscript(name: string): Transcript {
  const [first = '', ...lines] = captureLines(name);
  const sections = splitAt(lines, (line) => /^--- (stdout|stderr|exit \d+)$/.test(line));
  const [stdout, stderr, exit] = sections;
  if (stdout?.[0] !== '--- stdout' || stderr?.[0] !== '--- stderr' || exit === undefined) {
    throw new CaptureError(`${name} is not a transcript: it needs stdout, stderr and exit, in this order`);
  }
  const command = first.replace(/^\$ /, '');
  const notes = lines.slice(0, lines.indexOf('--- stdout')).map((line) => line.replace(/^# /, ''));
  return {
    command,
    argv: shellWords(command).slice(1),
    stdout: joinLines(stdout.slice(1)),
    stderr: joinLines(stderr.slice(1)),
    exit: Number(exit[0]?.slice('--- exit '.length)),
    notes,
  };
}

/** Reads a capture whose text follows its command at once: snapshot files, handler dumps, logs. */
export function readPlain(
  name: string,
  program: CapturedProgram = 'serf',
): { command: string; text: string } {
  const [first = '', ...lines] = captureLines(name, program);
  return { command: first.replace(/^\$ /, ''), text: joinLines(lines) };
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
