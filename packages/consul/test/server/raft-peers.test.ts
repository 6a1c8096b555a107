// Members that become raft peers, and peers that stop being ones. consul.md 8.3, 8.7.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsensusServer } from '../../dist/server/consensus.js';
import type { ServerMember } from '../../dist/server/gossip/server-member.js';
import { addPeer, removePeer } from '../../dist/server/leader/raft-peers.js';

/** Raft's servers, and what was done to them. */
class Peers {
  readonly servers: ConsensusServer[];
  readonly done: string[] = [];
  readonly log = (_level: string, text: string) => void this.done.push(text);

  constructor(...servers: readonly (readonly [id: string, address: string])[]) {
    this.servers = servers.map(([id, address]) => ({ id, address, isVoter: true }));
  }

  async addNonvoter(id: string, address: string): Promise<void> {
    this.done.push(`+ ${id} ${address}`);
  }

  async removeServer(id: string): Promise<void> {
    this.done.push(`- ${id}`);
  }
}

const leader = { nodeName: 'a', members: () => [] };
const protocols = {
  protocolMin: 1,
  protocolMax: 5,
  protocolCur: 2,
  delegateMin: 2,
  delegateMax: 5,
  delegateCur: 4,
};
const three = [
  ['id-a', '10.0.0.1:8300'],
  ['id-b', '10.0.0.2:8300'],
  ['id-c', '10.0.0.3:8300'],
] as const;

function server(name: string, host: string): ServerMember {
  const rest = { datacenter: 'dc1', port: 8300, version: '1.8.7', raftVersion: 3, expect: 0 };
  return { ...rest, name, id: `id-${name}`, host, isBootstrap: false, isNonvoter: false };
}

test('a server that is a peer already is left alone', async () => {
  const peers = new Peers(...three);
  await addPeer(peers, leader, server('b', '10.0.0.2'), peers.log);
  assert.deepEqual(peers.done, []);
});

test('a server at the address of another one takes its place', async () => {
  const peers = new Peers(...three);
  await addPeer(peers, leader, server('d', '10.0.0.2'), peers.log);
  assert.deepEqual(peers.done, [
    '- id-b',
    'consul: removed server with duplicate address: address=10.0.0.2:8300',
    '+ id-d 10.0.0.2:8300',
  ]);
});

test('a server that comes back at another address leaves its old one', async () => {
  const peers = new Peers(...three);
  await addPeer(peers, leader, server('b', '10.0.0.9'), peers.log);
  assert.deepEqual(peers.done, [
    '- id-b',
    'consul: removed server with duplicate ID: id=id-b',
    '+ id-b 10.0.0.9:8300',
  ]);
});

test('a server that is forgotten does not take along the one that has its address by now', async () => {
  const peers = new Peers(three[0], ['id-d', '10.0.0.2:8300'], three[2]);
  await removePeer(peers, server('b', '10.0.0.2'), peers.log);
  assert.deepEqual(peers.done, []);
  await removePeer(peers, server('c', '10.0.0.3'), peers.log);
  assert.deepEqual(peers.done, ['consul: removing server by ID: id=id-c', '- id-c']);
});

test('a peer of raft version 2, whose id is its address, is found by that', async () => {
  const peers = new Peers(three[0], ['10.0.0.2:8300', '10.0.0.2:8300']);
  await removePeer(peers, server('b', '10.0.0.2'), peers.log);
  assert.deepEqual(peers.done, ['consul: removing server by ID: id=10.0.0.2:8300', '- 10.0.0.2:8300']);
});

test('of two servers that begin clusters alone none becomes the peer of the other', async () => {
  const peers = new Peers(three[0]);
  const tags = {
    role: 'consul',
    dc: 'dc1',
    id: 'id-a',
    port: '8300',
    build: '1.8.7:',
    vsn: '2',
    bootstrap: '1',
  };
  const member = { name: 'a', host: '10.0.0.1', port: 8301, tags: new Map(Object.entries(tags)) } as const;
  const pool = { nodeName: 'a', members: () => [{ ...member, status: 'alive' as const, ...protocols }] };
  await addPeer(peers, pool, { ...server('b', '10.0.0.2'), isBootstrap: true }, peers.log);
  const text =
    'Two nodes are in bootstrap mode. Only one node should be in bootstrap mode, not adding Raft peer.';
  assert.deepEqual(peers.done, [`consul: ${text}: node_to_add=b other=a`]);
});
