// A lone server that leads, with members of a test's choosing.

import type { Member, MemberStatus } from '@reeve/serf/core';
import { Leadership } from '../../dist/server/leader/leadership.js';
import type { MemberFate } from '../../dist/server/leader/reconcile.js';
import { type LoneServer, startLoneServer } from './lone-server.js';

/** A leader and its members. */
export interface Leader {
  readonly server: LoneServer;
  readonly members: Member[];
  /** Who was declared left. */
  readonly forced: readonly string[];
  readonly leadership: Leadership;
  /** Gossip tells what became of a member. */
  fate(name: string, fate: MemberFate): Promise<void>;
}

/** Starts one; `s1` is its own name. */
export async function startLeader(members: Member[]): Promise<Leader> {
  const server = startLoneServer();
  server.context.leadership.isEstablished = false;
  const forced: string[] = [];
  const pool = {
    nodeName: 's1',
    members: () => members,
    announceLeader: () => {},
    forceLeave: (name: string) => void forced.push(name),
  };
  const leadership = new Leadership(server.context, pool, server.tombstones);
  leadership.begin();
  await server.run(10);
  const fate = async (name: string, become: MemberFate) => {
    const member = members.find((each) => each.name === name);
    if (member !== undefined) leadership.onMember(member, become);
    await server.run(10);
  };
  return { server, members, forced, leadership, fate };
}

/** A server of dc1. */
export function serverMember(name: string, host: string): Member {
  const tags = {
    role: 'consul',
    dc: 'dc1',
    id: uuidOf(name),
    port: '8300',
    vsn: '2',
    raft_vsn: '3',
    build: '1.8.7:',
  };
  return { ...clientMember(name, host), tags: new Map(Object.entries(tags)) };
}

/** An agent of dc1 in client mode. */
export function clientMember(name: string, host: string, status: MemberStatus = 'alive'): Member {
  return {
    name,
    host,
    port: 8301,
    status,
    tags: new Map(Object.entries({ role: 'node', dc: 'dc1' })),
    protocolMin: 1,
    protocolMax: 5,
    protocolCur: 2,
    delegateMin: 2,
    delegateMax: 5,
    delegateCur: 4,
  };
}

/** An id of its own for each name of up to six letters. */
function uuidOf(name: string): string {
  return `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;
}
