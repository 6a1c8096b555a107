// When a server may answer for the cluster: a leader may have been deposed while it did not run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Done, RaftError, type RaftNode } from '@reeve/raft';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { RaftConsensus } from '../../dist/server/raft-consensus.js';

/** A leader that knows everything, whose lease may be over. */
function leaderWith(holdsLease: boolean, verification: Parameters<Done<void>>[0]) {
  const asked: string[] = [];
  const raft: Partial<RaftNode> = {
    state: { role: 'leader', leadership: { startIndex: 3 }, appliedIndex: 9 } as RaftNode['state'],
    holdsLease,
    verifyLeader: (done) => {
      asked.push('verify');
      done(verification);
    },
  };
  const { runtime } = new VirtualWorld({ seed: 1 }).host('10.0.0.1');
  return { consensus: new RaftConsensus(raft as RaftNode, runtime), asked };
}

test('T0-14: a leader whose lease is over answers nothing before a majority has confirmed it', async () => {
  const confirmed = leaderWith(false, { ok: true, value: undefined });
  assert.equal(confirmed.consensus.hasCaughtUp, false);
  await confirmed.consensus.catchUp();
  assert.deepEqual(confirmed.asked, ['verify']);
  const deposed = leaderWith(false, { ok: false, error: new RaftError('leadership-lost') });
  await assert.rejects(deposed.consensus.catchUp(), { message: 'leadership lost while committing log' });
});

test('a leader that holds its lease asks nobody', async () => {
  const { consensus, asked } = leaderWith(true, { ok: true, value: undefined });
  assert.equal(consensus.hasCaughtUp, true);
  await consensus.catchUp();
  assert.deepEqual(asked, []);
});
