// What the commands of `serf` have in common, and what is not in any recording.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { protocolVersionMax, protocolVersionMin } from '@reeve/serf/core';
import { serfProgram } from '../../dist/cli/program.js';
import { reeveVersion, serfProtocol } from '../../dist/cli/version.js';
import { keyOutcome, member } from '../rpc/fake-agent.ts';
import { agentOf } from './recorded-state.ts';
import { runSerf, serveAgent } from './serf-command.ts';

test('[90] the help of every command names its arguments, its flags and their defaults', async () => {
  const rpc = ['-rpc-addr', '127.0.0.1:7373', '-rpc-auth', '""'];
  const expected: Readonly<Record<string, readonly string[]>> = {
    event: ['name', 'payload', '-coalesce', 'true', ...rpc],
    'force-leave': ['name', '-prune', ...rpc],
    info: ['-format', 'json', 'text', ...rpc],
    join: ['address', '-replay', ...rpc],
    keygen: [],
    keys: ['-install=', '-use=', '-remove=', '-list', ...rpc],
    leave: rpc,
    members: ['-detailed', '-format', '-name=', '-role=', '-status=', '-tag=', 'key=regexp', ...rpc],
    monitor: ['-log-level', 'INFO', ...rpc],
    query: [
      'name',
      'payload',
      '-format',
      '-node=',
      '-tag=',
      '-timeout=',
      '15s',
      '-no-ack',
      '-relay-factor',
      '-until-answered',
      ...rpc,
    ],
    reachability: ['-verbose', ...rpc],
    rtt: ['node1', '[node2]', ...rpc],
    simulate: [
      '-nodes=',
      '-scenario=',
      'partition',
      '-profile=',
      '-config-file=',
      '-loss=',
      '-latency=',
      '-kill=',
      '-duration=',
      '-seed=',
      '-format',
      '-output=file.html',
    ],
    swarm: ['count', '-bind', '127.10.0.1', '-join=', '-tag=key=value', '-profile', '-log-level=', '-format'],
    tags: ['-set=key=value', '-delete=key', ...rpc],
    validate: ['-config-file=', '-config-dir=', '-bind=', '-tag=key=value', '-format', 'json', 'text'],
    version: ['-reeve'],
  };
  assert.deepEqual([...Object.keys(expected), 'agent'].sort(), Object.keys(serfProgram.commands).sort());
  for (const [name, words] of Object.entries(expected)) {
    const { stdout, stderr, exit } = await runSerf([name, '-help']);
    assert.deepEqual([stdout, exit], ['', 0], name);
    assert.ok(stderr.startsWith(`Usage: serf ${name}`), name);
    for (const word of words) assert.ok(stderr.includes(word), `the help of ${name} does not say ${word}`);
    for (const line of stderr.split('\n')) assert.ok(line.length <= 80, `${name}: ${line}`);
  }
});

test('[90] the program lists all commands on stderr; a wrong one is told by the exit code', async () => {
  const asked = await runSerf(['-help']);
  assert.deepEqual([asked.stdout, asked.exit], ['', 0]);
  for (const name of Object.keys(serfProgram.commands))
    assert.match(asked.stderr, new RegExp(`^    ${name} +\\w`, 'm'));
  assert.deepEqual(await runSerf(['nosuch']), { ...asked, exit: 127 });
  assert.deepEqual(await runSerf([]), { ...asked, exit: 127 });
});

test('[91] flags win over SERF_RPC_ADDR and SERF_RPC_AUTH', async (t) => {
  const { address } = await serveAgent(t, agentOf('alpha'), 'right');
  const env = { SERF_RPC_ADDR: 'nonsense', SERF_RPC_AUTH: 'wrong' };
  const { stdout, exit } = await runSerf(['info', `-rpc-addr=${address}`, '-rpc-auth=right'], { env });
  assert.deepEqual([stdout, exit], ['agent:\n\tname = alpha\n', 0]);
});

test('[92] flags end at the first word that is none, but -v anywhere asks for the version', async (t) => {
  const agent = agentOf('alpha');
  const { address } = await serveAgent(t, agent);
  await runSerf(['event', `-rpc-addr=${address}`, 'deploy', '-coalesce=false']);
  assert.deepEqual(agent.calls, ['event deploy -coalesce=false coalesce=true']);
  const version = await runSerf(['version']);
  assert.equal(version.stdout, '0.8.2-dev\nAgent Protocol: 5 (Understands back to: 2)\n');
  for (const argv of [
    ['-v'],
    ['--version'],
    ['members', '-v'],
    ['event', 'deploy', '-v'],
    ['version', 'foo', '-x'],
  ]) {
    assert.deepEqual(await runSerf(argv), version);
  }
  assert.equal(agent.calls.length, 1);
});

test('[93] no members and no acks are null in JSON', async (t) => {
  const agent = agentOf('alpha');
  agent.memberList = [];
  agent.onQuery = (handlers) => {
    handlers.onResponse('alpha', new TextEncoder().encode('yes\n'));
    handlers.onDone();
  };
  const { address } = await serveAgent(t, agent);
  const members = await runSerf(['members', `-rpc-addr=${address}`, '-format=json']);
  assert.equal(members.stdout, '{\n  "members": null\n}\n');
  const query = await runSerf(['query', `-rpc-addr=${address}`, '-no-ack', '-format=json', 'load']);
  assert.equal(query.stdout, '{\n  "Acks": null,\n  "Responses": {\n    "alpha": "yes\\n"\n  }\n}\n');
  assert.equal(agent.queries[0]?.params.requestAck, false);
});

test('what a command asks the agent for is what its flags say', async (t) => {
  const agent = agentOf('alpha');
  agent.ownTags = new Map([
    ['role', 'web'],
    ['old', '1'],
  ]);
  const { address } = await serveAgent(t, agent);
  const env = { SERF_RPC_ADDR: address };
  const commands = [
    ['join', '-replay', '10.0.0.1', '10.0.0.2'],
    ['force-leave', '-prune', 'beta'],
    ['tags', '-set', 'a=b=c', '-set', 'role=db', '-delete', 'old', '-delete', 'nosuch'],
    ['keys', '-use=QUFB'],
    ['event', '-coalesce=false', 'deploy', 'v1'],
    ['query', '-timeout=1500ms', '-relay-factor=2', '-node=a', '-node=b', '-tag=role=x', 'load', 'hi'],
    ['leave'],
  ];
  for (const argv of commands) assert.equal((await runSerf(argv, { env })).exit, 0, argv.join(' '));
  assert.deepEqual(agent.calls, [
    'join 10.0.0.1 10.0.0.2 replay=true',
    'force-leave beta prune=true',
    'tags role=db a=b=c',
    'use-key QUFB',
    'event deploy v1 coalesce=false',
    'query load hi',
    'leave',
    'shutdown',
  ]);
  assert.deepEqual(agent.queries[0]?.params, {
    nodes: ['a', 'b'],
    tags: new Map([['role', 'x']]),
    requestAck: true,
    relayFactor: 2,
    timeoutMs: 1500,
  });
});

test('reachability tells answers from the dead and double answers from too few', async (t) => {
  const agent = agentOf('alpha', 'beta');
  agent.memberList = [member('alpha', '10.0.0.1'), member('beta', '10.0.0.2', { status: 'failed' })];
  const { address } = await serveAgent(t, agent);
  const answered = async (...names: string[]) => {
    agent.onQuery = (handlers) => {
      for (const name of names) handlers.onAck(name);
      handlers.onDone();
    };
    const { stdout, exit } = await runSerf(['reachability', `-rpc-addr=${address}`]);
    return `${stdout.split('\n').slice(2, 5).join('; ')} (${exit})`;
  };
  assert.equal(await answered('alpha'), 'Successfully contacted all live nodes;  (0)');
  assert.match(await answered('alpha', 'beta'), /^Received more acks .*; \tbeta; .*false-failures.* \(1\)$/);
  assert.match(await answered(), /^Received less acks .*; \talpha; .*lost.* \(1\)$/);
  assert.match(
    await answered('alpha', 'alpha'),
    /^Duplicate response from 'alpha'; Duplicate responses .*; .* \(1\)$/,
  );
});

test('keys tells that the agent went away as it tells other failures', async (t) => {
  const agent = agentOf('alpha');
  const server = await serveAgent(t, agent);
  agent.listKeys = async () => {
    await server.close();
    return keyOutcome({});
  };
  const { stdout, exit } = await runSerf(['keys', `-rpc-addr=${server.address}`, '-list']);
  assert.equal(
    stdout,
    '==> Asking all members for installed keys...\n\nFailed to gather member keys: client closed\n',
  );
  assert.equal(exit, 1);
});

test('version -reeve names our own version, which is the one in package.json', async () => {
  const json = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  assert.equal((JSON.parse(json) as { version: string }).version, reeveVersion);
  const { stdout } = await runSerf(['version', '-reeve']);
  assert.equal(stdout, `Reeve v${reeveVersion}\nNode.js ${process.version}\n`);
});

test('the protocols that version names are those of serf', () => {
  assert.deepEqual(serfProtocol, { min: protocolVersionMin, max: protocolVersionMax });
});
