// Two nodes with one name: the vote. Upstream: serf.go (resolveNodeConflict), internal_query.go
// (handleConflict).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '@reeve/serf/core';
import { onNameConflict } from '../dist/core/name-conflict.js';
import { applyQuery } from '../dist/core/query.js';
import { decodeConflictResponse, encodeConflictResponse } from '../dist/core/wire/conflict-response.js';
import { decodeQuery } from '../dist/core/wire/query.js';
import { decodeQueryResponse } from '../dist/core/wire/query-response.js';
import { bytesOf, textOf } from './support/bytes.js';
import { createRig, nodeCalled } from './support/rig.js';

const other = { host: '10.0.0.66', port: 7946 };

test('[62] a conflict about our name is put to the vote, once at a time', () => {
  const { machine, gossip, lines } = createRig();
  lines();
  onNameConflict(machine, gossip.localNode, other);
  onNameConflict(machine, gossip.localNode, other);
  const text = 'Names must be unique! (Resolution enabled: true)';
  assert.deepEqual(lines(), [
    `[ERR] serf: Node name conflicts with another node at 10.0.0.66:7946. ${text}`,
    `[ERR] serf: Node name conflicts with another node at 10.0.0.66:7946. ${text}`,
  ]);
  const [vote, ...more] = machine.queues.queries.take(0, 1_000).map(decodeQuery);
  assert.deepEqual(
    [vote?.name, textOf(vote?.payload ?? new Uint8Array()), vote?.flags],
    ['_serf_conflict', 'me', 0],
  );
  assert.deepEqual(more, []);
});

test('[62] with the majority we stay', () => {
  const { machine, world, votes, lines } = startVote(3);
  votes.forOurs('web1');
  votes.forOurs('web2');
  votes.forOther('web3');
  world.run(4_000);
  assert.equal(machine.state, 'alive');
  assert.equal(lines().at(-1), '[INFO] serf: majority in name conflict resolution [2 / 3]');
  assert.equal(machine.isResolvingConflict, false);
});

test('[62] with half of the votes we go', () => {
  const { machine, world, votes, lines } = startVote(2);
  votes.forOurs('web1');
  votes.forOther('web2');
  world.run(4_000);
  assert.equal(machine.state, 'shutdown');
  assert.equal(lines().at(-1), '[WARN] serf: minority in name conflict resolution, quitting [1 / 2]');
});

test('[62] without a vote we go', () => {
  const { machine, world, lines } = startVote(0);
  world.run(4_000);
  assert.equal(machine.state, 'shutdown');
  assert.equal(lines().at(-1), '[WARN] serf: minority in name conflict resolution, quitting [0 / 0]');
});

test('nobody goes because of somebody who is not there: a forged packet ends nothing', () => {
  const { machine, gossip, world, lines } = startVote(0);
  gossip.deserted.push(other.host);
  world.run(4_000);
  assert.equal(machine.state, 'alive');
  assert.equal(lines().at(-1), "[WARN] serf: Nobody called 'me' is at 10.0.0.66:7946");
});

test('[62] who does not know the name votes against us, who answers nonsense has no vote', () => {
  const { world, votes, lines } = startVote(3);
  votes.withPayload('web1', encodeConflictResponse(undefined));
  votes.withPayload('web2', Uint8Array.of(5, 1));
  votes.withPayload('web3', Uint8Array.of(6, 0x81));
  world.run(4_000);
  assert.equal(lines().at(-1), '[WARN] serf: minority in name conflict resolution, quitting [0 / 1]');
});

test('[62] asked about a name we answer whom we know by it, asked about our own we do not', () => {
  const { machine, gossip, join } = createRig();
  join(nodeCalled('web1', '10.0.0.2', { role: 'web' }));
  const ask = (name: string) => {
    applyQuery(machine, {
      ...{
        lTime: machine.clocks.query.time,
        id: 1,
        replyTo: other,
        sourceNode: 'asker',
        filters: [],
        flags: 0,
      },
      ...{ relayFactor: 0, timeoutMs: 5_000, name: '_serf_conflict', payload: bytesOf(name) },
    });
    const answer = gossip.sent.pop();
    return answer && decodeConflictResponse(decodeQueryResponse(answer.message).payload);
  };
  assert.deepEqual(ask('web1'), machine.members.get('web1')?.member);
  assert.equal(ask('nobody'), undefined);
  assert.equal(ask('me'), undefined);
  assert.equal(gossip.sent.length, 0);
});

test('a conflict about somebody else is only logged', () => {
  const { machine, lines } = createRig();
  lines();
  onNameConflict(machine, nodeCalled('web1', '10.0.0.2'), other);
  assert.deepEqual(lines(), [
    "[WARN] serf: Name conflict for 'web1' both 10.0.0.2:7946 and 10.0.0.66:7946 are claiming",
  ]);
  assert.equal(machine.queues.queries.size, 0);
});

test('without resolution a conflict about us is only logged', () => {
  const { machine, gossip, lines } = createRig({ enableNameConflictResolution: false });
  onNameConflict(machine, gossip.localNode, other);
  assert.match(lines().at(-1) ?? '', /\(Resolution enabled: false\)$/);
  assert.equal(machine.queues.queries.size, 0);
});

function startVote(voters: number) {
  const rig = createRig();
  for (let i = 1; i <= voters; i++) rig.join(nodeCalled(`web${i}`, `10.0.0.${i + 1}`));
  const { machine, gossip } = rig;
  onNameConflict(machine, gossip.localNode, other);
  const [query] = machine.queues.queries.take(0, 1_000).map(decodeQuery);
  assert.ok(query);
  const withPayload = (from: string, payload: Uint8Array): void =>
    machine.runningQueries.onResponse({ lTime: query.lTime, id: query.id, from, flags: 0, payload });
  const us = machine.members.get('me')?.member;
  assert.ok(us);
  const vote = (from: string, member: Member) => withPayload(from, encodeConflictResponse(member));
  return {
    ...rig,
    votes: {
      withPayload,
      forOurs: (from: string) => vote(from, us),
      forOther: (from: string) => vote(from, { ...us, ...other }),
    },
  };
}
