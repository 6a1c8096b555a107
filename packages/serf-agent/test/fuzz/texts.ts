// Damaged texts of flags and requests: addresses, tags, levels.

import assert from 'node:assert/strict';
import { decodeText, encodeText } from '@reeve/bytes';
import { type FuzzTarget, isSentence, Refused } from '@reeve/fuzz';
import { parseTags } from '../../dist/cli/tag-arguments.js';
import { parseHostPort } from '../../dist/host-port.js';
import { parseLogLevel } from '../../dist/log/log-level.js';

export const textTargets: readonly FuzzTarget[] = [
  text('listening addresses', ['127.0.0.1:7373', '[::1]:7946', ':80', 'host'], (words) => {
    const { port } = parseHostPort(words, 7_946);
    assert.ok(port >= 0 && port <= 65_535);
  }),
  text('tag arguments', ['role=web\0dc=', 'a=b=c'], (words) => {
    for (const [name, value] of parseTags(words.split('\0'))) assert.ok(words.includes(`${name}=${value}`));
  }),
  text('log levels', ['debug', 'WARN', 'Err'], (words) => {
    if (parseLogLevel(words) === undefined) throw new Refused();
  }),
];

function text(name: string, seeds: readonly string[], read: (words: string) => void): FuzzTarget {
  return {
    name,
    promise: `${name} are understood or refused with a sentence`,
    seeds: seeds.map((words) => encodeText(words)),
    open: () => ({ run: (input) => read(decodeText(input)) }),
    refuses: isSentence,
  };
}
