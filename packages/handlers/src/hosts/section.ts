// A section of a hosts file, between two comments. Members choose their names themselves: what is no host
// name stays out, and so does a name that the rest of the file already gives an address, `localhost` above
// all, so that no member can pass itself off as somebody else there.

import { isIP } from 'node:net';
import type { Member } from '@reeve/handler-api';

/** Which section, and what it says. */
export interface SectionOptions {
  /** What the two comments call it. */
  readonly section: string;
  /** Every member gets the name `NAME.DOMAIN` as well. */
  readonly domain: string | undefined;
}

/**
 * The file's text with a section for these members; without one yet, it is added at the end. `refused` are
 * the names that stay out. @throws Error when the comments are not in order, because then nobody can tell
 * what is ours.
 */
export function replaceSection(
  text: string,
  members: readonly Member[],
  { section, domain }: SectionOptions,
): { text: string; refused: readonly string[] } {
  const { before, after } = split(text, `# BEGIN ${section}`, `# END ${section}`);
  const foreign = namesIn(before + after);
  const alive = members.filter(({ status, host }) => status === 'alive' && isIP(host)).sort(byName);
  const isFit = ({ name }: Member): boolean => hostName.test(name) && !foreign.has(name.toLowerCase());
  const lines = alive.filter(isFit).map(({ name, host }) => {
    return `${host}\t${domain === undefined ? '' : `${name}.${domain} `}${name}\n`;
  });
  return {
    text: `${before}# BEGIN ${section}\n${lines.join('')}# END ${section}\n${after}`,
    refused: alive.filter((member) => !isFit(member)).map(({ name }) => JSON.stringify(name)),
  };
}

function split(text: string, begin: string, end: string): { before: string; after: string } {
  const lines = text.split(/(?<=\n)/);
  const isLine = (wanted: string) => (line: string) => line.trimEnd() === wanted;
  const from = lines.findIndex(isLine(begin));
  const to = lines.findIndex(isLine(end));
  if (from < 0 && to < 0)
    return { before: text === '' || text.endsWith('\n') ? text : `${text}\n`, after: '' };
  const isOnce = lines.filter(isLine(begin)).length === 1 && lines.filter(isLine(end)).length === 1;
  if (from < 0 || to < from || !isOnce)
    throw new Error(`"${begin}" and "${end}" must stand once each, in this order; mend the file by hand`);
  return { before: lines.slice(0, from).join(''), after: lines.slice(to + 1).join('') };
}

// All names the lines of a hosts file define.
function namesIn(text: string): Set<string> {
  const words = text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
  return new Set(['localhost', ...words.map((word) => word.toLowerCase())]);
}

function byName(a: Member, b: Member): number {
  return a.name < b.name ? -1 : 1;
}

// RFC 1123, and at most 253 characters.
const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
