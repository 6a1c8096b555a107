// Levels, the gate before the banner, the backlog and subscriptions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentLog } from '../../dist/log/agent-log.js';
import { invalidLogLevelText, parseLogLevel } from '../../dist/log/log-level.js';

function logAt(level: 'trace' | 'debug' | 'info' | 'warn' | 'err') {
  const shown: string[] = [];
  return { shown, log: new AgentLog(level, (text) => shown.push(text)) };
}

const dated = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /;

test('a line has the local date, the level in brackets and the text', () => {
  const { shown, log } = logAt('info');
  log.openGate();
  const before = new Date();
  log.write('warn', 'agent: two\nlines\n');
  const [line = ''] = shown;
  assert.match(line, dated);
  assert(Math.abs(new Date(line.slice(0, 19)).getTime() - before.getTime()) < 2_000);
  assert.equal(line.replace(dated, ''), '[WARN] agent: two\nlines');
});

test('each line has the second in which it was logged', (t) => {
  const { shown, log } = logAt('info');
  log.openGate();
  const startMs = new Date(2026, 10, 22, 23, 59, 58).getTime();
  t.mock.timers.enable({ apis: ['Date'], now: startMs });
  for (const atMs of [0, 999, 1000, 2000, 1000]) {
    t.mock.timers.setTime(startMs + atMs);
    log.write('info', 'x');
  }
  assert.deepEqual(
    shown.map((line) => line.replace(' [INFO] x', '')),
    [
      '2026/11/22 23:59:58',
      '2026/11/22 23:59:58',
      '2026/11/22 23:59:59',
      '2026/11/23 00:00:00',
      '2026/11/22 23:59:59',
    ],
  );
});

test('lines wait for the gate, in order, and are shown at once when it is open', () => {
  const { shown, log } = logAt('info');
  log.write('info', 'first');
  log.write('err', 'second');
  assert.equal(shown.length, 0);
  log.openGate();
  log.write('info', 'third');
  assert.deepEqual(
    shown.map((line) => line.replace(dated, '')),
    ['[INFO] first', '[ERR] second', '[INFO] third'],
  );
});

test('lines below the level are not shown, also after the level was changed', () => {
  const { shown, log } = logAt('warn');
  log.openGate();
  log.write('info', 'hidden');
  log.level = 'debug';
  log.write('debug', 'shown');
  log.write('trace', 'hidden');
  assert.deepEqual(
    shown.map((line) => line.replace(dated, '')),
    ['[DEBUG] shown'],
  );
});

test('a subscriber gets the last 512 lines of all levels, then every line until it stops', () => {
  const { log } = logAt('err');
  for (let line = 0; line < 600; line++) log.write('trace', `line ${line}`);
  const heard: string[] = [];
  const { backlog, stop } = log.subscribe(({ level, text }) =>
    heard.push(`${level} ${text.replace(dated, '')}`),
  );
  assert.equal(backlog.length, 512);
  assert.match(backlog[0]?.text ?? '', /\[TRACE\] line 88$/);
  assert.match(backlog[511]?.text ?? '', /\[TRACE\] line 599$/);
  log.write('debug', 'live');
  stop();
  log.write('debug', 'too late');
  assert.deepEqual(heard, ['debug [DEBUG] live']);
});

test('what waits at the gate is bounded', () => {
  const { shown, log } = logAt('info');
  for (let line = 0; line < 5_000; line++) log.write('info', `line ${line}`);
  log.openGate();
  assert.equal(shown.length, 4_096);
  assert.match(shown[0] ?? '', /line 0$/);
});

test('levels are read in any case, and an unknown one is told with those there are', () => {
  assert.equal(parseLogLevel('WaRn'), 'warn');
  assert.equal(parseLogLevel('loud'), undefined);
  assert.equal(
    invalidLogLevelText('loud'),
    'Invalid log level: LOUD. Valid log levels are: [TRACE DEBUG INFO WARN ERR]',
  );
});
