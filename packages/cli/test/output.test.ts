// Columns, JSON, log lines and the texts of Go that they lean on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compactJson,
  compareText,
  createUi,
  formatColumns,
  formatJson,
  formatLogLine,
  indentJson,
  JsonIndenter,
  type JsonOutput,
  quote,
  trimSpace,
} from '@reeve/cli';
import { readTranscript } from '@reeve/golden';

test('columns are padded to the widest cell and joined by two spaces', () => {
  const { stdout } = readTranscript('cli/members-detailed');
  const versions = 'Protocol Version: 5|Available Protocol Range: [2, 5]';
  const lines = [
    `gamma|127.0.7.3:7946|alive||${versions}`,
    `alpha|127.0.7.1:7946|alive|dc=east,odd-name.x=a b,role=web|${versions}`,
    `beta|127.0.7.2:7946|alive|role=lb|${versions}`,
  ];
  assert.equal(`${formatColumns(lines)}\n`, stdout);
});

test('a cell with a bar in it is two cells, each trimmed', () => {
  const { stdout } = readTranscript('cli/members-pipe-in-tag');
  const line =
    'we|127.0.7.184:7946|alive|p=a | b,h=<x&y>,e=é|Protocol Version: 5|Available Protocol Range: [2, 5]';
  assert.equal(`${formatColumns([line])}\n`, stdout);
});

test('an empty last cell leaves spaces, and code points count as one column', () => {
  assert.equal(formatColumns(['é😀|x|', 'abcd|y|z']), 'é😀    x  \nabcd  y  z');
  assert.equal(formatColumns([]), '');
  assert.equal(formatColumns(['a|b', 'longer']), 'a       b\nlonger');
});

test('JSON has two spaces, escapes what HTML would read, and leaves other text alone', () => {
  const value = {
    text: '<a href="x">é&\u2028\u2029\n',
    none: null,
    list: [],
    map: new Map(),
    n: 1,
    yes: true,
  };
  assert.equal(
    formatJson(value),
    [
      '{',
      '  "text": "\\u003ca href=\\"x\\"\\u003eé\\u0026\\u2028\\u2029\\n",',
      '  "none": null,',
      '  "list": [],',
      '  "map": {},',
      '  "n": 1,',
      '  "yes": true',
      '}',
    ].join('\n'),
  );
  assert.equal(formatJson(2n ** 63n), '9223372036854775808');
});

test('objects keep their order, maps are sorted by code point', () => {
  const tags = new Map([
    ['b', '1'],
    ['a', '2'],
    ['\u{1f600}', '3'],
    ['\uff00', '4'],
    ['10', '5'],
    ['9', '6'],
  ]);
  const keys = [...formatJson({ z: 1, a: 2, tags }).matchAll(/"(.*)":/g)].map((match) => match[1]);
  assert.deepEqual(keys, ['z', 'a', 'tags', '10', '9', 'a', 'b', '\uff00', '\u{1f600}']);
});

test('JSON of the real program is written back to the byte', () => {
  for (const name of [
    'members-json',
    'members-status-none-json',
    'members-html-in-tag-json',
    'query-noack-json',
  ]) {
    const { stdout } = readTranscript(`cli/${name}`);
    const value: JsonOutput = JSON.parse(stdout);
    assert.equal(`${formatJson(value)}\n`, stdout, name);
  }
});

test('a log line begins with the local date and time', () => {
  const at = new Date(2026, 10, 1, 3, 4, 5, 999).getTime();
  assert.equal(formatLogLine(at, '[INFO] agent: up'), '2026/11/01 03:04:05 [INFO] agent: up');
});

test('a prefix stands on the first line of a message only, and never on an empty one', () => {
  let text = '';
  const ui = createUi({ write: (part) => (text += part) }, { output: '==> ', info: '    ' });
  ui.output('a\nb');
  ui.info('c');
  ui.error('d');
  ui.output('');
  assert.equal(text, '==> a\nb\n    c\nd\n\n');
});

test('text is quoted as Go quotes it', () => {
  assert.equal(
    quote('a"b\\c\t\u0007\u007fé\u200b\u{e0001}😀'),
    String.raw`"a\"b\\c\t\a\x7fé\u200b\U000e0001😀"`,
  );
});

test('bytes that are no UTF-8 are printed by Go as escapes, in JSON as the one of U+FFFD', () => {
  const text = 'caf\udce9 \ufffd \\udce9'; // what Reeve makes of a byte, then two that only look like it
  assert.equal(quote(text), '"caf\\xe9 \ufffd \\\\udce9"');
  assert.equal(formatJson(text), '"caf\\ufffd \ufffd \\\\udce9"');
});

test('white space is what Go thinks it is', () => {
  assert.equal(trimSpace('\t\u0085\u00a0 a b \n\u3000'), 'a b');
  assert.equal(trimSpace('\ufeffa'), '\ufeffa');
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    assert.equal(trimSpace(character) === '', /\p{White_Space}/u.test(character), `U+${code.toString(16)}`);
  }
});

test('text is ordered by code point', () => {
  assert.deepEqual(['b', 'a', '', 'ab', '\u{1f600}', '\uff00'].sort(compareText), [
    '',
    'a',
    'ab',
    'b',
    '\uff00',
    '\u{1f600}',
  ]);
});

test('compact JSON has no spaces, and indented it is what MarshalIndent writes', () => {
  const value = {
    text: 'a: {"b"}, [\\',
    empty: [],
    none: {},
    list: [1, { x: null }],
    map: new Map([['<', true]]),
  };
  const compact = compactJson(value);
  assert.equal(
    compact,
    '{"text":"a: {\\"b\\"}, [\\\\","empty":[],"none":{},"list":[1,{"x":null}],"map":{"\\u003c":true}}',
  );
  assert.equal(indentJson(compact, '  '), formatJson(value));
  const indenter = new JsonIndenter('  ');
  const pieces = compact.split(/(?<=\[)(?=1)|(?=,")/); // between values
  assert.equal(pieces.map((piece) => indenter.next(piece)).join(''), formatJson(value));
});

test('control characters without a short form in Go are escaped by number', () => {
  assert.equal(compactJson('\b\f\n\u0001\\b'), '"\\u0008\\u000c\\n\\u0001\\\\b"');
});
