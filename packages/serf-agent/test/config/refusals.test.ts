// Files that are not understood. Texts: golden captures where there is one, else measured on serf 0.9.4.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readTranscript } from '@reeve/golden';
import { folderWith, refusalOf } from './load-config.js';

// The captures do not hold the files; these are the smallest that give the same answer.
const captures: readonly (readonly [capture: string, files: Readonly<Record<string, string>>])[] = [
  ['err-config-unknown-key', { 'c1.json': '{"nosuch":1}' }],
  ['err-config-bad-json', { 'c2.json': '{"node_name":' }],
  ['err-config-bad-duration', { 'c3.json': '{"retry_interval":"xx"}' }],
  ['err-config-wrong-type', { 'c4.json': '{"tags":{"a":1}}' }],
  ['err-config-missing', {}],
  ['err-retry-interval-bad', {}],
  ['err-tag', {}],
  ['err-event-handler-type', {}],
  ['err-event-handler-type-named', {}],
];

for (const [capture, files] of captures) {
  test(`[71] ${capture}: the one sentence of the original`, async (t) => {
    const { argv, stdout } = readTranscript(`agent/${capture}`);
    const folder = await folderWith(t, files);
    const refusal = await refusalOf(...argv.slice(1).map((word) => word.replace('DIR', folder)));
    assert.equal(`==> ${refusal.replaceAll(folder, 'DIR')}\n`, stdout);
  });
}

const types: readonly (readonly [json: string, ...problems: string[]])[] = [
  ['{"start_join":"x"}', "'start_join': source data must be an array or slice, got string"],
  ['{"start_join":{}}', "'start_join': source data must be an array or slice, got map"],
  ['{"tags":[1]}', "'tags' expected a map, got 'slice'"],
  [
    '{"retry_interval":5}',
    "'retry_interval' expected type 'string', got unconvertible type 'float64', value: '5'",
  ],
  [
    '{"node_name":1e6}',
    "'node_name' expected type 'string', got unconvertible type 'float64', value: '1e+06'",
  ],
  [
    '{"node_name":999999}',
    "'node_name' expected type 'string', got unconvertible type 'float64', value: '999999'",
  ],
  [
    '{"node_name":1e-7}',
    "'node_name' expected type 'string', got unconvertible type 'float64', value: '1e-07'",
  ],
  ['{"node_name":true}', "'node_name' expected type 'string', got unconvertible type 'bool', value: 'true'"],
  [
    '{"node_name":[1,"a"]}',
    "'node_name' expected type 'string', got unconvertible type '[]interface {}', value: '[1 a]'",
  ],
  [
    '{"role":{"B":null}}',
    "'role' expected type 'string', got unconvertible type 'map[string]interface {}', value: 'map[B:<nil>]'",
  ],
  [
    '{"start_join":[1,"a",2]}',
    "'start_join[0]' expected type 'string', got unconvertible type 'float64', value: '1'",
    "'start_join[2]' expected type 'string', got unconvertible type 'float64', value: '2'",
  ],
  [
    '{"protocol":"x","replay_on_join":1,"bogus":1,"aaa":2,"retry_interval":"xx"}',
    "'' has invalid keys: aaa, bogus",
    "'protocol' expected type 'int', got unconvertible type 'string', value: 'x'",
    "'replay_on_join' expected type 'bool', got unconvertible type 'float64', value: '1'",
  ],
  ['{"node_name":"a","NODE_NAME":"b"}', "'' has invalid keys: NODE_NAME"],
  [
    '{"mdns":{"iface":"lo"},"leave_on_interrupt":true}',
    "'' has invalid keys: leave_on_interrupt",
    "'mdns' has invalid keys: iface",
  ],
];

for (const [json, ...problems] of types) {
  test(`${json} is refused with everything that is wrong`, async (t) => {
    const points = problems.map((problem) => `* ${problem}`);
    await expectRefusal(t, json, `${points.length} error(s) decoding:\n\n${points.join('\n')}`);
  });
}

for (const [json, kind] of [
  ['[]', 'slice'],
  ['1', 'float64'],
  ['"x"', 'string'],
  ['true', 'bool'],
] as const) {
  test(`a file of ${json} is refused`, (t) => expectRefusal(t, json, `'' expected a map, got '${kind}'`));
}

test('of several durations that cannot be read the first of the table is told', (t) =>
  expectRefusal(
    t,
    '{"broadcast_timeout":"x","tombstone_timeout":"5","reconnect_timeout":"5x"}',
    'time: unknown unit "x" in duration "5x"',
  ));

async function expectRefusal(t: TestContext, json: string, message: string): Promise<void> {
  const file = join(await folderWith(t, { 'c.json': json }), 'c.json');
  assert.equal(await refusalOf(`-config-file=${file}`), `Error decoding '${file}': ${message}`);
}
