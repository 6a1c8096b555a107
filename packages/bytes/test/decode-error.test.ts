// What errors of decoders carry, and what they do not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError, TruncatedError } from '@reeve/bytes';

test('a decode error carries no stack, and leaves those of other errors alone', () => {
  const error = new DecodeError('malformed', 'not a map');
  assert.equal(error.stack, 'DecodeError: not a map');
  assert.match(new Error('other').stack ?? '', /decode-error\.test/);
});

test('a truncation is a decode error that says how many bytes are needed', () => {
  const error = new TruncatedError(12);
  assert.ok(error instanceof DecodeError);
  assert.equal(error.code, 'truncated');
  assert.equal(error.needed, 12);
});
