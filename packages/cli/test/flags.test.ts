// Command lines as Go's flag package reads them, its error texts included.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlagError, type FlagTable, parseFlags } from '@reeve/cli';
import { readTranscript } from '@reeve/golden';

const queryFlags = {
  format: { kind: 'string', default: 'text', help: '' },
  node: { kind: 'repeatable', help: '' },
  tag: { kind: 'repeatable', help: '' },
  timeout: { kind: 'duration', default: '15s', help: '' },
  'no-ack': { kind: 'bool', help: '' },
  coalesce: { kind: 'bool', default: true, help: '' },
  'relay-factor': { kind: 'int', help: '' },
  'rpc-addr': { kind: 'string', default: '127.0.0.1:7373', env: 'SERF_RPC_ADDR', help: '' },
} as const;

test('flags that are not given have their defaults', () => {
  const { values, given, args } = parseFlags(queryFlags, ['load', 'now']);
  assert.deepEqual(values, {
    format: 'text',
    node: [],
    tag: [],
    timeout: 15_000,
    'no-ack': false,
    coalesce: true,
    'relay-factor': 0,
    'rpc-addr': '127.0.0.1:7373',
  });
  assert.deepEqual([...given], []);
  assert.deepEqual(args, ['load', 'now']);
});

test('a value follows its flag as the next word or behind an equals sign, with one dash or two', () => {
  for (const words of [['-format', 'json'], ['-format=json'], ['--format', 'json'], ['--format=json']]) {
    const { values, given, args } = parseFlags(queryFlags, [...words, 'load']);
    assert.equal(values.format, 'json');
    assert.deepEqual([...given], ['format']);
    assert.deepEqual(args, ['load']);
  }
});

test('a value may look like a flag, hold an equals sign or be empty', () => {
  const { values } = parseFlags(queryFlags, ['-node', '-x', '-tag=role=web|db', '-tag=', '-format', '']);
  assert.deepEqual(values.node, ['-x']);
  assert.deepEqual(values.tag, ['role=web|db', '']);
  assert.equal(values.format, '');
});

test('a bool takes no word after it', () => {
  const { values, args } = parseFlags(queryFlags, ['-no-ack', 'false', 'x']);
  assert.equal(values['no-ack'], true);
  assert.deepEqual(args, ['false', 'x']);
});

test('a bool is given in the words Go accepts and in no others', () => {
  for (const word of ['1', 't', 'T', 'true', 'TRUE', 'True']) {
    assert.equal(parseFlags(queryFlags, [`-no-ack=${word}`]).values['no-ack'], true);
  }
  for (const word of ['0', 'f', 'F', 'false', 'FALSE', 'False']) {
    assert.equal(parseFlags(queryFlags, [`-coalesce=${word}`]).values.coalesce, false);
  }
  for (const word of ['', 'yes', 'tRUE', '2']) {
    assert.throws(() => parseFlags(queryFlags, [`-no-ack=${word}`]), {
      name: 'FlagError',
      message: `invalid boolean value "${word}" for -no-ack: parse error`,
    });
  }
});

test('a flag that is read by a type of its own says which function of Go refused it', () => {
  const table = {
    stale: { kind: 'bool', isOwn: true, help: '' },
    quorum: { kind: 'uint', isOwn: true, help: '' },
    wait: { kind: 'duration', isOwn: true, help: '' },
  } as const;
  for (const [word, reason] of [
    ['-stale=2', 'invalid boolean value "2" for -stale: strconv.ParseBool: parsing "2": invalid syntax'],
    ['-quorum=-1', 'invalid value "-1" for flag -quorum: strconv.ParseUint: parsing "-1": invalid syntax'],
    ['-wait=5', 'invalid value "5" for flag -wait: time: missing unit in duration "5"'],
  ] as const)
    assert.throws(() => parseFlags(table, [word]), { name: 'FlagError', message: reason });
  assert.equal(parseFlags(table, ['-quorum=0x10']).values.quorum, 16n);
});

test('reading stops at the first word that is no flag', () => {
  const { values, args } = parseFlags(queryFlags, ['load', '-no-ack', '-nosuch']);
  assert.equal(values['no-ack'], false);
  assert.deepEqual(args, ['load', '-no-ack', '-nosuch']);
  assert.deepEqual(parseFlags(queryFlags, ['-no-ack', '-', '-no-ack']).args, ['-', '-no-ack']);
  assert.deepEqual(parseFlags(queryFlags, ['-no-ack', '', '-no-ack']).args, ['', '-no-ack']);
});

test('two dashes alone end the flags and are dropped', () => {
  assert.deepEqual(parseFlags(queryFlags, ['-no-ack', '--', '-tag', '--']).args, ['-tag', '--']);
});

test('two repeatable flags can share one list, in the order of the command line', () => {
  const table: FlagTable = {
    file: { kind: 'repeatable', help: '' },
    dir: { kind: 'repeatable', into: 'file', help: '' },
  };
  const { values, given } = parseFlags(table, ['-dir=a', '-file', 'b', '-dir', 'c']);
  assert.deepEqual(values, { file: ['a', 'b', 'c'], dir: [] });
  assert.deepEqual([...given], ['dir', 'file']);
});

test('the last value of a flag holds, a repeatable flag keeps all', () => {
  const { values } = parseFlags(queryFlags, ['-format=a', '-node=x', '-format=b', '-node', 'y']);
  assert.equal(values.format, 'b');
  assert.deepEqual(values.node, ['x', 'y']);
});

test('whole numbers are read in every base Go knows', () => {
  const cases = { '10': 10, '-1': -1, '+7': 7, '0x1F': 31, '0b101': 5, '0o17': 15, '017': 15, '1_000': 1000 };
  for (const [text, value] of Object.entries(cases)) {
    assert.equal(parseFlags(queryFlags, [`-relay-factor=${text}`]).values['relay-factor'], value, text);
  }
});

test('a value of the wrong kind is refused in the words of Go', () => {
  const cases: [string, string][] = [
    ['-relay-factor=zz', 'invalid value "zz" for flag -relay-factor: parse error'],
    ['-relay-factor=08', 'invalid value "08" for flag -relay-factor: parse error'],
    ['-relay-factor=1__0', 'invalid value "1__0" for flag -relay-factor: parse error'],
    ['-relay-factor=1.5', 'invalid value "1.5" for flag -relay-factor: parse error'],
    [
      '-relay-factor=99999999999999999999',
      'invalid value "99999999999999999999" for flag -relay-factor: value out of range',
    ],
    ['-timeout=10', 'invalid value "10" for flag -timeout: parse error'],
    ['-timeout=', 'invalid value "" for flag -timeout: parse error'],
    [
      '-timeout=a"\n\u0001é\u200b',
      String.raw`invalid value "a\"\n\x01é\u200b" for flag -timeout: parse error`,
    ],
  ];
  for (const [word, message] of cases) assert.throws(() => parseFlags(queryFlags, [word]), { message });
});

test('words that are no proper flags are refused', () => {
  const cases: [string[], string][] = [
    [['-nosuch'], 'flag provided but not defined: -nosuch'],
    [['--nosuch=1'], 'flag provided but not defined: -nosuch'],
    [['-help=true'], ''],
    [['-toString'], 'flag provided but not defined: -toString'],
    [['-tag'], 'flag needs an argument: -tag'],
    [['---x'], 'bad flag syntax: ---x'],
    [['-=x'], 'bad flag syntax: -=x'],
    [['--=x'], 'bad flag syntax: --=x'],
  ];
  for (const [argv, message] of cases) {
    assert.throws(
      () => parseFlags(queryFlags, argv),
      (error) => error instanceof FlagError && error.message === message,
    );
  }
});

test('an environment variable replaces a default, an empty one does not, a flag replaces both', () => {
  const env = { SERF_RPC_ADDR: '10.0.0.1:1' };
  assert.equal(parseFlags(queryFlags, [], env).values['rpc-addr'], '10.0.0.1:1');
  assert.equal(parseFlags(queryFlags, ['-rpc-addr=x'], env).values['rpc-addr'], 'x');
  assert.equal(parseFlags(queryFlags, [], { SERF_RPC_ADDR: '' }).values['rpc-addr'], '127.0.0.1:7373');
});

test('every flag error of the real program is ours', () => {
  for (const name of ['flag-bad-bool', 'flag-missing-arg', 'query-badtimeout', 'leave-badflag']) {
    const { argv, stderr } = readTranscript(`cli/${name}`);
    assert.throws(() => parseFlags(queryFlags, argv.slice(1)), { message: stderr.trimEnd() }, name);
  }
});
