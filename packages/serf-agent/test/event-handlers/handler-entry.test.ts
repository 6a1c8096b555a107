// Handlers as configurations name them: scripts, packages and files.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HandlerEntry, placeEntry, planHandlers } from '../../dist/event-handlers/handler-entry.js';

function planned(...entries: readonly HandlerEntry[]) {
  const { scripts, own } = planHandlers(entries);
  return { scripts: scripts.map(({ command }) => command), own };
}

test('plain texts share the queue of the original, whatever is in them', () => {
  for (const script of [
    'join.sh',
    './npm:x',
    'exec module:y',
    'echo npm:z',
    'NPM:x',
    'npm run x',
    'user:npm',
  ])
    assert.deepEqual(planned(script), { scripts: [script], own: [] });
});

test('npm: names a package and module: a file, which begins at the configuration file', () => {
  const { scripts, own } = planned(
    'member-join,user:deploy=npm:@scope/handlers/haproxy',
    placeEntry('npm:reeve-handler-x', '/etc/serf'),
    placeEntry('query=module:./my handlers/a=b.mjs', '/etc/serf'),
    placeEntry('user=module:/opt/h.mjs', '/etc/serf'),
  );
  assert.deepEqual(scripts, []);
  assert.deepEqual(
    own.map(({ module }) => module),
    [
      { kind: 'package', name: '@scope/handlers/haproxy', directory: process.cwd() },
      { kind: 'package', name: 'reeve-handler-x', directory: '/etc/serf' },
      { kind: 'file', path: '/etc/serf/my handlers/a=b.mjs' },
      { kind: 'file', path: '/opt/h.mjs' },
    ],
  );
  assert.deepEqual(own[0]?.filters, [
    { event: 'member-join', name: '' },
    { event: 'user', name: 'deploy' },
  ]);
  assert.deepEqual(own[1]?.filters, [{ event: '*', name: '' }]);
});

test('a place changes nothing about a script', () => {
  assert.equal(placeEntry('member-join=join.sh', '/etc/serf'), 'member-join=join.sh');
});

test('a script has no time limit unless it is given one, a module has a minute', () => {
  const { own } = planned({ handler: 'a.sh' }, 'npm:b', { handler: 'npm:c', timeoutMs: 0, retries: 3 });
  assert.deepEqual(
    own.map(({ settings }) => [settings.timeoutMs, settings.retries, settings.concurrency]),
    [
      [0, 0, 1],
      [60_000, 0, 1],
      [0, 3, 1],
    ],
  );
});

const refusals: readonly (readonly [entry: HandlerEntry, reason: string])[] = [
  ['npm:../x', "is not the name of a package; a file is written 'module:./handler.mjs'"],
  ['npm:', "is not the name of a package; a file is written 'module:./handler.mjs'"],
  ['npm:x --flag', "is not the name of a package; a file is written 'module:./handler.mjs'"],
  ['module:', "names no file; write 'module:./handler.mjs'"],
  [{ handler: 'a.sh', options: {} }, "'options' are for modules only"],
  [{ handler: 'a.sh', concurrency: 0 }, "'concurrency' must be from 1 to 64"],
  [{ handler: 'a.sh', queueMax: 1e9 }, "'queue_max' must be from 1 to 100000"],
  [{ handler: 'a.sh', retries: Number.NaN }, "'retries' must be from 0 to 100"],
  [{ handler: 'a.sh', timeoutMs: -1 }, "'timeout' must be from 0s to 24h"],
  [
    { handler: 'a.sh', whenFull: 'burst' as 'drop-oldest' },
    "'when_full' must be 'drop-newest' or 'drop-oldest'",
  ],
];

for (const [entry, reason] of refusals) {
  const command = typeof entry === 'string' ? entry : entry.handler;
  test(`${JSON.stringify(entry)} is refused: ${reason}`, () => {
    const message = `Invalid event handler '${command}' in 'event_handlers' (-event-handler): ${reason}`;
    assert.throws(() => planned(entry), { message });
  });
}

test('a filter is judged in the words of the original, of modules too', () => {
  assert.throws(() => planned('foo=npm:x'), {
    message: "Invalid event script: Event 'foo' invoking 'npm:x'",
  });
});
