// `serf swarm`: members that everybody else takes for members, from the start to Ctrl-C.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { privateAddress, SerfProcess, serf, startAgent } from '../agent/agent-process.ts';
import { runSerf } from './serf-command.ts';

test('twenty members join an agent, which sees them come and, after Ctrl-C, leave', async (t) => {
  const [address, rpc] = [await privateAddress(), '-rpc-addr'];
  const agent = startAgent(t, '-node=agent', `-bind=${address}`, `${rpc}=${address}:7373`);
  await agent.printed('Log data will now stream in');
  const bind = await privateAddress();
  const flags = ['-ports', `-bind=${bind}:0`, `-join=${address}:7946`, '-tag=role=web', '-node-prefix=bee'];
  const swarm = new SerfProcess(['swarm', '-interval=100ms', ...flags, '20']);
  t.after(() => swarm.signal('SIGKILL'));
  await swarm.printed('  20 of 20 see all  alive 21  failed 0  events 0  ');

  const alive = JSON.parse((await members()).stdout) as { members: { name: string; tags: unknown }[] };
  const bees = alive.members.filter(({ name }) => name !== 'agent');
  assert.deepEqual(bees.map(({ name }) => name).sort(), numbered('bee', 20));
  assert.ok(bees.every(({ tags }) => (tags as { role?: string }).role === 'web'));

  await serf('event', `${rpc}=${address}:7373`, 'deploy');
  await swarm.printed('  events 20  ');
  swarm.signal('SIGINT');
  const { exit, stderr } = await swarm.ended;
  assert.deepEqual([exit, stderr], [0, '']);
  assert.equal((await members('-status=left')).stdout.match(/"name"/g)?.length, 20);

  function members(status = '-status=alive'): ReturnType<typeof serf> {
    return serf('members', `${rpc}=${address}:7373`, '-format=json', status);
  }
});

test('acquainted members see each other from the start; who joins one is told of all', async (t) => {
  const [bind, address] = [await privateAddress(), await privateAddress()];
  const swarm = new SerfProcess([
    'swarm',
    '-acquainted',
    '-ports',
    `-bind=${bind}:9000`,
    '-interval=100ms',
    '30',
  ]);
  t.after(() => swarm.signal('SIGKILL'));
  await swarm.printed('s  30 of 30 see all  alive 30  failed 0  ');
  const agent = startAgent(t, `-bind=${address}`, `-rpc-addr=${address}:7373`, `-join=${bind}:9029`);
  await agent.printed('Log data will now stream in');
  const { stdout } = await serf('members', `-rpc-addr=${address}:7373`, '-status=alive');
  assert.equal(stdout.trim().split('\n').length, 31);
  await swarm.printed('  30 of 30 see all  alive 31  failed 0  ');
});

test('reports for programs are one JSON object a line', async () => {
  const signals = new EventEmitter();
  const bind = await privateAddress();
  let isInterrupted = false;
  const onStdout = (stdout: string): void => {
    if (isInterrupted || !stdout.includes('"complete":3')) return;
    isInterrupted = true; // a second time it would end at once, with 1
    signals.emit('SIGINT');
  };
  const args = ['swarm', '-ports', `-bind=${bind}:0`, '-interval=100ms', '-format=json', '3'];
  const { stdout, exit } = await runSerf(args, { signals, onStdout });
  assert.equal(exit, 0);
  const reports = stdout.trim().split('\n');
  const { seconds, cpu_percent, rss_mib, ...counts } = JSON.parse(
    reports.find((report) => report.includes('"complete":3')) ?? '',
  );
  assert.deepEqual(counts, {
    members: 3,
    joined: 3,
    complete: 3,
    alive_min: 3,
    alive_max: 3,
    failed: 0,
    events: 0,
  });
  for (const number of [seconds, cpu_percent, rss_mib]) assert.ok(number >= 0);
});

test('a swarm that cannot be is told in one sentence, with exit code 1', async () => {
  const refusals: readonly (readonly [readonly string[], string])[] = [
    [['many'], 'A swarm has 1 to 10000 members, not "many"'],
    [['-format=xml', '1'], 'Encoding error: Invalid output format "xml"'],
    [['-tag=role', '1'], "Error: Invalid tag: 'role'"],
    [['-log-level=loud', '1'], 'Invalid log level: LOUD. Valid log levels are: [TRACE DEBUG INFO WARN ERR]'],
  ];
  for (const [args, sentence] of refusals)
    assert.deepEqual(await runSerf(['swarm', ...args]), { stdout: `${sentence}\n`, stderr: '', exit: 1 });
});

test('without a count, or with words behind it, the help is shown', async () => {
  for (const args of [[], ['3', '-ports']]) {
    const { stdout, exit } = await runSerf(['swarm', ...args]);
    assert.equal(exit, 1);
    assert.ok(stdout.startsWith('Expects one argument: how many members to run\n\nUsage: serf swarm'));
  }
});

test('an address that is taken, and a cluster that is not there, end it with 1', async () => {
  const bind = await privateAddress();
  const elsewhere = await runSerf(['swarm', '-bind=192.0.2.1', '2']);
  assert.equal(elsewhere.exit, 1);
  assert.match(
    elsewhere.stdout,
    /^Failed to create memberlist: .*192\.0\.2\.1.*cannot assign requested address\n$/,
  );
  const alone = await runSerf(['swarm', '-ports', `-bind=${bind}:0`, `-join=${bind}:1`, '2']);
  assert.equal(alone.exit, 1);
  assert.match(alone.stdout, /Failed to join .*connection refused/);
});

function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
}
