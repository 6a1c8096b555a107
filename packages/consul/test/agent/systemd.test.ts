// An agent in a unit of systemd with `Type=notify`. A program in place of `systemd-notify` notes how it is
// called: what comes over systemd's own socket cannot be read in Node.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder, startAgentIn } from '../kit/run-agent.ts';

const isUp = 'Consul agent running!\n';

test('an agent that is to join nobody says that it is ready once it runs, and once', async (t) => {
  const systemd = pretend(t, 'echo "$NOTIFY_SOCKET $*"');
  const agent = await startAgentIn(t, systemd.env, '-dev');
  await agent.printed(isUp);
  await systemd.isTold();
  await agent.ask(`PUT /v1/agent/join/${agent.address}`);
  assert.equal(systemd.told(), '/run/systemd/notify --ready\n');
});

test('an agent that is to join somebody says that it is ready when it has', async (t) => {
  const systemd = pretend(t, 'echo "$*"');
  const other = await startAgentIn(t, {}, '-dev', '-node=n2');
  const agent = await startAgentIn(t, systemd.env, '-dev', '-retry-join=127.0.0.1:1', '-retry-interval=1m');
  await agent.printed('Join cluster failed, will retry');
  assert.equal(systemd.told(), '');
  await other.printed(isUp);
  await agent.ask(`PUT /v1/agent/join/${other.address}`);
  await systemd.isTold();
});

test('a systemd that cannot be told is a line in the log', async (t) => {
  const failing = pretend(t, 'echo Connection refused; exit 1');
  const agent = await startAgentIn(t, failing.env, '-dev');
  await agent.printed('agent: systemd notify failed: error="exit status 1: Connection refused"');
  const without = { NOTIFY_SOCKET: '/run/systemd/notify', PATH: scratchFolder(t) };
  const another = await startAgentIn(t, without, '-dev');
  const missing = 'exec: "systemd-notify": executable file not found in $PATH';
  await another.printed(`agent: systemd notify failed: error="${missing}"`);
});

interface Systemd {
  readonly env: { readonly NOTIFY_SOCKET: string; readonly PATH: string };
  /** What the program has printed so far. */
  told(): string;
  isTold(): Promise<void>;
}

function pretend(t: TestContext, script: string): Systemd {
  const folder = scratchFolder(t);
  const [program, file] = [join(folder, 'systemd-notify'), join(folder, 'told')];
  const record = script.includes('exit') ? script : `${script} >> '${file}'`;
  writeFileSync(program, `#!/bin/sh\n${record}\n`);
  chmodSync(program, 0o755);
  const told = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  return {
    env: { NOTIFY_SOCKET: '/run/systemd/notify', PATH: `${folder}:/usr/bin:/bin` },
    told,
    async isTold() {
      for (const until = performance.now() + 60_000; !told().endsWith('\n'); await sleep(20))
        assert.ok(performance.now() < until, 'nobody told systemd');
    },
  };
}
