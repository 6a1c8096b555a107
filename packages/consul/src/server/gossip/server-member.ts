// What a member of the gossip pool says about itself by its tags. Upstream: agent/metadata/server.go,
// agent/consul/util.go (isConsulNode). Next: server-tags.ts (what a server says about itself).

import type { Member } from '@reeve/serf/core';

/** A member that is a server of Consul. */
export interface ServerMember {
  readonly name: string;
  /** The node's UUID; raft's id. */
  readonly id: string;
  readonly datacenter: string;
  readonly host: string;
  /** The server port. */
  readonly port: number;
  /** `1.8.7` */
  readonly version: string;
  readonly raftVersion: number;
  /** How many servers it waits for before the first election; 0: it does not say. */
  readonly expect: number;
  readonly isBootstrap: boolean;
  readonly isNonvoter: boolean;
}

/** The server that a member is; undefined if it is none, or says something that makes no sense. */
export function serverOf(member: Pick<Member, 'tags' | 'name' | 'host'>): ServerMember | undefined {
  const { tags, name, host } = member;
  const port = numberOf(tags.get('port'));
  const expect = numberOf(tags.get('expect') ?? '0');
  const raftVersion = numberOf(tags.get('raft_vsn') ?? '0');
  const version = /\d+\.\d+\.\d+/.exec(tags.get('build') ?? '')?.[0];
  const isSensible = numberOf(tags.get('vsn')) !== undefined && version !== undefined;
  if (tags.get('role') !== 'consul' || !isSensible) return undefined;
  if (port === undefined || expect === undefined || raftVersion === undefined) return undefined;
  return {
    name,
    id: tags.get('id') ?? '',
    datacenter: tags.get('dc') ?? '',
    host,
    port,
    version,
    raftVersion,
    expect,
    isBootstrap: tags.has('bootstrap'),
    isNonvoter: tags.has('nonvoter'),
  };
}

/** Whether a member is an agent of a datacenter, server or client: others are none of ours. */
export function isAgentOf(member: Member, datacenter: string): boolean {
  if (member.tags.get('role') === 'node') return member.tags.get('dc') === datacenter;
  return serverOf(member)?.datacenter === datacenter;
}

/** A whole number as Go's strconv.Atoi reads it. */
function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[-+]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
