// What is fuzzed of this package: durations, command lines and JSON.

import assert from 'node:assert/strict';
import {
  FlagError,
  type FlagTable,
  formatDuration,
  JsonError,
  parseDuration,
  parseFirstJson,
  parseFlags,
  parseWholeJson,
} from '@reeve/cli';
import type { FuzzTarget } from '@reeve/fuzz';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const durations: FuzzTarget = {
  name: 'durations',
  promise: 'a duration is a time that can be written and read again, or is refused in the words of Go',
  seeds: ['1h2m3.5s', '-500ms', '1.5µs', '2us3ns', '0', '+.5h', '9223372036854775807ns'].map(bytesOf),
  open: () => ({
    run: (input) => {
      const ms = parseDuration(textOf(input));
      assert.ok(Number.isFinite(ms));
      if (Math.abs(ms) < 2 ** 43) assert.ok(Math.abs(parseDuration(formatDuration(ms)) - ms) < 1e-3);
    },
  }),
  refuses: (error) => error instanceof Error && /^time: (invalid|missing|unknown)/.test(error.message),
};

const flags = {
  node: { kind: 'string', help: '' },
  replay: { kind: 'bool', help: '' },
  tag: { kind: 'repeatable', help: '' },
  port: { kind: 'int', help: '' },
  wait: { kind: 'duration', help: '' },
} as const satisfies FlagTable;

const commandLines: FuzzTarget = {
  name: 'command lines',
  promise: 'a command line is understood, or refused in the words of Go',
  seeds: ['-node=a --replay -tag\0x=y -port=0x1f -wait 3s', '-port 0b1_0\0--\0rest', '-replay=F -node\0'].map(
    (line) => bytesOf(line.replaceAll(' ', '\0')),
  ),
  open: () => ({
    run: (input) => {
      const words = textOf(input).split('\0');
      const { args, values } = parseFlags(flags, words);
      assert.deepEqual(args, words.slice(words.length - args.length));
      assert.ok(Number.isFinite(values.port) && Number.isFinite(values.wait));
    },
  }),
  refuses: (error) => error instanceof FlagError,
};

const jsonTexts: FuzzTarget = {
  name: 'JSON',
  promise: 'what is JSON to us is the same to the platform, or is refused at a place in it',
  seeds: ['{"a": [1, -2.5e+3, true, false, null, "\\u00e9\\n\\"ü"], "b": {}}', '-0', ' [[[]]] '].map(bytesOf),
  open: () => ({
    run: (input) => {
      try {
        const value = parseWholeJson(input);
        assert.deepEqual(value, JSON.parse(textOf(input)));
        assert.deepEqual(parseFirstJson(input), value);
      } catch (error) {
        if (error instanceof JsonError) assert.ok(error.offset >= 0 && error.offset <= input.length);
        throw error;
      }
    },
  }),
  refuses: (error) => error instanceof JsonError,
};

export const targets: readonly FuzzTarget[] = [durations, commandLines, jsonTexts];
