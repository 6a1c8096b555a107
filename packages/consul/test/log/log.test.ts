// The log: as text and JSON, in files that are replaced, and followed by others.

import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AgentLog } from '../../dist/log/agent-log.js';
import { LogFile } from '../../dist/log/log-file.js';
import { formatLine } from '../../dist/log/log-line.js';
import { scratchFolder, startAgent } from '../kit/run-agent.ts';

const isUp = 'Consul agent running!\n';
const atMs = Date.UTC(2026, 10, 22, 8, 44, 0) + 510.769;

/** A line's text, and what JSON makes of it. */
const lines: readonly (readonly [text: string, message: string, module: string, fields: string])[] = [
  ['agent: Exit code: code=1', 'Exit code', 'agent', ',"code":1'],
  ['serf: EventMemberJoin: vm 127.0.0.1', 'serf: EventMemberJoin: vm 127.0.0.1', 'agent.server.serf.lan', ''],
  [
    'agent: Started DNS server: network=udp address=127.64.1.2:8600',
    'Started DNS server',
    'agent',
    ',"address":"127.64.1.2:8600","network":"udp"',
  ],
  [
    'agent: Failed to run watch handler: watch_handler="exit 3" error="exec: "x": not found" last=',
    'Failed to run watch handler',
    'agent',
    ',"error":"exec: \\"x\\": not found","last":"","watch_handler":"exit 3"',
  ],
  [
    'agent: watch handler output: watch_handler=[sh, -c, "a b"] output="two\nlines"',
    'watch handler output',
    'agent',
    ',"output":"two\\nlines","watch_handler":"[sh, -c, \\"a b\\"]"',
  ],
];

test('a line as JSON: level, message, module, time to the microsecond, and its fields by name', () => {
  for (const [text, message, module, fields] of lines) {
    const head = `"@level":"info","@message":"${message}","@module":"${module}"`;
    const expected = `{${head},"@timestamp":"2026-11-22T08:44:00.510769Z"${fields}}`;
    assert.equal(formatLine({ level: 'info', text, atMs }, 'json'), expected);
  }
});

test('a name with a line break begins no line that looks like another of the log', () => {
  const name = 'a\n    2026-11-21T19:56:04.510Z [ERROR] agent: b\r2026-11-21T19:56:04.510Z c\n\t* d';
  const line = formatLine({ level: 'info', text: `agent: Synced service: service=${name}`, atMs: 0 }, 'text');
  assert.equal(
    line,
    '1970-01-01T00:00:00.000Z [INFO]  agent: Synced service: service=a\n  |     2026-11-21T19:56:04.510Z ' +
      '[ERROR] agent: b\r  | 2026-11-21T19:56:04.510Z c\n\t* d',
  );
});

test('an agent whose log is JSON says nothing else', async (t) => {
  const run = await startAgent(t, '-dev', '-log-json');
  await run.printed('"@message":"cluster leadership acquired","@module":"agent.server"');
  for (const line of run.stdout.trimEnd().split('\n')) JSON.parse(line);
});

test('a file that is full, or old, is followed by another, and the oldest go', (t) => {
  const folder = scratchFolder(t);
  let nowMs = 1_700_000_000_000;
  const file = new LogFile({
    path: join(folder, 'agent.txt'),
    bytesMax: 10,
    durationMs: 60_000,
    filesMax: 2,
    now: () => nowMs,
  });
  const names = () => readdirSync(folder).sort();
  file.write('123456789');
  assert.deepEqual(names(), ['agent-1700000000000000000.txt']);
  nowMs += 1;
  file.write('second');
  assert.deepEqual(names(), ['agent-1700000000000000000.txt', 'agent-1700000000001000000.txt']);
  nowMs += 60_000;
  file.write('third');
  nowMs += 60_000;
  file.write('fourth');
  assert.deepEqual(
    names().map((name) => readFileSync(join(folder, name), 'utf8')),
    ['second\n', 'third\n', 'fourth\n'],
  );
});

test('while no other file can be begun lines are lost, and nobody else gets them', (t) => {
  const folder = join(scratchFolder(t), 'log');
  mkdirSync(folder);
  let nowMs = 1_700_000_000_000;
  const now = () => nowMs++;
  const path = join(folder, 'agent.txt');
  const file = new LogFile({ path, bytesMax: 5, durationMs: 60_000, filesMax: 0, now });
  file.write('first');
  rmSync(folder, { recursive: true });
  file.write('second');
  const other = join(folder, '..', 'other');
  const others = openSync(other, 'w'); // as a rule under the number that the first file had
  file.write('third');
  closeSync(others);
  assert.equal(readFileSync(other, 'utf8'), '');
  mkdirSync(folder);
  file.write('fourth');
  assert.deepEqual(
    readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')),
    ['fourth\n'],
  );
});

test('lines have the date that the clock has been set to', (t) => {
  const written: string[] = [];
  const log = new AgentLog('info', 'text', [(line) => void written.push(line)]);
  const set = Date.UTC(2031, 0, 1);
  log.write('info', 'agent: before');
  t.mock.timers.enable({ apis: ['Date'], now: set });
  log.write('info', 'agent: after');
  t.mock.timers.reset();
  log.write('info', 'agent: back');
  const [, after = '', back = ''] = written;
  assert.equal(Math.round((Date.parse(after.slice(0, 24)) - set) / 10_000), 0, after);
  assert.equal(Math.round((Date.parse(back.slice(0, 24)) - Date.now()) / 10_000), 0, back);
});

test('log_file names a file or a directory; one that cannot be made ends the start', async (t) => {
  const folder = scratchFolder(t);
  const run = await startAgent(t, '-dev', `-log-file=${folder}/`);
  await run.printed(isUp);
  const [name = ''] = readdirSync(folder);
  assert.match(name, /^consul-\d{19}\.log$/);
  assert.match(readFileSync(join(folder, name), 'utf8'), /^\d{4}-.*Z \[INFO\] {2}agent: Started DNS server/m);
  const failing = await startAgent(t, '-dev', `-log-file=${folder}/no/such`);
  assert.equal(await failing.ended, 1);
  const pattern = /^==> Failed to setup logging: open .*\/no\/such-\d+\.log: no such file or directory\n$/;
  assert.match(failing.stderr, pattern);
});

test('monitor streams the log at a level of its own, as text and as JSON', async (t) => {
  const run = await startAgent(t, '-dev', '-log-level=err');
  await run.printed(isUp);
  const [text, json] = [await run.follow('/v1/agent/monitor'), await run.follow('/v1/agent/monitor?logjson')];
  await run.ask('PUT /v1/agent/service/register', '{"Name":"web"}');
  await text.printed(/^\d{4}-\S+Z \[INFO\] {2}agent: Synced service: service=web\n/m);
  await json.printed(
    /^\{"@level":"info","@message":"Synced service","@module":"agent",.*"service":"web"\}\n/m,
  );
  assert.doesNotMatch(text.body, /\[DEBUG\]/);
  assert.doesNotMatch(run.stdout, /\[INFO\]/);
  const refused = await run.ask('GET /v1/agent/monitor?loglevel=nosuch');
  assert.deepEqual(refused, { status: 400, text: 'Bad request: Unknown log level: nosuch' });
});
