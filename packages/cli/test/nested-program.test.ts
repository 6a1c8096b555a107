// Programs with groups of commands, and what Consul does differently from Serf.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import {
  alignTabs,
  defineCommand,
  formatTable,
  type Program,
  parseFlags,
  runProgram,
} from '../dist/index.js';

const getCommand = defineCommand({
  usage: 'tool kv get [options] key',
  about: 'Prints a value.',
  flags: { raw: { kind: 'bool', help: 'As it is.' } },
  hasErrorsOnStderr: true,
  async run({ args, ui, usageError }) {
    if (args[0] === undefined) return usageError('Which key?');
    ui.output(`value of ${args.join(' ')}`);
    return 0;
  },
});

const program: Program = {
  name: 'tool',
  habits: {
    helpTo: 'stdout',
    versionWords: ['-v', '-version'],
    versionAsked: 'before the command',
    versionCall: () => ['version'],
  },
  groups: { kv: 'Works with keys', 'kv deep': 'Deeper' },
  commands: {
    'kv get': { synopsis: 'Prints a value', load: async () => getCommand },
    'kv deep get': { synopsis: 'Prints a value, too', load: async () => getCommand },
    version: { synopsis: 'Prints the version', load: async () => versionCommand },
  },
};

const versionCommand = defineCommand({
  usage: 'tool version',
  about: 'Prints the version.',
  flags: {},
  async run({ ui }) {
    ui.output('9');
    return 0;
  },
});

test('a command of several words is found by the longest name that fits', async () => {
  assert.equal((await run('kv', 'get', 'a')).stdout, 'value of a\n');
  assert.equal((await run('kv', 'deep', 'get', 'b', 'c')).stdout, 'value of b c\n');
});

test('a group without one of its commands lists them on stderr with exit code 1', async () => {
  const help = 'Usage: tool kv <subcommand> [options] [args]\n\n  Works with keys.\n\nSubcommands:\n';
  const list = '    deep    Deeper\n    get     Prints a value\n';
  for (const words of [['kv'], ['kv', 'nosuch'], ['kv', '-x', 'get'], ['kv', 'get x']])
    assert.deepEqual(
      await run(...words),
      { exit: 1, stdout: '', stderr: `${help}${list}\n` },
      words.join(' '),
    );
});

test('commands of groups are not in the list of the program', async () => {
  const { stderr, exit } = await run('nosuch');
  assert.equal(exit, 127);
  assert.match(stderr, /\n {4}kv {9}Works with keys\n {4}version {4}Prints the version\n/);
  assert.doesNotMatch(stderr, /get/);
});

test('help that was asked for goes where the program wants it', async () => {
  assert.match((await run('-h')).stdout, /^Usage: tool /);
  assert.equal((await run('kv', 'get', '-h')).stdout, `${getCommand.help}\n`);
});

test('the version is asked for before the command only', async () => {
  assert.equal((await run('-v')).stdout, '9\n');
  assert.equal((await run('-x', '-version', 'kv', 'get')).stdout, '9\n');
  assert.match((await run('kv', 'get', '-v', 'a')).stderr, /^flag provided but not defined: -v\n/);
});

test('errors on stderr: what was wrong, and which flags there are', async () => {
  const wrongFlag = await run('kv', 'get', '-x');
  assert.deepEqual(
    [wrongFlag.exit, wrongFlag.stdout, wrongFlag.stderr],
    [1, '', 'flag provided but not defined: -x\nUsage:\n  -raw  As it is.\n'],
  );
  const noKey = await run('kv', 'get');
  assert.equal(noKey.stderr, `Which key?\n\n${getCommand.help}\n`);
});

test('numbers of 64 bits are read exactly, and negative ones refused', () => {
  const flags = { index: { kind: 'uint', help: '' } } as const;
  assert.equal(parseFlags(flags, ['-index=18446744073709551615']).values.index, 2n ** 64n - 1n);
  assert.equal(parseFlags(flags, []).values.index, 0n);
  for (const [text, reason] of [
    ['-1', 'parse error'],
    ['x', 'parse error'],
    ['18446744073709551616', 'value out of range'],
  ])
    assert.throws(() => parseFlags(flags, [`-index=${text}`]), {
      message: `invalid value "${text}" for flag -index: ${reason}`,
    });
});

test('pairs are collected, the last value of a key counts', () => {
  const flags = { meta: { kind: 'pairs', help: '' } } as const;
  const words = ['-meta', 'a=1', '-meta=b==', '-meta=a=2'];
  assert.deepEqual(
    [...parseFlags(flags, words).values.meta],
    [
      ['a', '2'],
      ['b', '='],
    ],
  );
  assert.throws(() => parseFlags(flags, ['-meta=x']), {
    message: 'invalid value "x" for flag -meta: Missing "=" value in argument: x',
  });
});

test('tabs make columns of the lines that follow each other and have them', () => {
  assert.equal(alignTabs('a\tb\nlonger\tc'), 'a           b\nlonger      c');
  assert.equal(alignTabs('a\t\nb\tc\td'), 'a      \nb      c      d');
  assert.equal(alignTabs('wide one\tx\nno tab\na\ty'), 'wide one      x\nno tab\na      y');
});

test('a bar is no border in a table of cells', () => {
  assert.equal(
    formatTable([
      ['a|b', 'c'],
      ['d', 'e'],
    ]),
    'a|b  c\nd    e',
  );
});

async function run(...argv: string[]) {
  const said = { stdout: '', stderr: '' };
  const writer = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      said[name] += text;
    },
  });
  const io = { stdout: writer('stdout'), stderr: writer('stderr'), env: {}, signals: new EventEmitter() };
  return { exit: await runProgram(program, argv, io), ...said };
}
