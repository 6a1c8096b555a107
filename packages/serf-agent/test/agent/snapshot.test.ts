// Agents that remember their cluster: leaving, restarting and rejoining from a snapshot, as captured.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { folderWith } from '../config/load-config.js';
import { type Outcome, startAgent } from './agent-process.js';
import { Stage } from './transcripts.js';

describe('snapshots', { concurrency: 3 }, () => {
  test('[66] a node that left stays away after a restart, unless it is told to rejoin', async (t) => {
    const stage = new Stage(await folderWith(t, {}));
    const seed = await stage.address('127.0.7.66');
    const seedAgent = startAgent(t, '-node=seed', `-bind=${seed}`, `-rpc-addr=${seed}:7373`);
    await seedAgent.printed('Log data will now stream in');

    await expectRun(t, stage, 'snapshot/first-run-then-leave', 'SIGINT');
    await seedAgent.printed('EventMemberLeave: sn');
    await expectRun(t, stage, 'snapshot/restart-after-leave', 'SIGTERM');
    await expectRun(
      t,
      stage,
      'snapshot/restart-with-rejoin',
      'SIGTERM',
      'Re-joined to previously known node',
    );
  });

  test('[66] a node that was always alone finds nobody to rejoin', async (t) => {
    const stage = new Stage(await folderWith(t, {}));
    const address = await stage.address('127.0.7.183');
    const alone = `alive: so ${address}:7946\n`;
    const folder = await folderWith(t, { 'solo.snap': alone });
    const agent = startAgent(
      t,
      '-node=so',
      `-bind=${address}`,
      `-rpc-addr=${address}:7373`,
      `-snapshot=${folder}/solo.snap`,
    );
    await agent.printed('[WARN] serf: Failed to re-join any previously known node');
  });
});

async function expectRun(
  t: TestContext,
  stage: Stage,
  capture: string,
  signal: NodeJS.Signals,
  until = 'Received event: member-join',
): Promise<void> {
  const { agent, expected, outcome } = await stage.rerun(t, capture);
  await agent.printed(until);
  agent.signal(signal);
  assert.deepEqual(unordered(await outcome()), unordered(expected));
}

// The order of members in a state exchange is chance, and so is that of the lines about them.
function unordered({ stdout, ...rest }: Outcome): unknown {
  return { ...rest, stdout: stdout.split('\n').sort() };
}
