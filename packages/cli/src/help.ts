// The help text of a command, made from its flags so that it cannot forget one or lie about a
// default. Layout as in the original (usage, what it does, `Options:` in two columns); the words are ours.

import type { Flag, FlagTable } from './flags.ts';

/** What is told about a command. */
export interface HelpContent {
  /** The call, without `Usage: `: `serf members [options]`. */
  readonly usage: string;
  /** What the command does; paragraphs parted by an empty line, wrapped here. */
  readonly about: string;
  readonly flags: FlagTable;
  /** Further sections, printed below the options as they are. */
  readonly notes?: string | undefined;
}

/** Renders the help text, without a line end at the end. */
export function formatHelp({ usage, about, flags, notes }: HelpContent): string {
  const sections = [
    `Usage: ${usage}`,
    ...about
      .trim()
      .split(/\n{2,}/)
      .map(formatParagraph),
  ];
  if (Object.keys(flags).length > 0) sections.push('Options:', formatFlags(flags));
  if (notes !== undefined) sections.push(notes.trim());
  return sections.join('\n\n');
}

function formatParagraph(paragraph: string): string {
  return wrap(paragraph, lineWidth - indent.length)
    .map((line) => indent + line)
    .join('\n');
}

/** The list of flags in two columns, without a line end at the end. */
export function formatFlags(flags: FlagTable): string {
  const rows = Object.entries(flags).map(([name, flag]) => ({
    left: callOf(name, flag),
    right: textOf(flag),
  }));
  const fitting = rows.map(({ left }) => left.length).filter((length) => length <= leftWidthMax);
  const leftWidth = Math.max(0, ...fitting) + indent.length;
  return rows.map(({ left, right }) => formatRow(left, right, leftWidth)).join('\n');
}

/** A left column that is too wide gets a line of its own. */
function formatRow(left: string, right: string, leftWidth: number): string {
  const margin = ' '.repeat(indent.length + leftWidth);
  const lines = wrap(right, lineWidth - margin.length).map((line) => margin + line);
  if (left.length > leftWidth - indent.length) return [indent + left, ...lines].join('\n');
  const [first = '', ...rest] = lines;
  return [indent + left.padEnd(leftWidth) + first.trimStart(), ...rest].join('\n');
}

function callOf(name: string, flag: Flag): string {
  if (flag.kind === 'bool') return flag.default === true ? `-${name}=true|false` : `-${name}`;
  return `-${name}=${flag.placeholder ?? placeholders[flag.kind]}`;
}

function textOf(flag: Flag): string {
  const remarks: string[] = [];
  if (flag.kind === 'repeatable' || flag.kind === 'pairs') remarks.push('may be given more than once');
  else if (flag.kind !== 'uint' && flag.default) remarks.push(`default ${flag.default}`);
  if (flag.kind === 'string' && flag.env !== undefined) remarks.push(`or $${flag.env}`);
  return remarks.length === 0 ? flag.help : `${flag.help} (${remarks.join(', ')})`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += (line === '' ? '' : ' ') + word;
  }
  return [...lines, line];
}

const indent = '  ';
const lineWidth = 80;
const leftWidthMax = 26;
const placeholders = {
  string: 'text',
  int: 'number',
  uint: 'number',
  duration: 'duration',
  repeatable: 'text',
  pairs: 'key=value',
} as const;
