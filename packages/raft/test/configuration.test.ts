// How the servers of a cluster change. Raft thesis, section 4; hashicorp/raft configuration.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConfigurationChange, RaftError } from '@reeve/raft';
import { nextConfiguration, serversText } from '@reeve/raft/core';
import { Bench, leader, member, server, voters } from './core-kit.ts';

const change = (command: ConfigurationChange['command'], n: number, prevIndex = 0): ConfigurationChange => ({
  command,
  id: `s${n}`,
  address: `10.0.0.${n}:8300`,
  prevIndex,
});

test('a change adds, moves, demotes, promotes or removes one server', () => {
  const three = voters(3);
  const after = (it: ConfigurationChange) => nextConfiguration(three, 5, it).servers;
  assert.deepEqual(after(change('add-voter', 4)), [...three.servers, server(4)]);
  assert.deepEqual(after(change('add-nonvoter', 4)), [...three.servers, server(4, 'nonvoter')]);
  assert.deepEqual(after({ ...change('add-voter', 2), address: 'x:1' })[1], { ...server(2), address: 'x:1' });
  assert.deepEqual(after({ ...change('add-nonvoter', 2), address: 'x:1' })[1], {
    ...server(2),
    address: 'x:1',
  });
  assert.deepEqual(after(change('demote-voter', 2))[1], server(2, 'nonvoter'));
  assert.deepEqual(after(change('remove-server', 2)), [server(1), server(3)]);
  const staging = { servers: [server(1), server(2, 'staging')] };
  assert.deepEqual(nextConfiguration(staging, 5, change('promote', 2)).servers, [server(1), server(2)]);
});

test('what makes no sense is refused in the words of the original', () => {
  const refusal = (it: ConfigurationChange): string => {
    try {
      nextConfiguration(voters(1), 5, it);
      return '';
    } catch (error) {
      assert.ok(error instanceof RaftError);
      return error.message;
    }
  };
  assert.equal(refusal(change('remove-server', 1)), 'Need at least one voter in configuration: {[]}');
  assert.equal(refusal(change('add-voter', 2, 4)), 'Configuration changed since 4 (latest is 5)');
  assert.equal(
    refusal({ ...change('add-voter', 2), address: '10.0.0.1:8300' }),
    'Found duplicate address in configuration: 10.0.0.1:8300',
  );
  assert.equal(
    refusal({ ...change('add-voter', 2), address: '' }),
    'Empty address in configuration: {Voter s2 }',
  );
});

test('the list of servers is printed as Go does', () => {
  assert.equal(
    serversText({ servers: [server(1), server(2, 'nonvoter')] }),
    '[{Suffrage:Voter ID:s1 Address:10.0.0.1:8300} {Suffrage:Nonvoter ID:s2 Address:10.0.0.2:8300}]',
  );
});

test('a change has to wait for the one before, and for an entry of the leader’s own term', () => {
  const follower = member(3);
  const append = {
    kind: 'append-entries',
    term: 1,
    leader: '10.0.0.2:8300',
    prevIndex: 1,
    prevTerm: 1,
  } as const;
  follower.hear({ ...append, entries: [], leaderCommit: 1 });
  const fresh = follower.elect();
  assert.ok(fresh.state.membership.isStable);
  assert.ok(!fresh.raft.canChangeConfiguration);
  const bench = fresh.agree();
  assert.ok(bench.raft.canChangeConfiguration);
  bench.raft.changeConfiguration(change('add-nonvoter', 4));
  bench.settle();
  assert.ok(!bench.raft.canChangeConfiguration);
  bench.agree();
  assert.ok(bench.raft.canChangeConfiguration);
});

test('a new server is sent the log, and counts for nothing until it votes', () => {
  const bench = leader(1);
  bench.raft.changeConfiguration(change('add-nonvoter', 2));
  bench.settle();
  assert.equal(bench.state.commitIndex, bench.state.log.lastIndex, 'one voter is still a majority');
  assert.equal(bench.take('append-entries', 's2').length, 1);
  bench.raft.changeConfiguration(change('add-voter', 2));
  bench.settle();
  assert.equal(bench.state.commitIndex, bench.state.log.lastIndex - 1, 'now both are needed');
});

test('a removed server is told with a last message, and then nothing', () => {
  const bench = leader(3);
  for (const ask of bench.take('heartbeat')) bench.appended(ask);
  const index = bench.raft.changeConfiguration(change('remove-server', 3));
  bench.settle();
  const last = bench.take('append-entries', 's3').at(-1);
  assert.equal(last?.request.entries.at(-1)?.index, index);
  bench.agree().pass(300);
  assert.deepEqual([bench.take('append-entries', 's3'), bench.take('heartbeat', 's3')], [[], []]);
});

test('a leader that removes itself steps down when that is committed, not before', () => {
  const bench = leader(3);
  const index = bench.raft.changeConfiguration(change('remove-server', 1));
  bench.settle();
  const asks = bench.take('append-entries');
  bench.appended(asks[0]);
  assert.equal(bench.state.role, 'leader', 'its own log no longer counts');
  bench.appended(asks[1]);
  assert.deepEqual([bench.state.role, bench.state.commitIndex], ['follower', index]);
});

test('a cluster is bootstrapped once', () => {
  const bench = member(3);
  assert.throws(() => bench.raft.bootstrap(voters(3)), new RaftError('cannot-bootstrap'));
  assert.throws(() => new Bench().raft.bootstrap({ servers: [] }), /Need at least one voter/);
  assert.deepEqual(bench.disk.hardState, { term: 1, votedFor: '' });
  assert.deepEqual([bench.disk.entries[0]?.type, bench.disk.entries[0]?.term], ['configuration', 1]);
});
