// `serf query -until-answered`, which the original does not have. The fake agent never ends a query: a
// command that waits for its timeout does not come back.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { encodeText } from '@reeve/bytes';
import { FakeAgent, member } from '../rpc/fake-agent.ts';
import { runSerf, serveAgent } from './serf-command.ts';

test('[86] a query ends as soon as all that are asked have answered', async (t) => {
  const { stdout, exit } = await query(t, ['a', 'b', 'c'], []);
  assert.equal(exit, 0);
  assert.equal(
    stdout,
    "Query 'load' dispatched\nResponse from 'a': of a\nResponse from 'b': of b\nResponse from 'c': of c\n" +
      'Total Acks: 0\nTotal Responses: 3\n',
  );
});

test('[86] only members that are alive and pass the filters are waited for', async (t) => {
  for (const [answering, flags] of [
    [['b'], ['-node=b', '-node=failed']],
    [['a'], ['-tag=role=^web$']],
    [['b', 'c'], ['-tag=role=^$']],
    [['a'], ['-tag=role=W', '-tag=role=(?i)W', '-tag=nosuch=']],
    [[], ['-node=nosuch']],
    [[], ['-tag=role=(']],
  ]) {
    const { stdout, exit } = await query(t, answering as string[], [...(flags as string[]), '-format=json']);
    assert.equal(exit, 0);
    const expected = Object.fromEntries((answering as string[]).map((name) => [name, `of ${name}`]));
    assert.deepEqual(JSON.parse(stdout), { Acks: null, Responses: expected }, `${flags}`);
  }
});

test('[86] an answer of somebody else is no reason to stop', async (t) => {
  const { stdout } = await query(t, ['stranger', 'a', 'b', 'c'], []);
  assert.match(stdout, /Total Responses: 4\n$/);
});

/** Asks a cluster of `a` (a web server), `b`, `c` and one that has failed; these answer. */
async function query(t: TestContext, answering: readonly string[], flags: readonly string[]) {
  const agent = new FakeAgent();
  agent.memberList = [
    member('a', '10.0.0.1', { tags: new Map([['role', 'web']]) }),
    member('b', '10.0.0.2'),
    member('c', '10.0.0.3'),
    member('failed', '10.0.0.4', { status: 'failed' }),
  ];
  agent.onQuery = ({ onResponse }) => {
    for (const name of answering) onResponse(name, encodeText(`of ${name}`));
  };
  const { address } = await serveAgent(t, agent);
  return runSerf(['query', `-rpc-addr=${address}`, '-until-answered', ...flags, 'load']);
}
