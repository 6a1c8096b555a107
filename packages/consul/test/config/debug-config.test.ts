// The configuration as agent/self shows it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatJson } from '@reeve/cli';
import { readPlain } from '@reeve/golden';
import { debugConfig } from '../../dist/config/debug-config.js';
import { loadSettings, loadText } from '../kit/load-text.js';

test('T1-4: a development agent shows all settings that the original shows, with its values', async () => {
  const { text } = readPlain('http/agent/self', 'consul');
  const { DebugConfig: captured } = JSON.parse(text.slice(text.indexOf('{\n')));
  const { config } = await loadText(
    {},
    {
      devMode: true,
      flagValues: [
        { nodeName: 'dev1', nodeId: captured.NodeID, enableScriptChecks: true, disableCoordinates: false },
      ],
    },
  );
  assert.deepEqual(JSON.parse(formatJson(debugConfig(config))), captured);
});

test('secrets of services, checks, watches and joins are hidden', async () => {
  const { config } = await loadSettings({
    encrypt: 'c2VzYW1lc2VzYW1lc2VzYQ==',
    service: {
      name: 'web',
      token: 'sesame',
      meta: { api_key: 'sesame' },
      check: { ttl: '1s', token: 'sesame' },
    },
    check: {
      name: 'a',
      http: 'http://x',
      interval: '1s',
      header: { 'X-Token': ['sesame'] },
      token: 'sesame',
    },
    watches: [{ type: 'key', key: 'k', token: 'sesame' }],
    retry_join: ['provider=aws secret_access_key=sesame tag_key=sesame'],
    acl: { tokens: { agent: 'sesame', master: 'sesame' } },
    telemetry: { circonus_api_token: 'sesame' },
  });
  const shown = formatJson(debugConfig(config));
  assert.doesNotMatch(shown, /sesame|c2Vz/);
  assert.match(shown, /provider=aws secret_access_key=hidden tag_key=hidden/);
});
