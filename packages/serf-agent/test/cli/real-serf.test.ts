// The real `serf` beside ours, each way round. Needs SERF_BIN (and takes SERF_BIN_0_10 too); skipped without.
//
// What both programs print is compared with each other, so nothing here can be wrong about the original.

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { loopbackAddress } from '@reeve/namespaces';
import { type FakeAgent, keyOutcome, logLine, member } from '../rpc/fake-agent.ts';
import { until } from '../until.js';
import { agentOf } from './recorded-state.ts';
import { type CommandResult, runSerf, serveAgent } from './serf-command.ts';

const binaries = ['SERF_BIN', 'SERF_BIN_0_10'].map((name) => ({ name, path: process.env[name] ?? '' }));

/** Commands whose output is the same each time they are run. */
const commands = [
  ['members'],
  ['members', '-detailed'],
  ['members', '-format=json'],
  ['members', '-tag', 'role=we.*', '-status', 'alive', '-name', 'a.*'],
  ['members', '-name=nobody', '-format=json'],
  ['members', '-format=xml'],
  ['members', '-tag=role'],
  ['members', '-rpc-auth=wrong'],
  ['join', '127.77.0.1:1'],
  ['event', 'deploy', 'v1'],
  ['event', '-coalesce=false', 'deploy'],
  ['event', 'big', 'x'.repeat(600)],
  ['tags', '-set', 'x=1', '-delete', 'y'],
  ['tags', '-set', 'novalue'],
  ['force-leave', 'nobody'],
  ['query', '-timeout=200ms', '-format=json', 'load'],
  ['query', '-timeout=200ms', '-no-ack', 'load', 'hi'],
  ['query', '_serf_conflict'],
  ['rtt', 'alpha', 'alpha'],
  ['rtt', 'no "such"'],
  ['keys', '-list'],
  ['keys', '-install=AAAA'],
  ['keys', '-use=foo!'],
  ['monitor', '-log-level=loud'],
  ['version'],
] as const;

for (const { name, path } of binaries) {
  const options = { skip: path === '' ? `${name} is not set` : false };

  test(`[83] ${name} and our command print the same about an agent of ours`, options, async (t) => {
    for (const argv of commands) {
      const { address } = await serveAgent(t, ourAgent());
      const env = { SERF_RPC_ADDR: address };
      await same(argv, async () => [await runSerf(argv, { env }), await run(path, argv, env)]);
    }
  });

  test(`[83] ${name} and our command print the same about its agent`, options, async (t) => {
    const env = { SERF_RPC_ADDR: await startAgent(t, path) };
    for (const argv of commands) {
      await same(argv, async () => [
        withTagsInOrder(await runSerf(argv, { env })),
        withTagsInOrder(await run(path, argv, env)),
      ]);
    }
    const info = await runSerf(['info', '-format=json'], { env });
    assert.equal(JSON.parse(info.stdout).agent.name, 'alpha');
    const reachable = await runSerf(['reachability'], { env });
    assert.match(reachable.stdout, /Successfully contacted all live nodes\n$/);
    const left = await runSerf(['leave'], { env });
    assert.deepEqual(left, { stdout: 'Graceful leave complete\n', stderr: '', exit: 0 });
  });

  test(`[83] ${name} monitors, queries and dismisses an agent of ours`, options, async (t) => {
    const agent = ourAgent();
    agent.backlog = [logLine('2026/11/21 19:41:14 [INFO] agent: Serf agent starting')];
    const server = await serveAgent(t, agent);
    const env = { SERF_RPC_ADDR: server.address };
    agent.onShutdown = () => void server.close();
    const monitor = run(path, ['monitor'], env);
    await until(() => agent.logListeners.size > 0);
    agent.emit({ kind: 'member-failed', members: [member('beta', '10.0.0.2')] });
    assert.equal((await run(path, ['reachability'], env)).exit, 0);
    assert.equal((await run(path, ['info'], env)).stdout, 'agent:\n\tname = alpha\n');
    assert.equal((await run(path, ['leave'], env)).stdout, 'Graceful leave complete\n');
    const { stdout, exit } = await monitor;
    assert.match(stdout, /^2026\/11\/21 19:41:14 \[INFO\] agent: Serf agent starting\nEvent Info:\n/);
    assert.match(stdout, /\tEvent: "member-failed"\n/);
    assert.match(stdout, /\n\nRemote side ended the monitor!/);
    assert.equal(exit, 1);
  });

  test(`[83] ${name} prints our answer to a bad expression`, options, async (t) => {
    const { address } = await serveAgent(t, ourAgent());
    const { stdout, exit } = await run(path, ['members', '-name=al('], { SERF_RPC_ADDR: address });
    assert.match(stdout, /^Error retrieving members: Failed to compile regex: error parsing regexp: missing/);
    assert.equal(exit, 1);
  });
}

/**
 * Both say the same. On a busy machine all may come at once to a query of the original's whatever we do (see
 * `ourAgent`), or too late: then it is asked again.
 */
async function same(
  argv: readonly string[],
  ask: () => Promise<readonly [ours: CommandResult, theirs: CommandResult]>,
): Promise<void> {
  for (let tries = argv[0] === 'query' ? 10 : 1; ; tries--) {
    const [ours, theirs] = await ask();
    if (tries > 1 && !isDeepStrictEqual(ours, theirs)) continue;
    return assert.deepEqual(ours, theirs, argv.join(' '));
  }
}

function ourAgent(): FakeAgent {
  const agent = agentOf('alpha');
  agent.memberList = [
    member('alpha', '127.0.7.1', { tags: new Map([['role', 'web']]) }),
    member('beta', 'fd00::2', { tags: new Map([['role', 'a|b<&>é']]), status: 'failed' }),
  ];
  agent.onJoin = () =>
    Promise.reject(new Error('1 error occurred:\n\t* Failed to join 127.77.0.1:1: no\n\n'));
  agent.onUserEvent = (_, payload) => {
    if (payload.length > 512)
      throw new Error('user event exceeds configured limit of 512 bytes before encoding');
  };
  agent.onQuery = (handlers) => {
    // With time between: the original loses answers, or changes their order, when all comes at once.
    handlers.onAck('alpha');
    setTimeout(() => {
      handlers.onResponse('alpha', Uint8Array.from([0x79, 0x65, 0x73, 0x0a]));
      setTimeout(() => handlers.onDone(), 50);
    }, 50);
  };
  agent.keyOutcome = keyOutcome({
    messages: new Map([['beta', 'no "keyring"']]),
    nodes: 2,
    errors: 1,
    error: '1/2 nodes reported failure',
  });
  return agent;
}

/** Starts the real agent on a loopback address of its own; returns its RPC address. */
async function startAgent(t: TestContext, path: string): Promise<string> {
  const host = await loopbackAddress();
  const argv = [
    'agent',
    '-node=alpha',
    `-bind=${host}:7946`,
    `-rpc-addr=${host}:7373`,
    '-tag=role=web',
    '-tag=y=2',
  ];
  const agent = spawn(path, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => end(agent));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    agent.once('exit', () => reject(new Error(`the agent ended: ${said}`)));
    agent.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Log data will now stream in')) resolve();
    });
  });
  return `${host}:7373`;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function run(path: string, argv: readonly string[], env: Record<string, string>): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(path, argv, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      resolve({ stdout, stderr, exit: typeof code === 'number' ? code : -1 });
    });
  });
}

/** The original shows tags in an order that depends on chance. */
function withTagsInOrder({ stdout, ...rest }: CommandResult): CommandResult {
  const sorted = stdout.replace(/\w+=\S+,\S+/g, (tags) => tags.split(',').sort().join(','));
  return { stdout: sorted, ...rest };
}
