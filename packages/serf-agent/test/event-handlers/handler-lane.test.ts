// Scripts with settings of their own.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { until } from '../until.js';
import { handlersOf, query, userEvent } from './handler-host.js';

describe('handlers with settings', { concurrency: 4 }, () => {
  test('a script that exceeds its time is ended with everything it started', async (t) => {
    const folder = folderOf(t);
    const { handlers, lines, logged } = await handlersOf({
      handler: `user=sleep 60 & echo $! > ${folder}/child; echo $$ > ${folder}/self; wait`,
      timeoutMs: 5_000,
    });
    handlers.onEvent(userEvent('a', ''));
    await logged('timed out after 5s');
    // The log is written when the script has ended; what it started may take a moment longer to die.
    for (const file of ['child', 'self']) {
      const pid = readFileSync(join(folder, file), 'utf8').trim();
      await until(
        () => !isRunning(pid),
        () => `${file} runs`,
      );
    }
    assert.equal(lines.filter((line) => line.startsWith('[ERR]')).length, 1);
  });

  test('a script that will not end is killed', async () => {
    const { handlers, logged } = await handlersOf({
      handler: `user=trap '' TERM; while :; do sleep 0.1; done`,
      timeoutMs: 100,
    });
    handlers.onEvent(userEvent('a', ''));
    await logged('timed out after 100ms');
  });

  test('a failure is tried again, later and later, and costs one line each time', async (t) => {
    const folder = folderOf(t);
    const script = `echo x >> ${folder}/tries; test $(wc -l < ${folder}/tries) -ge 3 && cat`;
    const { handlers, lines, logged } = await handlersOf({
      handler: `user=${script}`,
      retries: 5,
      retryDelayMs: 10,
    });
    handlers.onEvent(userEvent('a', 'first'));
    handlers.onEvent(userEvent('b', 'second'));
    await logged('output: second');
    assert.deepEqual(
      lines.filter((line) => !/output: $| slow, execution exceeding 1s$/.test(line)),
      [
        `[ERR] agent: Error invoking script '${script}': exit status 1; trying again in 10ms`,
        `[ERR] agent: Error invoking script '${script}': exit status 1; trying again in 20ms`,
        "[DEBUG] agent: Event 'user' script output: first\n",
        "[DEBUG] agent: Event 'user' script output: second\n",
      ],
    );
  });

  test('after the last retry the event is given up', async () => {
    const { handlers, lines, logged } = await handlersOf({
      handler: 'exit 3',
      retries: 2,
      retryDelayMs: 1,
    });
    handlers.onEvent(userEvent('a', ''));
    handlers.onEvent(query('q')); // which is not tried again
    await logged('exit status 3', 4);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('[ERR]')).map((line) => line.replace(/^.*status 3/, '')),
      ['; trying again in 1ms', '; trying again in 2ms', '', ''],
    );
  });

  test('as many run at once as the concurrency says', async (t) => {
    const folder = folderOf(t);
    const bothAreHere = `[ -e ${folder}/a ] && [ -e ${folder}/b ]`;
    const meet = `touch ${folder}/$SERF_USER_EVENT; until ${bothAreHere}; do sleep 0.02; done`;
    const { handlers, logged } = await handlersOf({ handler: `user=${meet}`, concurrency: 2 });
    handlers.onEvent(userEvent('a', ''));
    handlers.onEvent(userEvent('b', ''));
    await logged('script output', 2);
  });

  for (const [whenFull, kept, dropped] of [
    ['drop-oldest', ['e0', 'e3'], ['e1', 'e2']],
    ['drop-newest', ['e0', 'e1'], ['e2', 'e3']],
  ] as const) {
    test(`${whenFull}: of more events than may wait, others are given up, with a line each`, async (t) => {
      const folder = folderOf(t);
      const script = `${untilGo(folder)}; echo $SERF_USER_EVENT`;
      const { handlers, lines, logged } = await handlersOf({
        handler: `user=${script}`,
        queueMax: 1,
        whenFull,
      });
      for (const name of ['e0', 'e1', 'e2', 'e3']) handlers.onEvent(userEvent(name, ''));
      assert.deepEqual(
        lines,
        dropped.map((name) => `[WARN] agent: Dropping user-event: ${name}: 1 events wait for '${script}'`),
      );
      writeFileSync(join(folder, 'go'), '');
      await logged('script output', 2);
      assert.deepEqual(
        lines.flatMap((line) => /output: (e\d)/.exec(line)?.[1] ?? []),
        kept,
      );
    });
  }

  test('a slow handler with settings delays no other, and its answers to queries count', async (t) => {
    const folder = folderOf(t);
    const { handlers, logged } = await handlersOf(
      { handler: `${untilGo(folder)}; echo slow` },
      `touch ${folder}/go; echo quick`,
    );
    const asked = query('q');
    handlers.onEvent(asked);
    await logged('script output', 2);
    assert.deepEqual([...asked.answers].sort(), ['quick\n', 'slow\n']);
  });

  test('after close nothing is begun and a script that runs is left alone', async (t) => {
    const folder = folderOf(t);
    const { handlers, lines } = await handlersOf({
      handler: `user=touch ${folder}/begun; ${untilGo(folder)}; touch ${folder}/$SERF_USER_EVENT`,
      retries: 1,
    });
    handlers.onEvent(userEvent('first', ''));
    handlers.onEvent(userEvent('second', ''));
    await until(() => existsSync(join(folder, 'begun')));
    await handlers.close();
    handlers.onEvent(userEvent('third', ''));
    writeFileSync(join(folder, 'go'), '');
    await until(() => existsSync(join(folder, 'first')));
    assert.deepEqual(lines, []);
    assert(!existsSync(join(folder, 'second')));
  });
});

// One that has ended may still be on the list, until its parent asks how.
function isRunning(pid: string): boolean {
  const status = `/proc/${pid}/stat`;
  return existsSync(status) && !/\) Z /.test(readFileSync(status, 'utf8'));
}

/** The part of a script that waits until the test writes the file `go`. */
function untilGo(folder: string): string {
  return `until [ -e ${folder}/go ]; do sleep 0.02; done`;
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
