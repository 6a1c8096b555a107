// T0-27, T0-28, T0-35: commands that run other commands, against a store that moves as the recorded one did:
// the same output, exit codes and requests.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CapturedCommand, readCommand } from '@reeve/golden';
import { spawnConsul } from './consul-command.ts';
import { FakeStore } from './fake-store.ts';
import { type ReceivedCall, serveScript } from './scripted-agent.ts';

const lockFlags = 3304740253564472344n;

/** What happened beside the command; `at` is the index that its first write gets. */
const locks: readonly LockCase[] = [
  { name: 'ok', at: 376 },
  { name: 'simple', at: 371 },
  { name: 'pass-stdin-name', at: 381 },
  { name: 'semaphore', at: 386 },
  { name: 'interrupt', at: 393, signal: 'SIGTERM' },
  { name: 'conflict', at: 390, before: (store) => store.set('lk/conflict/.lock', { Flags: 1n }) },
  {
    name: 'try-timeout',
    at: 398,
    before: (store) => store.set('lk/held/.lock', { Flags: lockFlags, Session: 'other' }),
  },
  {
    name: 'wait-then-acquire',
    at: 398,
    before: (store) => store.set('lk/held/.lock', { Flags: lockFlags, Session: 'other' }),
    whenWaiting: (store) => {
      store.index = 400;
      store.set('lk/held/.lock', { Flags: lockFlags, Session: '' });
    },
  },
];

interface LockCase {
  readonly name: string;
  readonly at: number;
  readonly before?: (store: FakeStore) => void;
  readonly whenWaiting?: (store: FakeStore) => void;
  /** Sent when the command holds the lock. */
  readonly signal?: NodeJS.Signals;
}

for (const { name, at, before, whenWaiting, signal } of locks) {
  test(`T0-28 T0-35: cli/lock/${name}`, async (t) => {
    const command = readCommand(`cli/lock/${name}`);
    const store = new FakeStore(at - 1, sessionOf(command));
    before?.(store);
    let onHeld = (): void => {};
    const { address, calls } = await serveScript(t, (call) => {
      if (call.target.includes('index=398&wait')) setTimeout(() => whenWaiting?.(store), 50);
      if (call.target.endsWith('?consistent=')) onHeld();
      return store.answer(call);
    });
    const { shell, hasBegun } = executingShell(t);
    const result = await spawnConsul(
      command.argv,
      { CONSUL_HTTP_ADDR: address, ...(signal === undefined ? {} : { SHELL: shell }) },
      {
        onStarted: (kill) => {
          if (signal !== undefined) onHeld = () => void hasBegun().then(() => kill(signal));
        },
      },
    );
    const { stdout, stderr, exit } = command;
    assert.deepEqual(result, { stdout, stderr, exit });
    assert.deepEqual(settled(calls), settled(command.calls));
  });
}

test('T0-27 T0-35: cli/watch/key-handler-shell: a missing key is told, then every change', async (t) => {
  await watchKey(t, 'cli/watch/key-handler-shell', [406, 408, 409], ['', 'v1', 'v2']);
});

test('T0-27 T0-35: cli/watch/key-handler-noshell: a handler is told without a shell, too', async (t) => {
  await watchKey(t, 'cli/watch/key-handler-noshell', [409, 410], ['v2', 'v3']);
});

test('T0-27 T0-35: cli/watch/handler-exit-1: a handler that fails ends the watch', async (t) => {
  const command = readCommand('cli/watch/handler-exit-1');
  const { address } = await serveScript(t, ({ target }) => ({ body: target.includes('/kv/') ? '[]' : '{}' }));
  const { stdout, stderr, exit } = command;
  assert.deepEqual(await spawnConsul(command.argv, { CONSUL_HTTP_ADDR: address }), { stdout, stderr, exit });
});

/** Answers with one value after the other, then lets the question wait, and ends the watch. */
async function watchKey(
  t: TestContext,
  name: string,
  indexes: readonly number[],
  values: readonly string[],
): Promise<void> {
  const command = readCommand(name);
  let end = (): void => {};
  let at = 0;
  const { address, calls } = await serveScript(t, ({ target }) => {
    if (!target.includes('/kv/')) return { body: '{}' };
    const [index, value] = [indexes[at], values[at]];
    at += 1;
    if (index === undefined) {
      end();
      return undefined;
    }
    const Value = Buffer.from(value ?? '').toString('base64');
    const entry = { Key: 'wk', Flags: 0, LockIndex: 0, CreateIndex: 408, ModifyIndex: index, Value };
    return value === ''
      ? { status: 404, index: `${index}` }
      : { body: JSON.stringify([entry]), index: `${index}` };
  });
  const result = await spawnConsul(
    command.argv,
    { CONSUL_HTTP_ADDR: address },
    {
      onStarted: (kill) => {
        end = () => kill('SIGINT');
      },
    },
  );
  // Variables come in the order of the environment, which differs; an empty line of `echo` sorts first.
  const lines = (text: string) => text.replaceAll(address, '127.0.0.4:8500').split('\n').sort();
  assert.deepEqual(lines(result.stdout), lines(command.stdout));
  assert.deepEqual([result.stderr, result.exit], [command.stderr, command.exit]);
  const asked = calls.slice(0, indexes.length + 1).map(({ target }) => target);
  const recorded = [...new Set(command.calls.map(({ target }) => target))];
  assert.deepEqual(asked, recorded.slice(0, indexes.length + 1));
}

/** A shell that becomes its command, so that nothing is left behind when it is ended; and when it does. */
function executingShell(t: TestContext): { readonly shell: string; hasBegun(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-consul-shell-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const shell = join(folder, 'shell');
  const mark = join(folder, 'begun');
  writeFileSync(shell, `#!/bin/sh\n: > ${mark}\neval "exec $2"\n`, { mode: 0o755 });
  const hasBegun = async (): Promise<void> => {
    while (!existsSync(mark)) await sleep(20);
  };
  return { shell, hasBegun };
}

function sessionOf({ calls }: CapturedCommand): string {
  const [, session] = calls.map(({ target }) => /[?&]acquire=([^&]*)/.exec(target)).find(Boolean) ?? [];
  return session ?? 'b0000000-0000-4000-8000-000000000001';
}

/**
 * Requests without those that nobody counts on: looking after a held lock, which goes on at the same time,
 * and destroying a session that the original may leave to its end.
 */
function settled(calls: readonly Pick<ReceivedCall, 'method' | 'target' | 'body'>[]): string[] {
  const lines = calls.map(({ method, target, body }) => `${method} ${target} ${body}`);
  return lines
    .filter((line) => !/consistent=|session\/destroy/.test(line))
    .map((line) => line.replace(/(index=\d+&wait=)\d+ms/, '$1…'));
}
