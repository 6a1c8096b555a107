// `-format=text` and `-format=json`, the same for every command that has the choice.

import { CommandFailure, type FlagTable, formatJson, type JsonOutput, trimSpace } from '@reeve/cli';

/** The flag that chooses. */
export const formatFlag = {
  format: { kind: 'string', default: 'text', help: 'How to print: "text" or "json".' },
} as const satisfies FlagTable;

/** A result in that format, without white space around it. @throws CommandFailure for other formats. */
export function formatOutput(format: string, text: () => string, json: () => JsonOutput): string {
  if (format === 'json') return trimSpace(formatJson(json()));
  if (format === 'text') return trimSpace(text());
  throw new CommandFailure(`Encoding error: Invalid output format "${format}"`);
}
