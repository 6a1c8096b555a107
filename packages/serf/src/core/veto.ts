// Whoever runs a serf node may refuse members by what their tags say: one that announces itself is then not
// believed, and a join brings nobody. Upstream: serf/merge_delegate.go.

import type { MemberlistDelegate } from '@reeve/memberlist';
import type { Endpoint } from '@reeve/runtime';
import type { Tags } from './member.ts';
import { decodeTags } from './wire/tags.ts';

/** Somebody who would become a member. */
export interface MemberCandidate extends Endpoint {
  readonly name: string;
  /** None if they cannot be read. */
  readonly tags: Tags;
  /** It has left, and is only told of. */
  readonly hasLeft: boolean;
}

/** Why these cannot be members together with us; undefined: they can. */
export type VetoMembers = (candidates: readonly MemberCandidate[]) => string | undefined;

/** What memberlist asks, as a question about members. */
export function vetoes(veto: VetoMembers): Pick<MemberlistDelegate, 'vetoAlive' | 'vetoMerge'> {
  return {
    vetoAlive: (node) => veto([candidate({ ...node, hasLeft: false })]),
    vetoMerge: (nodes) => veto(nodes.map(candidate)),
  };
}

function candidate({ name, host, port, meta, hasLeft }: DescribedNode): MemberCandidate {
  return { name, host, port, tags: decodeTags(meta).tags, hasLeft };
}

interface DescribedNode extends Endpoint {
  readonly name: string;
  readonly meta: Uint8Array;
  readonly hasLeft: boolean;
}
