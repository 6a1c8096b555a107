// Command output in a form in which two runs against the same agent must be equal: what changes from run to
// run is replaced by a word, and where the original prints in random order (Go's maps), order is taken away.

import type { Outcome } from './child.ts';

/** An outcome that can be compared. */
export interface CanonicalOutcome {
  readonly exit: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** `unordered` for commands whose lines (members, keys, answers) come in any order. */
export function canonical(outcome: Outcome, unordered = false): CanonicalOutcome {
  const linesOf = (text: string): string[] => {
    const lines = withoutHelp(text).split('\n').map(canonicalLine);
    return unordered ? lines.map((line) => line.replace(/,$/, '')).sort() : lines;
  };
  return { exit: outcome.exit, stdout: linesOf(outcome.stdout), stderr: linesOf(outcome.stderr) };
}

function canonicalLine(line: string): string {
  return volatile
    .reduce((text, [pattern, word]) => text.replace(pattern, word), line)
    .replace(tagList, (tags) => tags.split(',').sort().join(','))
    .trimEnd(); // padding depends on whether a row is the last one
}

/** Help is prose and differs on purpose; it is always the last thing printed. */
function withoutHelp(text: string): string {
  const start = text.search(/^Usage: /m);
  return start < 0 ? text : `${text.slice(0, start)}<help>`;
}

const volatile: readonly (readonly [RegExp, string])[] = [
  [/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, '<date>'],
  [/rtt: \d+\.\d{3} ms/, 'rtt: <ms> ms'],
  [/\d+\.\d\d sec/g, '<s> sec'],
  [/127\.0\.0\.1:\d+/g, '<client>'],
  [/^(\s*"?(?:goroutines|health_score|\w+_queue|\w+_time)"?(?: =|:) ).*/, '$1<number>'],
];

/** `a=1,b=2` in the last column of `members`. */
const tagList = /[^\s,=]+=[^\s,]*(?:,[^\s,=]+=[^\s,]*)+/;
