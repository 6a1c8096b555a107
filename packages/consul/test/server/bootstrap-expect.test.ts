// A cluster that begins when the expected servers have found each other. consul.md 8.3.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RaftError } from '@reeve/raft';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { ExpectedServers } from '../../dist/server/gossip/bootstrap-expect.js';
import { serverMember } from '../kit/leader.js';

test('servers that cannot be a cluster are one line in the log, and nothing is begun any more', async () => {
  const world = new VirtualWorld({ seed: 1 });
  const { runtime } = world.host('10.0.0.1');
  const lines: string[] = [];
  let attempts = 0;
  const expected = new ExpectedServers({
    runtime: { ...runtime, log: (level, text) => void lines.push(`${level} ${text}`) },
    datacenter: 'dc1',
    expect: 2,
    members: () => [
      serverMember('a', '10.0.0.1'),
      { ...serverMember('b', '10.0.0.2'), tags: new Map([...serverMember('b', '').tags, ['id', '']]) },
    ],
    hasRaftData: () => false,
    peersOf: async () => [],
    bootstrap: () => {
      attempts++;
      throw new RaftError('configuration', 'Empty ID in configuration');
    },
  });
  expected.look();
  await new Promise((resolve) => setImmediate(resolve));
  expected.look();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(lines, [
    'info consul: Found expected number of peers, attempting bootstrap: peers=10.0.0.1:8300,10.0.0.2:8300',
    'err consul: Failed to bootstrap cluster: error="Empty ID in configuration"',
  ]);
  assert.equal(attempts, 1);
});
