// What may go into the log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeCoordinateCodec } from '../../dist/core/wire/records.js';
import { apply } from '../../dist/server/apply.js';
import { startLoneServer } from '../kit/lone-server.js';

test('what could not be read again is refused before it is in the log', async () => {
  const { context, consensus } = startLoneServer();
  const before = consensus.index;
  const request = Array.from({ length: 65_537 }, () => nodeCoordinateCodec.zero());
  const written = apply(context, { type: 'coordinates', request });
  await assert.rejects(written, /65537 elements, the limit is 65536/);
  assert.equal(consensus.index, before);
});
