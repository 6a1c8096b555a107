// Every command line that was recorded, typed again: against a fake agent in the state the recorded one was
// in, the command must print the same bytes and exit with the same code.
//
// Where the order depends on chance (members, tags, acks), the fake agent answers in the order of the
// recording.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { captureNames, readTranscript, type Transcript } from '@reeve/golden';
import { serfProgram } from '../../dist/cli/program.js';
import { type FakeAgent, keyOutcome } from '../rpc/fake-agent.ts';
import {
  agentOf,
  failureIn,
  infoIn,
  keysIn,
  membersIn,
  playMonitor,
  playQuery,
  playReachability,
} from './recorded-state.ts';
import { type CommandResult, runSerf, serveAgent } from './serf-command.ts';

/** Recordings that need more than an agent in a certain state. */
const ownTest = new Set([
  ...[
    'auth-missing',
    'auth-ok',
    'auth-wrong',
    'env-SERF_RPC_ADDR',
    'env-SERF_RPC_AUTH',
    'keygen',
    'keygen-extra-arg',
  ],
  ...['members-regex-bad', 'monitor', 'monitor-agent-dies', 'query-interrupted', 'reachability-interrupted'],
  ...['rpc-bad-addr', 'rpc-wrong-addr'],
]);

for (const name of ['cli', 'cli-0.10.1'].flatMap((folder) => captureNames(folder))) {
  if (ownTest.has(name.replace(/^.*\//, ''))) continue;
  const recorded = readTranscript(name);
  const token = /-rpc-auth=(\S+)/.exec(recorded.command)?.[1];
  const options = token === undefined || recorded.exit !== 0 ? {} : { authKey: token };
  test(`[89] ${name}`, (t) => retype(t, name, agentFor(recorded), options));
}

function agentFor(recorded: Transcript): FakeAgent {
  const agent = agentOf('alpha');
  const command = recorded.argv[0] ?? '';
  if (command === 'members') agent.memberList = membersIn(recorded);
  if (command === 'info') agent.statistics = infoIn(recorded);
  if (command === 'keys') agent.keyOutcome = keyOutcome(keysIn(recorded));
  if (command === 'query') agent.onQuery = playQuery(recorded);
  if (command === 'reachability') playReachability(agent, recorded);
  if (command === 'join') agent.onJoin = async () => Number(/contacting (\d)/.exec(recorded.stdout)?.[1]);
  if (/^Error (sending|setting|joining)/.test(recorded.stdout)) {
    agent.failure = failureIn(recorded);
    agent.onJoin = () => Promise.reject(agent.failure);
  }
  if (command === 'rtt') agent.statistics = new Map([['agent', new Map([['name', ownName(recorded)]])]]);
  return agent;
}

/** Without a second node, `serf rtt` takes the agent's own. */
function ownName({ stdout }: Transcript): string {
  return / <-> (\w+)/.exec(stdout)?.[1] ?? 'alpha';
}

test('[89] cli/auth-missing, auth-wrong, auth-ok', async (t) => {
  for (const name of ['cli/auth-missing', 'cli/auth-wrong', 'cli/auth-ok']) {
    const agent = agentOf('rb');
    agent.memberList = membersIn(readTranscript('cli/auth-ok'));
    await retype(t, name, agent, { authKey: 's3cret' });
  }
});

test('[89] [91] cli/env-SERF_RPC_ADDR, env-SERF_RPC_AUTH: the variables are honoured', async (t) => {
  const agent = agentOf('rb');
  agent.statistics = infoIn(readTranscript('cli/env-SERF_RPC_ADDR'));
  await retype(t, 'cli/env-SERF_RPC_ADDR', agent);
  agent.memberList = membersIn(readTranscript('cli/env-SERF_RPC_AUTH'));
  await retype(t, 'cli/env-SERF_RPC_AUTH', agent, { authKey: 's3cret', env: { SERF_RPC_AUTH: 's3cret' } });
});

test('[89] cli/query-interrupted, reachability-interrupted: Ctrl-C ends the wait', async (t) => {
  for (const name of ['cli/query-interrupted', 'cli/reachability-interrupted']) {
    const signals = new EventEmitter();
    const agent = agentOf('mo1', 'mo2');
    agent.onQuery = (handlers) => {
      handlers.onAck('mo1');
    };
    const lastLine =
      readTranscript(name).exit === 1 && name.includes('query') ? "Ack from 'mo1'" : 'Starting';
    const onStdout = (stdout: string): void => void (stdout.includes(lastLine) && signals.emit('SIGINT'));
    await retype(t, name, agent, { signals, onStdout });
  }
});

test('[89] [94] cli/monitor: log and events as they come, and exit 0 when interrupted', async (t) => {
  const signals = new EventEmitter();
  const agent = agentOf('mo1');
  playMonitor(agent, readTranscript('cli/monitor'), () => signals.emit('SIGINT'));
  await retype(t, 'cli/monitor', agent, { signals, compare: assertSameMonitor });
});

test('[89] [94] cli/monitor-agent-dies: exit 1, and a word about it', async (t) => {
  const agent = agentOf('mo1');
  const server = await serveAgent(t, agent);
  playMonitor(agent, readTranscript('cli/monitor-agent-dies'), () => void server.close());
  await retype(t, 'cli/monitor-agent-dies', agent, { server, compare: assertSameMonitor });
});

test('[89] cli-0.10.1/monitor: lines of several lines are printed as they are', async (t) => {
  const signals = new EventEmitter();
  const agent = agentOf('ten1');
  const recorded = readTranscript('cli-0.10.1/monitor'); // ended by a timeout, where we use Ctrl-C
  playMonitor(agent, recorded, () => signals.emit('SIGINT'));
  const result = await typeAgain(t, recorded, agent, { signals });
  assert.equal(result.stdout, recorded.stdout);
});

test('[89] cli/keygen, keygen-extra-arg: another key of 32 bytes each time, whatever follows', async () => {
  const keysMade = new Set<string>();
  for (const name of ['cli/keygen', 'cli/keygen-extra-arg']) {
    const recorded = readTranscript(name);
    const { stdout, stderr, exit } = await runSerf(recorded.argv);
    assert.match(stdout, /^[A-Za-z0-9+/]{43}=\n$/);
    assert.match(recorded.stdout, /^[A-Za-z0-9+/]{43}=\n$/);
    assert.deepEqual([stderr, exit], [recorded.stderr, recorded.exit]);
    keysMade.add(stdout);
  }
  keysMade.add((await runSerf(['keygen', '-x'])).stdout);
  assert.equal(keysMade.size, 3);
});

test('[89] cli/rpc-bad-addr, rpc-wrong-addr: why there is no connection', async (t) => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const wrong = readTranscript('cli/rpc-wrong-addr');
  const result = await runSerf(['members', `-rpc-addr=127.0.0.1:${port}`]);
  assert.deepEqual(result, {
    stdout: wrong.stdout.replace('127.0.7.77:7373', `127.0.0.1:${port}`),
    stderr: wrong.stderr,
    exit: wrong.exit,
  });
  const bad = readTranscript('cli/rpc-bad-addr');
  assert.deepEqual(pick(await runSerf(bad.argv)), pick(bad));
  t.diagnostic(`the closed port was ${port}`);
});

test('[89] cli/members-regex-bad: an agent hangs up, as upstream does', async (t) => {
  const hangsUp = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(
        Uint8Array.from([0x82, 0xa5, ...Buffer.from('Error'), 0xa0, 0xa3, ...Buffer.from('Seq'), 0x01]),
      );
      socket.once('data', () => socket.end());
    });
  }).listen(0, '127.0.0.1');
  t.after(() => hangsUp.close());
  await new Promise((resolve) => hangsUp.once('listening', resolve));
  const { port } = hangsUp.address() as { port: number };
  const recorded = readTranscript('cli/members-regex-bad');
  const argv = recorded.argv.map((word) => word.replace(/^-rpc-addr=.*/, `-rpc-addr=127.0.0.1:${port}`));
  assert.deepEqual(pick(await runSerf(argv)), pick(recorded));
});

test('a bad expression is explained by an agent of ours', async (t) => {
  const { address } = await serveAgent(t, agentOf('alpha'));
  const { stdout, exit } = await runSerf(['members', `-rpc-addr=${address}`, '-name=al(']);
  assert.equal(
    stdout,
    'Error retrieving members: Failed to compile regex: error parsing regexp: missing closing ): `^al($`\n',
  );
  assert.equal(exit, 1);
});

interface Retype {
  readonly authKey?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signals?: EventEmitter;
  readonly onStdout?: (stdout: string) => void;
  readonly server?: { readonly address: string };
  readonly compare?: (actual: string, expected: string) => void;
}

async function retype(t: TestContext, name: string, agent: FakeAgent, options: Retype = {}): Promise<void> {
  const recorded = readTranscript(name);
  const result = await typeAgain(t, recorded, agent, options);
  const actual = withoutTimes(result.stdout);
  const expected = withoutTimes(recorded.stdout);
  if (options.compare === undefined) assert.equal(actual, expected, name);
  else options.compare(actual, expected);
  assert.equal(result.stderr, recorded.stderr, `${name}: stderr`);
  assert.equal(result.exit, recorded.exit, `${name}: exit code`);
}

/** The recorded command line with our server's address; our own help is `<help>`, as in the recordings. */
async function typeAgain(
  t: TestContext,
  recorded: Transcript,
  agent: FakeAgent,
  options: Retype,
): Promise<CommandResult> {
  const { address } = options.server ?? (await serveAgent(t, agent, options.authKey));
  const argv = recorded.argv.map((word) => word.replace(/^-rpc-addr=.*/, `-rpc-addr=${address}`));
  const env = { SERF_RPC_ADDR: address, ...options.env };
  const result = await runSerf(argv, { ...options, env });
  const command = await serfProgram.commands[argv[0] ?? '']?.load();
  const hide = (text: string): string => text.replace(`${command?.help}\n`, '<help>\n');
  return { ...result, stdout: hide(result.stdout), stderr: hide(result.stderr) };
}

function withoutTimes(stdout: string): string {
  return stdout.replace(/\d+\.\d\d sec/g, 'N sec');
}

function pick({ stdout, stderr, exit }: CommandResult): CommandResult {
  return { stdout, stderr, exit };
}

/** The keys of an event are printed in an order that depends on chance. */
function assertSameMonitor(actual: string, expected: string): void {
  const sorted = (text: string): string =>
    text.replace(/(?:\t.*\n)+/g, (block) => `${block.trimEnd().split('\n').sort().join('\n')}\n`);
  assert.equal(sorted(actual), sorted(expected));
}
