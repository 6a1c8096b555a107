// Handlers with settings, in files that only we read.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWith, load, refusalOf } from './load-config.js';

test('an object in the place of a text gives a handler settings', async (t) => {
  const folder = await folderWith(t, {
    'etc/serf.json': `{"event_handlers": ["user=echo a", {
      "handler": "member-join=module:./h.mjs", "Options": {"file": "/x", "deep": [{}]}, "timeout": "1m30s",
      "concurrency": 2, "queue_max": 10, "when_full": "drop-oldest", "retries": 3, "retry_delay": "5s",
      "only_with_majority": true, "majority_settle": "20s"
    }, "npm:x"]}`,
  });
  const { handlers } = await load(`-config-dir=${join(folder, 'etc')}`, '-event-handler=user=npm:y');
  assert.deepEqual(handlers.scripts, [{ filter: { event: 'user', name: '' }, command: 'echo a' }]);
  const [first, second, third] = handlers.own;
  assert.deepEqual(first, {
    filters: [{ event: 'member-join', name: '' }],
    command: 'module:./h.mjs',
    module: { kind: 'file', path: join(folder, 'etc/h.mjs') },
    options: { file: '/x', deep: [{}] },
    settings: {
      timeoutMs: 90_000,
      concurrency: 2,
      queueMax: 10,
      whenFull: 'drop-oldest',
      retries: 3,
      retryDelayMs: 5_000,
      onlyWithMajority: true,
      majoritySettleMs: 20_000,
    },
  });
  assert.deepEqual(second?.module, { kind: 'package', name: 'x', directory: join(folder, 'etc') });
  assert.deepEqual(third?.module, { kind: 'package', name: 'y', directory: process.cwd() });
});

const refusals: readonly (readonly [entry: string, problem: string])[] = [
  ['{"handler":"a.sh","retry":1}', "'event_handlers[1]' has invalid keys: retry"],
  ['{"timeout":"1s"}', `'event_handlers[1]' needs a 'handler' such as "member-join=join.sh"`],
  [
    '{"handler":5}',
    "'event_handlers[1].handler' expected type 'string', got unconvertible type 'float64', value: '5'",
  ],
  ['{"handler":"npm:x","options":[]}', "'event_handlers[1].options' expected a map, got 'slice'"],
  ['5', "'event_handlers[1]' expected type 'string', got unconvertible type 'float64', value: '5'"],
];

for (const [entry, problem] of refusals) {
  test(`${entry} is refused with its place`, async (t) => {
    const folder = await folderWith(t, { 'c.json': `{"event_handlers":["a.sh",${entry}]}` });
    const file = join(folder, 'c.json');
    assert.equal(
      await refusalOf(`-config-file=${file}`),
      `Error decoding '${file}': 1 error(s) decoding:\n\n* ${problem}`,
    );
  });
}

test('a duration or a number that makes no sense is refused', async (t) => {
  const folder = await folderWith(t, {
    'a.json': '{"event_handlers":[{"handler":"a.sh","timeout":"soon"}]}',
    'b.json': '{"event_handlers":[{"handler":"a.sh","concurrency":65}]}',
  });
  assert.match(
    await refusalOf(`-config-file=${folder}/a.json`),
    /^Error decoding '.*': time: invalid duration/,
  );
  assert.equal(
    await refusalOf(`-config-file=${folder}/b.json`),
    "Invalid event handler 'a.sh' in 'event_handlers' (-event-handler): 'concurrency' must be from 1 to 64",
  );
});
