// Who cannot be in the gossip pool of a datacenter: agents of other ones, and those that share an id, with
// us or with each other. Upstream: agent/consul/merge.go (lanMergeDelegate), whose order and texts these are.

import type { MemberCandidate } from '@reeve/serf/core';
import { serverOf } from './server-member.ts';

/** Who asks. */
export interface PoolMember {
  readonly datacenter: string;
  readonly nodeName: string;
  readonly nodeId: string;
}

/** Why these cannot be; undefined: they can. */
export function lanRefusal(candidates: readonly MemberCandidate[], we: PoolMember): string | undefined {
  const nameOfId = new Map<string, string>();
  for (const candidate of candidates) {
    const { name, tags } = candidate;
    const id = tags.get('id') ?? '';
    if (id !== '' && candidate.hasLeft) continue;
    const conflict = id === '' ? undefined : idConflict(name, id, we, nameOfId);
    if (conflict !== undefined) return conflict;
    if (id !== '' && hasOwnId(tags.get('build') ?? '')) nameOfId.set(id, name);
    const datacenter = datacenterOf(candidate);
    if (datacenter !== undefined && datacenter !== we.datacenter) {
      return `Member '${name}' part of wrong datacenter '${datacenter}'`;
    }
    const segment = tags.get('segment') ?? '';
    if (segment !== '') return `Member '${name}' part of wrong segment '${segment}' (expected '')`;
  }
  return undefined;
}

function idConflict(
  name: string,
  id: string,
  we: PoolMember,
  nameOfId: ReadonlyMap<string, string>,
): string | undefined {
  const beginning = `Member '${name}' has conflicting node ID '${id}' with`;
  if (id === we.nodeId && name !== we.nodeName) return `${beginning} this agent's ID`;
  const other = nameOfId.get(id);
  return other === undefined ? undefined : `${beginning} member '${other}'`;
}

/** Undefined for what is no agent of Consul. */
function datacenterOf(candidate: MemberCandidate): string | undefined {
  if (candidate.tags.get('role') === 'node') return candidate.tags.get('dc') ?? '';
  return serverOf(candidate)?.datacenter;
}

/** Since 0.8.5; before, agents of one machine shared its id. */
function hasOwnId(build: string): boolean {
  const [, ...parts] = /(\d+)\.(\d+)\.(\d+)/.exec(build) ?? [];
  const [major = 0, minor = 0, patch = 0] = parts.map(Number);
  return major > 0 || minor > 8 || (minor === 8 && patch >= 5);
}
