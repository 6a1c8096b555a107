// The program as a process: exit codes, pipes, full disks, signals, and bytes that are no text.

import assert from 'node:assert/strict';
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../until.ts';
import { agentOf } from './recorded-state.ts';
import { serveAgent } from './serf-command.ts';

test('the exit code is the one of the command', async (t) => {
  assert.equal(await exitCode(start(t, ['version'])), 0);
  assert.equal(await exitCode(start(t, ['leave', '-x'])), 1);
  assert.equal(await exitCode(start(t, ['nosuch'])), 127);
});

test('output that nobody reads any more ends the program without a word', async (t) => {
  const child = start(t, ['version']);
  child.stdout?.destroy();
  const complaint = collect(child.stderr);
  assert.equal(await exitCode(child), 141);
  assert.equal((await complaint).length, 0);
});

test('what nobody reads yet does not hold up who prints, and comes whole and in order', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', printMuch], { stdio: 'pipe' });
  t.after(() => child.kill('SIGKILL'));
  const [said] = await once(child.stderr, 'data', { signal: AbortSignal.timeout(20_000) });
  assert.equal(String(said), 'printed');
  const lines = (await collect(child.stdout)).toString().trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => line.length),
    Array.from({ length: 1500 }, (_, at) => at),
  );
});

test('a full disk swallows what is printed and nothing else', async (t) => {
  const fullDisk = openSync('/dev/full', 'w');
  t.after(() => closeSync(fullDisk));
  const child = start(t, ['version'], ['ignore', fullDisk, 'pipe']);
  assert.equal((await collect(child.stderr)).toString(), '');
  assert.equal(await exitCode(child), 0);
});

test('words that are no UTF-8 arrive as they were given', async (t) => {
  const { address } = await serveAgent(t, agentOf('alpha'));
  const command = ['event', `-rpc-addr=${address}`, 'caf\\351', 'ol\\303\\251']; // as printf writes bytes
  const shell = spawn('/bin/sh', ['-c', withBytes, 'sh', process.execPath, main, ...command]);
  t.after(() => shell.kill('SIGKILL'));
  const output = await collect(shell.stdout);
  assert.equal(output.toString('latin1'), "Event 'caf\xe9' dispatched! Coalescing enabled: true\n");
});

test('[94] Ctrl-C ends a monitor with 0 and a query with 1', async (t) => {
  const agent = agentOf('alpha');
  agent.onQuery = () => {};
  const { address } = await serveAgent(t, agent);
  const monitor = start(t, ['monitor', `-rpc-addr=${address}`]);
  await until(() => agent.logListeners.size === 1);
  monitor.kill('SIGINT');
  assert.equal(await exitCode(monitor), 0);

  const query = start(t, ['query', `-rpc-addr=${address}`, 'load']);
  const [dispatched] = query.stdout === null ? [] : await once(query.stdout, 'data');
  assert.equal(String(dispatched), "Query 'load' dispatched\n");
  query.kill('SIGINT');
  assert.equal(await exitCode(query), 1);
});

test('bytes of an answer that are no text are printed as they are', async (t) => {
  const agent = agentOf('alpha');
  agent.onQuery = (handlers) => {
    handlers.onResponse('alpha', Uint8Array.of(0xff, 0x00, 0xc3, 0xa9, 0x0a));
    handlers.onDone();
  };
  const { address } = await serveAgent(t, agent);
  const output = await collect(start(t, ['query', '-no-ack', `-rpc-addr=${address}`, 'load']).stdout);
  const expected = [
    "Query 'load' dispatched\nResponse from 'alpha': ",
    '\xff\x00\xc3\xa9',
    '\nTotal Responses: 1\n',
  ];
  assert.equal(output.toString('latin1'), expected.join(''));
});

function start(
  t: TestContext,
  argv: readonly string[],
  stdio: StdioOptions = ['ignore', 'pipe', 'pipe'],
): ChildProcess {
  const child = spawn(process.execPath, [main, ...argv], { stdio });
  t.after(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  return child;
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A megabyte, which no pipe has room for. */
const printMuch = `
  import { createWriter } from '${import.meta.resolve('@reeve/cli')}';
  const writer = createWriter(1, () => process.stdout);
  for (let length = 0; length < 1500; length++) writer.write('x'.repeat(length) + '\\n');
  process.stderr.write('printed');
`;

/** Runs its arguments, the last two of them with the bytes that printf makes of their escapes. */
const withBytes = 'exec "$1" "$2" "$3" "$4" "$(printf "$5")" "$(printf "$6")"';
