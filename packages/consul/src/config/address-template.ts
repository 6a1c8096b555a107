// Addresses that are looked up where the agent runs: `{{ GetInterfaceIP "eth0" }}`,
// `{{ GetAllInterfaces | include "network" "10.0.0.0/8" | attr "address" }}`.
//
// The language is Go's templates, of which we read what such lookups are written in: functions with texts and
// numbers, one behind the other, each getting what the one before it found. Loops, variables and arithmetic
// are refused with a sentence. Source: hashicorp/go-sockaddr template/template.go. Next: host-lookup.ts.

import { quote } from '@reeve/cli';
import type { HostAddress } from '@reeve/runtime/node';
import { type Found, lookups } from './host-lookup.ts';

/** The text with everything between `{{` and `}}` looked up. @throws Error in the original's words */
export function expandTemplate(text: string, host: readonly HostAddress[]): string {
  const pieces = text.split('{{');
  const [before = '', ...actions] = pieces;
  const expanded = actions.map((action) => {
    const end = action.indexOf('}}');
    if (end < 0) throw unparsable(text, 'unclosed action');
    return runPipeline(action.slice(0, end), text, host) + action.slice(end + 2);
  });
  return before + expanded.join('');
}

type Word = { readonly name: string } | { readonly value: string | number };

function runPipeline(action: string, text: string, host: readonly HostAddress[]): string {
  const steps = readSteps(action.replace(/^- | -$/g, ''), text);
  const literal = literalOf(steps[0]);
  let found: Found | undefined = literal;
  for (const [command, ...words] of literal === undefined ? steps : steps.slice(1)) {
    const lookup = command !== undefined && 'name' in command ? lookups.get(command.name) : undefined;
    if (lookup === undefined) throw unparsable(text, unknown(command));
    const values = words.map((word) => {
      if ('value' in word) return word.value;
      throw unparsable(text, unknown(word));
    });
    try {
      found = lookup(host, values, found);
    } catch (error) {
      const reason = `template: sockaddr.Parse:1: ${(error as Error).message}`;
      throw new Error(`unable to execute sockaddr input ${quote(text)}: ${reason}`);
    }
  }
  if (typeof found === 'string') return found;
  throw unparsable(text, 'a list of addresses; end it with | attr "address" or | join "address" " "');
}

/** The text or number that a pipeline begins with: the address itself, say. */
function literalOf([word, ...others]: readonly Word[] = []): string | undefined {
  return word !== undefined && 'value' in word && others.length === 0 ? `${word.value}` : undefined;
}

function readSteps(action: string, text: string): readonly (readonly Word[])[] {
  const steps: Word[][] = [[]];
  let rest = action.trim();
  while (rest !== '') {
    const [written = '', quoted, raw, number, name] = word.exec(rest) ?? [];
    if (written === '') throw unparsable(text, `unexpected ${quote(rest.slice(0, 1))} in operand`);
    if (written === '|') steps.push([]);
    else if (name !== undefined) steps.at(-1)?.push({ name });
    else steps.at(-1)?.push({ value: number === undefined ? unescaped(quoted, raw) : Number(number) });
    rest = rest.slice(written.length).trimStart();
  }
  if (steps.some((step) => step.length === 0)) throw unparsable(text, 'missing value for command');
  return steps;
}

function unescaped(quoted: string | undefined, raw: string | undefined): string {
  return raw ?? (quoted ?? '').replace(/\\(.)/g, '$1');
}

function unknown(command: Word | undefined): string {
  if (command === undefined || 'value' in command) return 'non executable command in pipeline';
  if (unsupported.has(command.name)) return `${command.name} is not supported; write the address itself`;
  return `function ${quote(command.name)} not defined`;
}

function unparsable(text: string, reason: string): Error {
  return new Error(`unable to parse template ${quote(text)}: template: sockaddr.Parse:1: ${reason}`);
}

/** A text, a raw text, a number, a name, or the mark between two functions. */
const word = /^(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|(-?\d+)|([a-zA-Z_.$][\w.]*)|\|)/;
const unsupported: ReadonlySet<string> = new Set([
  'if',
  'range',
  'with',
  'define',
  'block',
  'template',
  'math',
]);
