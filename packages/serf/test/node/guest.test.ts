// What a service may expect of a library that lives in it: nothing is left, nothing is printed, no handler is
// installed, and what one node does another does not see.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createSerf } from '@reeve/serf';
import { addressOf, eventually, newSince, startCluster } from './support/nodes.ts';

test('closing leaves no timer, socket, file or process handler', async (t) => {
  const handlersBefore = processHandlers();
  const before = process.getActiveResourcesInfo();
  const nodes = await startCluster(t, ['a', 'b', 'c'], { serf: { userEventSizeLimitBytes: 9_216 } });
  const [a, b, c] = nodes;
  const loop = b?.events();
  a?.userEvent('small', 'x');
  a?.userEvent('large', new Uint8Array(5_000));
  const answers = a?.query('load', '', { timeoutMs: 60_000 });
  const join = assert.rejects(async () => c?.join(['127.0.0.1:1']), /not running|connection refused/);
  await Promise.all([a?.close(), b?.close({ leave: false }), c?.close({ leave: false })]);
  await join;
  await eventually('nothing is left', () => newSince(before).length === 0);
  assert.deepEqual(processHandlers(), handlersBefore);
  assert.equal((await answers?.next())?.done, true);
  for await (const { kind } of loop ?? []) assert.notEqual(kind, 'missed');
});

test('several nodes in one process are strangers to each other', async () => {
  await using a = await createSerf({ name: 'same', bind: '127.0.0.1:0' });
  await using b = await createSerf({ name: 'same', bind: '127.0.0.1:0' });
  assert.equal(a.members().length, 1);
  assert.notEqual(addressOf(a), addressOf(b));
});

test('a program that closes its node ends by itself and has printed nothing', async () => {
  const program = `
    import { createSerf } from '@reeve/serf';
    const a = await createSerf({ name: 'a', bind: '127.0.0.1:0', profile: 'local' });
    const join = [a.self.host + ':' + a.self.port];
    const b = await createSerf({ name: 'b', bind: '127.0.0.1:0', profile: 'local', join });
    a.userEvent('deploy', 'v1');
    await b.close();
    await a.close();
  `;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: import.meta.dirname, timeout: 30_000 },
  );
  assert.deepEqual([stdout, stderr], ['', '']);
});

function processHandlers(): readonly string[] {
  return process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`);
}
