// HCL 1, as the original's reader understands it. Positions and words were taken from the real program.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeText } from '@reeve/bytes';
import { readHcl } from '../../dist/config/hcl/read-hcl.js';

function read(text: string) {
  return readHcl(encodeText(text));
}

test('T1-8: blocks are lists, since they may be repeated', () => {
  assert.deepEqual(read('ports { http = 1 }'), { ports: [{ http: 1 }] });
  assert.deepEqual(read('a = { b = 1 } a { b = 2 }'), { a: [{ b: 1 }, { b: 2 }] });
  assert.deepEqual(read('a = [{ b = 1 }, { c { d = 2 } }]'), { a: [{ b: 1 }, { c: [{ d: 2 }] }] });
});

test('T1-8: labels are keys of blocks inside, and gather the blocks of one name', () => {
  assert.deepEqual(read('service "a" { b = 1 } x = 2 service "c" { d = 3 }'), {
    service: [{ a: [{ b: 1 }] }, { c: [{ d: 3 }] }],
    x: 2,
  });
});

test('T1-8: the later of two values wins, and lists grow', () => {
  assert.deepEqual(read('a = 1 a = 2 b = ["x"] b = ["y"]'), { a: 2, b: ['x', 'y'] });
});

test('T1-8: literals of every kind mean what they mean to the original', () => {
  assert.deepEqual(
    read('a = 0x1F b = 010 c = -3 d = 1.5e3 e = true f = "\\u00e9\\n\\"" g = "$' + '{x "y"}"'),
    {
      a: 31,
      b: 8,
      c: -3,
      d: 1500,
      e: true,
      f: 'é\n"',
      g: '$' + '{x "y"}',
    },
  );
});

test('T1-8: a here-document is its lines; with a dash without what its end is indented by', () => {
  assert.deepEqual(read('a = <<EOF\n x\n  y\nEOF\nb = 1'), { a: ' x\n  y\n', b: 1 });
  assert.deepEqual(read('a = <<-EOF\n  x\n    y\n  EOF\n'), { a: 'x\n  y\n' });
});

test('T1-8: comments of three kinds are skipped', () => {
  assert.deepEqual(read('# a\n// b\n/* c\n*/ d = 1 # e'), { d: 1 });
});

test('T1-8: what begins with a brace is JSON', () => {
  assert.deepEqual(read(' {"a": {"b": [1]}}'), { a: { b: [1] } });
});

test('a key may be called __proto__', () => {
  assert.deepEqual(Object.keys(read('__proto__ = 1') as object), ['__proto__']);
});

const complaints: readonly (readonly [text: string, complaint: string])[] = [
  ['a "b" = 1', 'At 1:7: nested object expected: LBRACE got: ASSIGN'],
  ['a { b = 1', 'At 1:13: object expected closing RBRACE got: EOF'],
  ['a', "At 1:3: key 'a' expected start of object ('{') or assignment ('=')"],
  ['a = [1 2]', 'At 1:8: error parsing list, expected comma or list end, got: NUMBER'],
  ['a = [b]', 'At 1:6: unexpected token while parsing list: IDENT'],
  ['a = "x\ny"', 'At 2:3: literal not terminated'],
  ['= 1', 'At 1:1: no object keys found!'],
  ['a = 09', 'strconv.ParseInt: parsing "09": invalid syntax'],
  ['a = 99999999999999999999', 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
  ['a = ["b"] a = "c"', 'At 1:15: unknown slice type: *ast.LiteralType'],
];
for (const [text, complaint] of complaints) {
  test(`T1-8: ${complaint}`, () => {
    assert.throws(() => read(text), { message: complaint });
  });
}

test('nesting has an end', () => {
  assert.throws(() => read('a = '.padEnd(100_000, '[')), /exceeded max depth/);
  assert.throws(() => read('a {'.repeat(100_000)), /exceeded max depth/);
});
