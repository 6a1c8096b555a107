// Options of handlers, and what is said of wrong ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OptionReader } from '../dist/options.js';

test('options are what they are called', () => {
  const reader = new OptionReader({ file: 'a', port: 8080, all: true, list: ['x'], map: { k: 'v' } });
  assert.equal(reader.text('file'), 'a');
  assert.equal(reader.text('role', 'web'), 'web');
  assert.equal(reader.optionalText('tag'), undefined);
  assert.equal(reader.integer('port', 80, 1, 65_535), 8080);
  assert.equal(reader.boolean('all'), true);
  assert.equal(reader.boolean('none'), false);
  assert.deepEqual(reader.texts('list'), ['x']);
  assert.deepEqual(reader.textsByName('map'), { k: 'v' });
  reader.finish();
});

const refusals: readonly (readonly [
  reason: string,
  take: (reader: OptionReader) => unknown,
  value?: unknown,
])[] = [
  ["the option 'x' is missing", (reader) => reader.text('x')],
  ["the option 'x' must be a text", (reader) => reader.text('x'), ''],
  ["the option 'x' must be a text", (reader) => reader.text('x', 'initial'), 5],
  ["the option 'x' must be a whole number from 1 to 9", (reader) => reader.integer('x', 1, 1, 9), 1.5],
  ["the option 'x' must be a whole number from 1 to 9", (reader) => reader.integer('x', 1, 1, 9), 10],
  ["the option 'x' must be true or false", (reader) => reader.boolean('x'), 'yes'],
  ["the option 'x' must be a list of texts", (reader) => reader.texts('x'), ['a', 1]],
  ["the option 'x' must be an object of texts", (reader) => reader.textsByName('x'), { a: 1 }],
  ["there is no option 'x'", (reader) => reader.finish(), 1],
];

for (const [reason, take, value] of refusals) {
  test(`${JSON.stringify(value)}: ${reason}`, () => {
    assert.throws(() => take(new OptionReader(value === undefined ? {} : { x: value })), { message: reason });
  });
}
