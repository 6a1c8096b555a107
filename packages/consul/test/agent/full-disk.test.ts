// A disk that is full, as a small file system that only the agent has.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loopbackAddress } from '@reeve/namespaces';
import { scratchFolder } from '../kit/run-agent.ts';

const program = fileURLToPath(new URL('../../../../bin/consul.cjs', import.meta.url));

/** Why no file system can be mounted here; false when one can. */
function mountsMissing(): string | false {
  const { status } = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']);
  return status === 0 ? false : 'needs Linux and permission to mount in a namespace';
}

/** An agent with its data on a file system of 12 MiB, of which half is taken. */
class SmallServer {
  readonly #http: string;
  readonly #child;
  readonly #filler: string;
  output = '';

  constructor(t: TestContext, address: string, folder: string) {
    this.#http = `http://${address}:8500`;
    const filler = join(folder, 'filler');
    const agent = `agent -server -bootstrap -node=n1 -bind=${address} -client=${address}`;
    const script = [
      `mount -t tmpfs -o size=12m none ${folder}`,
      `head -c 6000000 /dev/zero > ${filler}`,
      `exec ${process.execPath} ${program} ${agent} -data-dir=${folder}/data`,
    ].join(' && ');
    this.#child = spawn('unshare', ['-rm', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child.stdout.on('data', (text) => {
      this.output += text;
    });
    this.#filler = `/proc/${this.#child.pid}/root${filler}`;
    t.after(async () => {
      this.#child.kill('SIGKILL');
      await new Promise((resolve) => this.#child.once('exit', resolve));
    });
  }

  makeRoom(): void {
    rmSync(this.#filler);
  }

  async put(key: string, bytes: number): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`${this.#http}/v1/kv/${key}`, {
      method: 'PUT',
      body: Buffer.alloc(bytes, 'a'),
    });
    return { status: response.status, text: await response.text() };
  }

  async get(path: string): Promise<number> {
    return (await fetch(`${this.#http}${path}`)).status;
  }

  /** Writes until it is taken. */
  async written(key: string): Promise<void> {
    for (const until = performance.now() + 60_000; performance.now() < until; await sleep(100)) {
      const isTaken = await this.put(key, 1).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (isTaken) return;
    }
    throw new Error(`${key} was not written: ${this.output}`);
  }
}

test('a full disk: what is not kept is not acknowledged, what was is read, and with room it goes on', {
  skip: mountsMissing(),
}, async (t) => {
  const address = await loopbackAddress();
  const server = new SmallServer(t, address, scratchFolder(t));
  await server.written('ready');
  let kept = 0;
  let refusal = '';
  while (kept < 200 && refusal === '') {
    const { status, text } = await server.put(`key${kept}`, 100_000);
    if (status === 200) kept++;
    else refusal = text;
  }
  assert.match(refusal, /write .*\/raft\/log-1: no space left on device$/);
  assert.match(server.output, /\[ERROR\] agent\.server\.raft: failed to commit logs: error=".*no space left/);
  assert.deepEqual(await server.put('late', 1), { status: 500, text: 'No cluster leader' });
  assert.equal(await server.get(`/v1/kv/key${kept - 1}?stale`), 200);
  assert.equal(server.output.match(/failed to commit logs/g)?.length, 1, 'the operator is told once');
  server.makeRoom();
  await server.written('again');
  assert.match(server.output, /raft: the log is written again/);
  for (let at = 0; at < kept; at++) assert.equal(await server.get(`/v1/kv/key${at}`), 200, `key${at}`);
});
