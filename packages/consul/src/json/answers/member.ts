// Members of a gossip pool as JSON. Upstream: serf.Member through agent/agent_endpoint.go.

import type { JsonOutput } from '@reeve/cli';
import { type Member, memberStatuses } from '@reeve/serf/core';

/** A member. Its status is serf's number: 1 alive, 2 leaving, 3 left, 4 failed. */
export function memberFields(member: Member): { readonly [key: string]: JsonOutput } {
  return {
    Name: member.name,
    Addr: member.host,
    Port: member.port,
    Tags: member.tags,
    Status: memberStatuses.indexOf(member.status),
    ProtocolMin: member.protocolMin,
    ProtocolMax: member.protocolMax,
    ProtocolCur: member.protocolCur,
    DelegateMin: member.delegateMin,
    DelegateMax: member.delegateMax,
    DelegateCur: member.delegateCur,
  };
}
