// What may go into the log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthCheckCodec } from '../../dist/core/wire/health-check.js';
import { nodeCoordinateCodec } from '../../dist/core/wire/records.js';
import { registerRequestCodec } from '../../dist/core/wire/write-requests.js';
import { catalog } from '../../dist/rpc/methods/index.js';
import { apply } from '../../dist/server/apply.js';
import { startLoneServer } from '../kit/lone-server.js';

test('what could not be read again is refused before it is in the log', () => {
  const { context, consensus } = startLoneServer();
  const before = consensus.index;
  const request = Array.from({ length: 65_537 }, () => nodeCoordinateCodec.zero());
  assert.throws(() => apply(context, { type: 'coordinates', request }), /65537 elements, the limit is 65536/);
  assert.equal(consensus.index, before);
});

test('a registration with more checks than can be applied at once is refused', async () => {
  const { caller, consensus } = startLoneServer();
  const before = consensus.index;
  const check = healthCheckCodec.zero();
  const checks = Array.from({ length: 8_193 }, (_, at) => ({ ...check, checkId: `${at}` }));
  const request = { ...registerRequestCodec.zero(), node: 'n', address: '10.0.0.7', checks };
  await assert.rejects(async () => caller.call(catalog.register, request), /Too many checks/);
  assert.equal(consensus.index, before);
});
