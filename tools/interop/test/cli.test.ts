// [83] The real command line and ours against the same agents, real and ours: what they print and how they
// exit must be equal, except for what changes from run to run (canonical.ts).

import { deepEqual, equal, match } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import {
  type Agent,
  Child,
  Cluster,
  canonical,
  eventually,
  expectStatuses,
  type Program,
  peersMissing,
  reeve,
  run,
  serf094,
  serf0101,
} from '@reeve/interop';
import { type CliCase, casesInTheClear, casesWithKeys } from './cli-cases.ts';

/** Each agent is asked by another release than its own. */
const askedBy = new Map([
  [serf094, serf0101],
  [reeve, serf094],
]);

describe('the real command line and ours', { skip: peersMissing(), concurrency: true }, () => {
  test('[83] every command and every error is the same against a real agent and against ours', async (t) => {
    const cluster = await Cluster.of(t);
    const load = "-event-handler=query:load=echo 'load of' $SERF_SELF_NAME";
    const real = await cluster.start(serf094, 'real', load, '-tag=role=web', '-tag=dc=east');
    const ours = await cluster.start(
      reeve,
      'ours',
      load,
      `-join=${real.gossip}`,
      '-tag=role=lb',
      '-tag=k=<&>',
    );
    const recent = await cluster.start(serf0101, 'recent', load, `-join=${ours.gossip}`);
    const dead = await cluster.start(serf0101, 'dead', `-join=${ours.gossip}`);
    const running = [real, ours, recent];
    await expectStatuses(running, { real: 'alive', ours: 'alive', recent: 'alive', dead: 'alive' });
    await dead.kill();
    await expectStatuses(running, { real: 'alive', ours: 'alive', recent: 'alive', dead: 'failed' });
    for (const agent of [real, ours]) {
      await eventually(`${agent.name} knows coordinates`, async () => {
        for (const name of ['real', 'ours']) equal((await agent.serf('rtt', name)).exit, 0);
      });
    }
    await compareAll(t, cluster, [real, ours], casesInTheClear(recent.gossip, cluster.nextPlace().gossip));
  });

  test('[83] so are the commands about keys', async (t) => {
    const cluster = await Cluster.of(t);
    const [key = '', other = ''] = ['A', 'B'].map((letter) => Buffer.alloc(32, letter).toString('base64'));
    const real = await cluster.start(serf094, 'real', `-encrypt=${key}`);
    const ours = await cluster.start(reeve, 'ours', `-encrypt=${key}`, `-join=${real.gossip}`);
    await expectStatuses([real, ours], { real: 'alive', ours: 'alive' });
    await compareAll(t, cluster, [real, ours], casesWithKeys(key, other));
  });

  test('[91] addresses and keys of RPC come from flags or the environment, flags first', async (t) => {
    const cluster = await Cluster.of(t);
    const config = join(cluster.folder, 'auth.json');
    writeFileSync(config, JSON.stringify({ rpc_auth: 'secret' }));
    const nobody = cluster.nextPlace().rpc;
    for (const program of [serf094, reeve]) {
      const agent = await cluster.start(program, 'agent', `-config-file=${config}`);
      const asked: [string[], Record<string, string>][] = [
        [[`-rpc-addr=${agent.rpc}`], {}],
        [[`-rpc-addr=${agent.rpc}`, '-rpc-auth=secret'], {}],
        [[`-rpc-addr=${agent.rpc}`, '-rpc-auth=wrong'], { SERF_RPC_AUTH: 'secret' }],
        [[], { SERF_RPC_ADDR: agent.rpc, SERF_RPC_AUTH: 'secret' }],
        [[`-rpc-addr=${nobody}`], { SERF_RPC_ADDR: agent.rpc }],
        [['-rpc-addr=noport'], {}],
      ];
      for (const [flags, environment] of asked) {
        const [theirs, own] = await Promise.all(
          [serf094, reeve].map(({ path }) => run(path, ['members', ...flags], environment)),
        );
        deepEqual(own && canonical(own), theirs && canonical(theirs), `members ${flags.join(' ')}`);
      }
    }
  });

  test('[94] monitor shows the same lines and events, and ends alike', async (t) => {
    const cluster = await Cluster.of(t);
    for (const program of [serf094, reeve]) {
      const agent = await startedAlone(cluster, program);
      const monitors = await startMonitors(agent);
      await agent.serf('event', '-coalesce=false', 'deploy', 'v1');
      await agent.serf('query', '-timeout=200ms', 'load', 'hi');
      await eventually('both saw the query', () => {
        for (const monitor of monitors) match(monitor.stdout, /Event: "query"/);
      });
      for (const monitor of monitors) monitor.signal('SIGINT');
      const [theirs, own] = await Promise.all(monitors.map(async (monitor) => watched(await monitor.ended)));
      deepEqual(own, theirs);
      equal(own?.exit, 0);
    }
  });

  test('[94] monitor, when its agent dies, says so and fails', async (t) => {
    const cluster = await Cluster.of(t);
    for (const program of [serf094, reeve]) {
      const agent = await startedAlone(cluster, program);
      const monitors = await startMonitors(agent);
      await agent.kill();
      const [theirs, own] = await Promise.all(monitors.map(async (monitor) => watched(await monitor.ended)));
      deepEqual(own, theirs);
      equal(own?.exit, 1);
    }
  });

  test('leave prints the same, and the agent ends with 0', async (t) => {
    const cluster = await Cluster.of(t);
    for (const agentProgram of [serf0101, reeve]) {
      const outcomes = [];
      for (const program of [serf0101, reeve]) {
        const agent = await cluster.start(agentProgram, 'agent');
        outcomes.push(await agent.serfOf(program, 'leave'));
        equal((await agent.ended).exit, 0);
      }
      deepEqual(outcomes[1], outcomes[0]);
    }
  });

  test('keygen prints a key that agents take', async (t) => {
    const cluster = await Cluster.of(t);
    for (const [maker, taker] of [
      [serf094, reeve],
      [reeve, serf094],
    ] as const) {
      const { stdout } = await run(maker.path, ['keygen']);
      match(stdout, /^[A-Za-z0-9+/]{43}=\n$/);
      await cluster.start(taker, 'agent', `-encrypt=${stdout.trim()}`);
    }
  });
});

async function compareAll(
  t: TestContext,
  cluster: Cluster,
  agents: readonly Agent[],
  cases: readonly CliCase[],
): Promise<void> {
  const compareWith = async (agent: Agent): Promise<void> => {
    for (const { args, unordered } of cases) {
      const title = `serf ${args.join(' ')}`.replace(/x{400,}/, (letters) => `x×${letters.length}`);
      await t.test(`${title} (asking ${agent.program.title})`, async (t) => {
        cluster.reportFailure(t);
        const compare = async (): Promise<void> => {
          const theirs = await agent.serfOf(askedBy.get(agent.program) as Program, ...args);
          const own = await agent.serfOf(reeve, ...args);
          deepEqual(canonical(own, unordered), canonical(theirs, unordered));
        };
        await eventually('both print the same', compare, comparedMs);
      });
    }
  };
  await Promise.all(agents.map(compareWith));
}

/** An agent that has handed on the one event it starts with. */
async function startedAlone(cluster: Cluster, program: Program): Promise<Agent> {
  const agent = await cluster.start(program, 'agent');
  await eventually('it has joined itself', () => match(agent.output, /Received event: member-join/));
  return agent;
}

/** The real monitor and ours, once both have shown what was logged before: from then on they miss nothing. */
async function startMonitors(agent: Agent): Promise<Child[]> {
  const monitors = [serf094, reeve].map(
    ({ path }) => new Child(path, ['monitor', `-rpc-addr=${agent.rpc}`, '-log-level=info']),
  );
  await eventually('both monitors are there', () => {
    for (const monitor of monitors) match(monitor.stdout, /Serf agent starting/);
  });
  return monitors;
}

/** What a monitor showed, without the lines about clients (each sees others' and not its own). */
function watched(outcome: Parameters<typeof canonical>[0]): ReturnType<typeof canonical> {
  const { exit, stdout, stderr } = canonical(outcome, true);
  return { exit, stdout: stdout.filter((line) => !line.includes('Accepted client')), stderr };
}

/**
 * What commands print depends on who hears and answers in time: a query passes somebody over now and then, a
 * real agent may end one with acks in nobody's name (it goes on reading what it has closed), a broadcast may
 * take too long on a busy machine. All of them may be run again.
 */
const comparedMs = 75_000;
