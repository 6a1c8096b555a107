// The log in syslog, with the machine's own `logger` and a receiver that stands for the daemon.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from '../../dist/log/open-log.js';
import { scratchFolder } from '../kit/run-agent.js';

const config = {
  ...{ level: 'info', json: false, file: '', rotateBytes: 0, rotateDurationMs: 0, rotateFilesMax: 0 },
  ...{ syslog: true, syslogFacility: 'LOCAL3' },
};
const withLogger = { skip: !saysUtilLinux() && 'there is no logger of util-linux here' };

test('every line that is shown goes to syslog whole, as a notice of the facility', withLogger, async (t) => {
  const socket = join(scratchFolder(t), 'log');
  const received = await startDaemon(t, socket);
  const shown: string[] = [];
  const search = { place: { sockets: [socket], program: 'logger' }, tries: 0, pauseMs: 1 };
  const { log, close } = await openLog(config, (line) => shown.push(line), search);
  log.write('err', 'agent: it is bad: error=EOF');
  log.write('debug', 'agent: nobody sees this');
  log.write('info', 'agent: it is good');
  await close();
  await until(() => received().length === 2);
  assert.deepEqual(
    received(),
    shown.map((line) => `<157>consul[PID]: ${line}`),
  );
});

test('a syslog that starts later is waited for, in vain for a minute', withLogger, async (t) => {
  const socket = join(scratchFolder(t), 'log');
  const place = { sockets: [socket], program: 'logger' };
  const opened = openLog(config, () => {}, { place, tries: 10_000, pauseMs: 5 });
  await assert.rejects(
    openLog(config, () => {}, { place, tries: 2, pauseMs: 5 }),
    { message: 'Syslog setup did not succeed within timeout (1m0s).' },
  );
  const received = await startDaemon(t, socket);
  const { log, close } = await opened;
  log.write('info', 'agent: at last');
  await close();
  await until(() => received().length === 1);
});

test('a facility that does not exist is not waited for', async () => {
  await assert.rejects(
    openLog({ ...config, syslogFacility: 'NOPE' }, () => {}),
    { message: 'invalid syslog facility: NOPE' },
  );
});

/** Messages without their dates, as they have come. */
async function startDaemon(t: TestContext, socket: string): Promise<() => readonly string[]> {
  let text = '';
  const server = createServer((connection) => {
    connection.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.after(() => server.close());
  return () =>
    [...text.matchAll(/(<\d+>)\w{3} +\d+ [\d:]{8} (consul)\[\d+\](: [^<\n]*)/g)].map(
      ([, priority, tag, rest]) => `${priority}${tag}[PID]${rest}`,
    );
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await sleep(10)) {
    assert.ok(Date.now() < end, 'it did not happen in 60 s');
  }
}

function saysUtilLinux(): boolean {
  try {
    return execFileSync('logger', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}
