// The numbers a node is run with, and what is refused at start.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile } from '@reeve/memberlist';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { defaultSerfConfig, Serf, type SerfConfig } from '@reeve/serf/core';

test('the defaults are those of the original library', () => {
  const config = defaultSerfConfig(lanProfile('me'));
  assert.equal(config.protocolVersion, 4);
  assert.deepEqual(
    [config.reapIntervalMs, config.reconnectIntervalMs, config.reconnectTimeoutMs, config.tombstoneTimeoutMs],
    [15_000, 30_000, 86_400_000, 86_400_000],
  );
  assert.deepEqual([config.broadcastTimeoutMs, config.leavePropagateDelayMs], [5_000, 1_000]);
  assert.deepEqual([config.eventBufferSize, config.queryBufferSize, config.queryTimeoutMult], [512, 512, 16]);
  assert.deepEqual(
    [config.userEventSizeLimitBytes, config.querySizeLimitBytes, config.queryResponseSizeLimitBytes],
    [512, 1_024, 1_024],
  );
  assert.deepEqual([config.queueDepthWarning, config.queueDepthMax, config.queueDepthMin], [128, 4_096, 0]);
});

test('[52] what the original refuses at start is refused in its words', () => {
  refused({ protocolVersion: 1 }, "Protocol version '1' too low. Must be in range: [2, 5]");
  refused({ protocolVersion: 6 }, "Protocol version '6' too high. Must be in range: [2, 5]");
  refused({ userEventSizeLimitBytes: 9_217 }, 'user event size limit exceeds limit of 9216 bytes');
  const tags = new Map([['big', 'x'.repeat(510)]]);
  refused({ tags }, 'Encoded length of tags exceeds limit of 512 bytes');
});

test('names are validated only when wanted', () => {
  const memberlist = lanProfile('bad name');
  assert.ok(create({ memberlist }));
  refused(
    { memberlist, validateNodeNames: true },
    'Node name contains invalid characters bad name , ' +
      "Valid characters include all alpha-numerics and dashes and '.' ",
  );
  refused(
    { memberlist: lanProfile('x'.repeat(129)), validateNodeNames: true },
    'Node name is 129 characters. Valid length is between 1 and 128 characters',
  );
});

function create(overrides: Partial<SerfConfig>): Serf {
  const config = { ...defaultSerfConfig(lanProfile('me')), ...overrides };
  return new Serf(config, new VirtualWorld({ seed: 1 }).host('10.0.0.1').runtime, { onEvent() {} });
}

function refused(overrides: Partial<SerfConfig>, message: string): void {
  assert.throws(() => create(overrides), { name: 'SerfError', message });
}
