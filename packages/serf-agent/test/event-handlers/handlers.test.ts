// What scripts get and what becomes of what they print, against the captures of the original.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { capturePath, readPlain } from '@reeve/golden';
import type { SerfEvent } from '@reeve/serf/core';
import { planHandlers } from '../../dist/event-handlers/handler-entry.js';
import { handlersOf, member, query, userEvent } from './handler-host.js';

// A script gets the agent's environment, too; the captures know of no real program for the interop tests.
for (const name of ['SERF_BIN', 'SERF_BIN_0_10']) delete process.env[name];

const beta = member('beta', '127.0.7.2', { role: 'lb' });
const delta = member('delta', '127.0.7.4', { role: 'tmp' });
const dumps: readonly (readonly [capture: string, event: SerfEvent])[] = [
  ['member-join', { kind: 'member-join', members: [beta] }],
  ['member-join-no-tags', { kind: 'member-join', members: [member('gamma', '127.0.7.3')] }],
  ['member-leave', { kind: 'member-leave', members: [beta] }],
  ['member-failed', { kind: 'member-failed', members: [delta] }],
  ['member-reap', { kind: 'member-reap', members: [delta] }],
  [
    'member-update',
    { kind: 'member-update', members: [member('gamma', '127.0.7.3', { role: 'db', x: '1', empty: '' })] },
  ],
  ['user', userEvent('deploy', 'v1.2.3', 2)],
  ['user-multiline-payload', userEvent('deploy2', 'line1\nline2\n', 3)],
  ['query', query('load', 'some payload')],
];

for (const [capture, event] of dumps) {
  test(`[72] environment and standard input of ${capture} equal the capture`, async (t) => {
    const folder = scriptFolder(t, 'handler.sh');
    const { handlers, logged } = await handlersOf(`*=${join(folder, 'handler.sh')}`);
    handlers.onEvent(event);
    await logged('script output');
    const [dump = ''] = readdirSync(join(folder, 'hd'));
    const expected = readPlain(`handler/dump-${capture}`).text.replaceAll('DIR/', `${folder}/`);
    assert.equal(
      readFileSync(join(folder, 'hd', dump), 'utf8'),
      expected.replace('cwd: DIR\n', `cwd: ${process.cwd()}\n`),
    );
  });
}

test('each member of a coalesced event has a line of its own', async () => {
  const { handlers, lines, logged } = await handlersOf('member-join=cat');
  const members = [member('x3', '127.0.7.113'), member('x2', 'fe80::1', { b: '2', a: '1' })];
  handlers.onEvent({ kind: 'member-join', members });
  await logged('script output');
  assert.match(lines.join('\n'), /output: x3\t127\.0\.7\.113\t\t\nx2\tfe80::1\t\tb=2,a=1\n$/);
});

test('tabs and line ends in what a member says of itself cannot forge columns or lines', async () => {
  const { handlers, lines, logged } = await handlersOf('cat');
  handlers.onEvent({
    kind: 'member-update',
    members: [member('e\tvil\n', '127.0.0.1', { role: 'a\tb', 'k\n': 'v' })],
  });
  await logged('script output');
  assert.match(lines.join('\n'), /output: e\\tvil\\n\t127\.0\.0\.1\ta\\tb\trole=a\\tb,k\\n=v\n$/);
});

const outcomes: readonly (readonly [name: string, answers: readonly string[], ...logs: readonly string[]])[] =
  [
    ['slow', ['done-slow\n'], "[WARN] agent: Script 'SCRIPT' slow, execution exceeding 1s"],
    ['fail', [], "[ERR] agent: Error invoking script 'SCRIPT': exit status 3"],
    ['err', ['on-stderr\non-stdout\n']],
    ['empty', [], "[DEBUG] agent: Event 'query' script output: "],
    ['nosuch', []],
    ['kill', [], "[ERR] agent: Error invoking script 'SCRIPT': signal: killed"],
    ['huge', [`${'y'.repeat(8187)}TAIL\n`]],
  ];

for (const [name, answers, ...logs] of outcomes) {
  test(`[73] query handler outcome: ${name}`, async (t) => {
    const script = `exec ${join(scriptFolder(t, 'slow.sh'), 'slow.sh')}`;
    const { handlers, lines, logged } = await handlersOf(`query=${script}`);
    const asked = query(name);
    handlers.onEvent(asked);
    handlers.onEvent(query('empty')); // comes after everything the first one does
    await logged('script output', 2);
    assert.deepEqual(asked.answers, answers);
    for (const line of logs) assert(lines.includes(line.replace('SCRIPT', script)), lines.join('\n'));
  });
}

test('[73] an answer that is refused is told in the log', async (t) => {
  const script = join(scriptFolder(t, 'slow.sh'), 'slow.sh');
  const { handlers, lines, logged } = await handlersOf(script);
  const refuse = (): never => {
    throw new Error('response exceeds limit of 1024 bytes');
  };
  handlers.onEvent(query('big', '', refuse));
  await logged('Failed to respond');
  assert.equal(
    lines.at(-1),
    "[WARN] agent: Failed to respond to query 'query: big': response exceeds limit of 1024 bytes",
  );
});

test('filters choose by kind and exact name, and scripts run in configured order', async () => {
  const { handlers, lines, logged } = await handlersOf(
    'user:deploy,query:deploy=echo one',
    'user=echo two',
    'query:other=echo three',
    '*=echo all',
  );
  handlers.onEvent(userEvent('deploy', ''));
  handlers.onEvent(query('deploy'));
  handlers.onEvent(userEvent('Deploy', ''));
  handlers.onEvent({ kind: 'member-reap', members: [beta] });
  await logged('script output: all', 4);
  assert.deepEqual(outputs(lines), ['one', 'two', 'all', 'one', 'all', 'two', 'all', 'all']);
});

test('one event is handled at a time, and replaced scripts serve from the next one on', async (t) => {
  const go = join(scriptFolder(t), 'go');
  const { handlers, lines, logged } = await handlersOf(`until [ -e ${go} ]; do sleep 0.02; done; echo old`);
  handlers.onEvent(userEvent('a', ''));
  handlers.onEvent(userEvent('b', ''));
  await handlers.replace(planHandlers(['echo new']));
  writeFileSync(go, '');
  await logged('script output', 2);
  assert.deepEqual(outputs(lines), ['old', 'new']);
});

test('events beyond the bound of those that wait are dropped, each with a line', async () => {
  const { handlers, lines } = await handlersOf('sleep 5');
  for (let event = 0; event < 515; event++) handlers.onEvent(userEvent(`e${event}`, ''));
  assert.deepEqual(lines, [
    '[WARN] agent: Dropping user-event: e513: 512 events wait for handlers',
    '[WARN] agent: Dropping user-event: e514: 512 events wait for handlers',
  ]);
  await handlers.close();
});

test('after close nothing is run and nothing is logged', async (t) => {
  const folder = scriptFolder(t);
  const { handlers, lines } = await handlersOf(`read go; touch ${join(folder, 'ran')}; echo x`);
  handlers.onEvent(userEvent('first', ''));
  handlers.onEvent(userEvent('second', ''));
  await handlers.close();
  handlers.onEvent(userEvent('third', ''));
  const other = await handlersOf('echo done');
  other.handlers.onEvent(userEvent('x', ''));
  await other.logged('done');
  assert.deepEqual(lines, []);
});

test('a name with a zero byte, which no environment can hold, is an error in the log', async () => {
  const { handlers, lines, logged } = await handlersOf('echo run');
  handlers.onEvent(userEvent('a\0b', ''));
  handlers.onEvent(userEvent('c', ''));
  await logged('output: run');
  assert.match(lines.join('\n'), /\[ERR\] agent: Error invoking script 'echo run': .*null bytes/);
});

/** What scripts have printed; on a busy machine there may be lines between, about slow ones. */
function outputs(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => /output: (.*)\n/.exec(line)?.[1] ?? []);
}

function scriptFolder(t: TestContext, script?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  if (script === undefined) return folder;
  const text = readFileSync(capturePath(`handler/${script}`), 'utf8');
  writeFileSync(join(folder, script), text.replaceAll('DIR', folder));
  chmodSync(join(folder, script), 0o755);
  return folder;
}
