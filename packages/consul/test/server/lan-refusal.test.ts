// Who may not join a datacenter's gossip. consul.md 8.1.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberCandidate } from '@reeve/serf/core';
import { lanRefusal } from '../../dist/server/gossip/lan-refusal.js';
import { startAgent } from '../kit/run-agent.ts';

const we = { datacenter: 'dc1', nodeName: 'a', nodeId: 'id-a' };

function client(name: string, tags: Readonly<Record<string, string>> = {}): MemberCandidate {
  const all = { role: 'node', dc: 'dc1', id: `id-${name}`, build: '1.8.7:', vsn: '2', ...tags };
  return { name, host: '10.0.0.9', port: 8301, tags: new Map(Object.entries(all)), hasLeft: false };
}

test('agents of other datacenters are refused, servers and clients', () => {
  const server = { role: 'consul', dc: 'dc2', port: '8300', raft_vsn: '3' };
  assert.equal(lanRefusal([client('b', server)], we), "Member 'b' part of wrong datacenter 'dc2'");
  assert.equal(lanRefusal([client('b', { dc: 'dc3' })], we), "Member 'b' part of wrong datacenter 'dc3'");
  assert.equal(lanRefusal([client('a'), client('b')], we), undefined);
  assert.equal(lanRefusal([client('b', { role: 'something else', dc: 'dc3' })], we), undefined);
});

test('an id belongs to one agent: ours, or one of those who join together', () => {
  const ours = "Member 'b' has conflicting node ID 'id-a' with this agent's ID";
  assert.equal(lanRefusal([client('b', { id: 'id-a' })], we), ours);
  const twice = "Member 'c' has conflicting node ID 'id-b' with member 'b'";
  assert.equal(lanRefusal([client('b'), client('c', { id: 'id-b' })], we), twice);
});

test('who has left, or is older than 0.8.5, may share an id', () => {
  const gone = { ...client('b', { id: 'id-a' }), hasLeft: true };
  assert.equal(lanRefusal([gone], we), undefined);
  assert.equal(lanRefusal([client('b', { build: '0.8.4:' }), client('c', { id: 'id-b' })], we), undefined);
});

test('another segment is refused', () => {
  const refusal = "Member 'b' part of wrong segment 'alpha' (expected '')";
  assert.equal(lanRefusal([client('b', { segment: 'alpha' })], we), refusal);
});

test('a join between datacenters fails on either side, in the words of the original', async (t) => {
  const [ours, theirs] = [await startAgent(t, '-dev'), await startAgent(t, '-dev', '-datacenter=dc2')];
  await ours.printed('Consul agent running!\n');
  await theirs.printed('Consul agent running!\n');
  const { status, text } = await theirs.ask(`PUT /v1/agent/join/${ours.address}`);
  const reason = `Failed to join ${ours.address}: Member 'n1' part of wrong datacenter 'dc1'`;
  assert.deepEqual([status, text], [500, `1 error occurred:\n\t* ${reason}\n\n`]);
  await ours.printed("memberlist: Failed push/pull merge: Member 'n1' part of wrong datacenter 'dc2' from=");
});
