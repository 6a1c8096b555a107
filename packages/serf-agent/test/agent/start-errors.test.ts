// Every start that fails in the captures fails with ours, with the same words and exit code.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { captureNames } from '@reeve/golden';
import { folderWith } from '../config/load-config.js';
import { startAgent } from './agent-process.js';
import { Stage } from './transcripts.js';

const files = {
  'c1.json': '{"nosuch":1}',
  'c2.json': '{"node_name":',
  'c3.json': '{"retry_interval":"xx"}',
  'c4.json': '{"tags":{"a":1}}',
  'c5.json': '{"user_event_size_limit":10000}',
  'ring0.json': '[]',
  'ring1.json': '["!!!"]',
  'ring2.json': '["QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="]',
  'sf2.json': '{"syslog_facility":"NOPE"}',
  'tags1.json': '{"a":"1"}',
};

// What has to be there already, by capture: another agent on one of the capture's addresses.
const others: Readonly<Record<string, readonly [address: string, ...flags: readonly string[]]>> = {
  'agent/err-bind-in-use': ['127.0.7.32'],
  'agent/err-rpc-in-use': ['127.0.7.32'],
  'agent/err-join-encrypted-to-plain': ['127.0.7.174'],
  'agent/err-join-plain-to-encrypted': ['127.0.7.171', `-encrypt=${'QUFB'.repeat(10)}QUE=`],
  'agent/err-join-wrong-key': ['127.0.7.171', `-encrypt=${'QUFB'.repeat(10)}QUE=`],
};

const captures = captureNames('agent').filter((name) => name.startsWith('agent/err-'));
// On a machine without syslog, which the capture was taken on.
const hasSyslog = ['/dev/log', '/var/run/syslog', '/var/run/log'].some((path) =>
  statSync(path, { throwIfNoEntry: false })?.isSocket(),
);
const skipped: Readonly<Record<string, string>> = hasSyslog
  ? { 'agent/err-syslog-unavailable': 'this machine has a syslog' }
  : {};

describe('start errors', { concurrency: 4 }, () => {
  test('[71] the captures of start errors are all there', () => {
    assert.equal(captures.length, 39);
  });

  for (const capture of captures) {
    test(`[71] ${capture}`, { skip: skipped[capture] ?? false }, async (t) => {
      const stage = new Stage(await folderWith(t, files));
      const [address, ...flags] = others[capture] ?? [];
      if (address !== undefined) await startOther(t, await stage.address(address), flags);
      const { expected, outcome } = await stage.rerun(t, capture);
      assert.deepEqual(await outcome(), expected);
    });
  }
});

async function startOther(t: TestContext, address: string, flags: readonly string[]): Promise<void> {
  const other = startAgent(t, '-node=other', `-bind=${address}`, `-rpc-addr=${address}:7373`, ...flags);
  await other.printed('Log data will now stream in');
}
