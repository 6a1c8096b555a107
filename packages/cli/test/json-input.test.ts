// JSON as Go reads it, and what Go says of what it cannot read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonError, parseFirstJson, parseWholeJson } from '@reeve/cli';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function refusal(parse: (bytes: Uint8Array) => unknown, text: string): string {
  try {
    parse(bytes(text));
  } catch (error) {
    assert(error instanceof JsonError);
    return error.message;
  }
  return 'accepted';
}

// Each measured on serf 0.9.4 with `-config-file`.
const refusals: readonly (readonly [text: string, message: string])[] = [
  ['', 'EOF'],
  [' \n', 'EOF'],
  ['{"a":1', 'unexpected EOF'],
  ['{"a', 'unexpected EOF'],
  ['{', 'unexpected EOF'],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":01}', "invalid character '1' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{"a":é}', "invalid character 'Ã' looking for beginning of value"],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a":-}', "invalid character '}' in numeric literal"],
  ['{"a":1.}', "invalid character '}' after decimal point in numeric literal"],
  ['{"a":1e}', "invalid character '}' in exponent of numeric literal"],
  ['{"a":"\n"}', "invalid character '\\n' in string literal"],
  ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
  ['{"a":"\\u12x"}', "invalid character 'x' in \\u hexadecimal character escape"],
  ['{"a":1e999}', 'json: cannot unmarshal number 1e999 into Go value of type float64'],
];

for (const [text, message] of refusals) {
  test(`${JSON.stringify(text)} is refused in the words of Go`, () => {
    assert.equal(refusal(parseFirstJson, text), message);
  });
}

test('what follows the first value is ignored, or refused where only one may stand', () => {
  assert.deepEqual(parseFirstJson(bytes(' {"a":[1,null]} trailing')), { a: [1, null] });
  assert.equal(refusal(parseWholeJson, '{} x'), "invalid character 'x' after top-level value");
  assert.deepEqual(parseWholeJson(bytes('{"a":"\\u00e9\\n"}\n')), { a: 'é\n' });
});

test('a whole text that ends too early is told in the words of json.Unmarshal', () => {
  assert.equal(refusal(parseWholeJson, ''), 'unexpected end of JSON input');
  assert.equal(refusal(parseWholeJson, '{'), 'unexpected end of JSON input');
});

test('nesting is bounded, however deep a text goes', () => {
  assert.equal(refusal(parseFirstJson, '['.repeat(1_000_000)), "invalid character '[' exceeded max depth");
  assert.equal(
    refusal(parseFirstJson, '{"a":'.repeat(1_000_000)),
    "invalid character '{' exceeded max depth",
  );
});

test('everything JSON.parse refuses is refused, and nothing else', () => {
  const alphabet = '{}[]":,0123456789.eE+-truefalsn\\u \n"a'.split('');
  let seed = 1;
  const draw = (below: number): number => {
    seed = (Math.imul(seed, 48_271) >>> 0) % 0x7fffffff;
    return seed % below;
  };
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: draw(12) }, () => alphabet[draw(alphabet.length)]).join('');
    const outcome = refusal(parseWholeJson, text);
    if (outcome.includes('cannot unmarshal number')) continue; // JSON.parse makes Infinity of it
    assert.equal(outcome === 'accepted', isJson(text), text);
  }
});

test('a key named __proto__ is an ordinary key', () => {
  const value = parseFirstJson(bytes('{"__proto__":{"polluted":true}}'));
  assert.deepEqual(Object.keys(value as object), ['__proto__']);
  assert.equal('polluted' in {}, false);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('whole numbers keep all of their digits where that is asked for, and nowhere else', () => {
  const bytes = Buffer.from('[18446744073709551615, -9007199254740993, 9007199254740991, 1e20, 1.5]');
  assert.deepEqual(parseFirstJson(bytes, 'exact'), [
    18446744073709551615n,
    -9007199254740993n,
    9007199254740991,
    1e20,
    1.5,
  ]);
  assert.deepEqual(parseFirstJson(bytes), [2 ** 64, -(2 ** 53), 2 ** 53 - 1, 1e20, 1.5]);
});
