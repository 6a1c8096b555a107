// Syslog, with the machine's own `logger` and receivers that stand for the daemon.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readPlain } from '@reeve/golden';
import type { LogLevel } from '@reeve/runtime';
import { AgentLog } from '../../dist/log/agent-log.js';
import { Syslog } from '../../dist/log/syslog.js';
import { folderWith } from '../config/load-config.js';
import { until } from '../until.js';

const withLogger = { skip: !saysUtilLinux() && 'there is no logger of util-linux here' };
const withPerl = { skip: withLogger.skip || (!hasPerl() && 'there is no perl here to receive datagrams') };

test(
  '[80] datagrams carry priority, tag and process, and no level: as in the capture',
  withPerl,
  async (t) => {
    const daemon = await datagramDaemon(t);
    const log = new AgentLog('debug', () => {});
    const syslog = await open(log, daemon.socket, 'LOCAL3');
    const captured = readPlain('agent/syslog-datagrams').text.trim().split('\n').map(messageOfCapture);
    for (const line of captured) log.write('info', line.replace(/^.*?: /, ''));
    await syslog.close();
    await daemon.received(captured.length);
    assert.deepEqual(daemon.messages.map(withoutDate), captured);
  },
);

test(
  '[80] each level has its severity, and the level of the log decides what is sent',
  withLogger,
  async (t) => {
    const daemon = await streamDaemon(t);
    const log = new AgentLog('trace', () => {});
    const syslog = await open(log, daemon.socket, 'daemon');
    const writeAll = (): void => {
      for (const level of ['trace', 'debug', 'info', 'warn', 'err'] satisfies LogLevel[])
        log.write(level, level);
    };
    writeAll();
    log.level = 'warn'; // as after a reload
    writeAll();
    await syslog.close();
    log.write('err', 'too late');
    await daemon.received(7);
    assert.deepEqual(daemon.messages.map(withoutDate), [
      '<31>serf[PID]: trace',
      '<30>serf[PID]: debug',
      '<29>serf[PID]: info',
      '<28>serf[PID]: warn',
      '<27>serf[PID]: err',
      '<28>serf[PID]: warn',
      '<27>serf[PID]: err',
    ]);
  },
);

test('a text of several lines becomes several messages, brackets and bytes stay', withLogger, async (t) => {
  const daemon = await streamDaemon(t);
  const log = new AgentLog('info', () => {});
  const syslog = await open(log, daemon.socket, 'LOCAL0');
  log.write('warn', 'agent: error joining: 1 error occurred:\n\t* [x] <0>é\udcff\n\n');
  await syslog.close();
  await daemon.received(2);
  assert.deepEqual(daemon.messages.map(withoutDate), [
    '<132>serf[PID]: agent: error joining: 1 error occurred:',
    '<132>serf[PID]: \t* [x] <0>é\ufffd',
  ]);
});

test('after a restart of the daemon lines arrive again', withPerl, async (t) => {
  const daemon = await datagramDaemon(t);
  const log = new AgentLog('info', () => {});
  const syslog = await open(log, daemon.socket, 'LOCAL0');
  log.write('info', 'before');
  await daemon.received(1);
  await daemon.stop();
  log.write('info', 'lost, perhaps');
  const again = await datagramDaemon(t, daemon.socket);
  await until(() => {
    log.write('info', 'after');
    return again.messages.length > 0;
  });
  assert.match(again.messages.at(-1) ?? '', /: after$/);
  await syslog.close();
});

test('a logger that ends is started again', async (t) => {
  const folder = await folderWith(t, {});
  const program = join(folder, 'logger');
  // Takes one line and ends.
  await writeFile(
    program,
    `#!/bin/sh
    [ "$1" = --version ] && echo util-linux && exit
    read line; echo "$line" >> ${folder}/lines`,
  );
  await chmod(program, 0o755);
  const daemon = await streamDaemon(t);
  const log = new AgentLog('info', () => {});
  const syslog = await Syslog.open(log, 'LOCAL0', { sockets: [daemon.socket], program });
  const file = join(folder, 'lines');
  const lines = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  log.write('info', 'first');
  await until(() => {
    log.write('info', 'later');
    return lines().includes('later');
  });
  assert.match(lines(), /^<133>first\n<133>later\n/);
  await syslog.close();
});

test('what cannot be set up is told in the words of the original', async (t) => {
  const log = new AgentLog('info', () => {});
  const folder = await folderWith(t, { file: '' });
  const program = 'logger';
  await assert.rejects(Syslog.open(log, 'NOPE', { sockets: [], program }), {
    message: 'invalid syslog facility: NOPE',
  });
  const sockets = [join(folder, 'none'), join(folder, 'file'), folder];
  await assert.rejects(Syslog.open(log, 'LOCAL0', { sockets, program }), {
    message: 'Unix syslog delivery error',
  });
});

test('without a logger of util-linux it is told what is missing', async (t) => {
  const { socket } = await streamDaemon(t);
  const log = new AgentLog('info', () => {});
  for (const program of ['/nonexistent/logger', 'true']) {
    await assert.rejects(Syslog.open(log, 'LOCAL0', { sockets: [socket], program }), {
      message: `there is no ${program} of util-linux to deliver with`,
    });
  }
});

interface Daemon {
  readonly socket: string;
  readonly messages: string[];
  /** Settles when so many messages have come. */
  received(count: number): Promise<void>;
}

function open(log: AgentLog, socket: string, facility: string): Promise<Syslog> {
  return Syslog.open(log, facility, { sockets: ['/nonexistent', socket], program: 'logger' });
}

async function streamDaemon(t: TestContext): Promise<Daemon> {
  const socket = join(await folderWith(t, {}), 'log');
  let text = '';
  const messages: string[] = [];
  const server = createServer((connection) => {
    connection.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      // Messages on a stream end in a line end or a zero.
      messages.splice(0, messages.length, ...text.split(/[\n\0]/).slice(0, -1));
    });
  });
  server.listen(socket);
  await once(server, 'listening');
  t.after(() => server.close());
  return { socket, messages, received: (count) => untilReceived(messages, count) };
}

// Perl is part of every Debian and has what Node has not.
async function datagramDaemon(t: TestContext, at?: string): Promise<Daemon & { stop(): Promise<void> }> {
  const socket = at ?? join(await folderWith(t, {}), 'log');
  const perl = spawn('perl', ['-e', receiveDatagrams, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = () => end(perl);
  t.after(stop);
  const messages: string[] = [];
  let text = '';
  perl.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    messages.splice(0, messages.length, ...text.split('\0').slice(1, -1));
  });
  await once(perl.stdout, 'data'); // it is bound
  return { socket, messages, stop, received: (count) => untilReceived(messages, count) };
}

const receiveDatagrams = `use Socket; $| = 1; unlink $ARGV[0];
  socket(S, PF_UNIX, SOCK_DGRAM, 0) && bind(S, sockaddr_un($ARGV[0])) or die $!;
  print "\\0"; while (defined recv(S, $m, 65536, 0)) { print "$m\\0" }`;

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
}

function untilReceived(messages: readonly string[], count: number): Promise<void> {
  return until(
    () => messages.length >= count,
    () => `only these came: ${messages.join('\n')}`,
  );
}

// `<157>serf[PID]: agent: Serf agent starting`
function withoutDate(message: string): string {
  return message
    .replace(/^(<\d+>)[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d /, '$1')
    .replace(`serf[${process.pid}]`, 'serf[PID]');
}

// A datagram as the capture quotes it; `logger` leaves out the line end, which every daemon takes off.
function messageOfCapture(quoted: string): string {
  return withoutDate(quoted.replace(/^'|\\n'$/g, '')).replace(/serf\[\d+\]/, 'serf[PID]');
}

function saysUtilLinux(): boolean {
  return outputOf('logger', '--version').includes('util-linux');
}

function hasPerl(): boolean {
  return outputOf('perl', '-MSocket', '-e', 'print "ready"') === 'ready';
}

function outputOf(program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
