// The order of words that go over the wire as numbers. Upstream: hashicorp/raft log.go, configuration.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logEntryTypes, suffrages } from '@reeve/raft/core';

test("the types of log entries have hashicorp/raft's numbers", () => {
  assert.equal(logEntryTypes.indexOf('command'), 0);
  assert.equal(logEntryTypes.indexOf('noop'), 1);
  assert.equal(logEntryTypes.indexOf('barrier'), 4);
  assert.equal(logEntryTypes.indexOf('configuration'), 5);
});

test('a voter is 0, a non-voter 1, a staging server 2', () => {
  assert.deepEqual([...suffrages], ['voter', 'nonvoter', 'staging']);
});
