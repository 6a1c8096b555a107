// The body of the reply to `members`, encoded once for as long as the members stay the same. To encode it
// takes most of the time such a request takes, and monitoring asks again and again.
//
// A member that changes is another object (member-table.ts of serf), so the members are the same as long as
// the objects are.

import { encodeWith, rpcDialect } from '@reeve/bytes';
import type { Member } from '@reeve/serf/core';
import { toRpcMember } from './wire/member.ts';
import { membersReply } from './wire/replies.ts';

/** Encodes members and remembers the last result. The clients of a server share one. */
export class MembersBody {
  #members: readonly Member[] = [];
  #body = encodeMembers([]);

  /** The body that lists these members, in their order. Not to be changed by whoever gets it. */
  of(members: readonly Member[]): Uint8Array {
    if (areSame(members, this.#members)) return this.#body;
    const body = encodeMembers(members);
    if (body.length <= rememberedBytesMax) {
      this.#members = members;
      this.#body = body;
    }
    return body;
  }
}

/** Encodes members for a reply to `members` or `members-filtered`. */
export function encodeMembers(members: readonly Member[]): Uint8Array {
  return encodeWith(membersReply, rpcDialect, { members: members.map(toRpcMember) });
}

function areSame(some: readonly Member[], others: readonly Member[]): boolean {
  return some.length === others.length && some.every((member, at) => member === others[at]);
}

/** Some 5,000 members. */
const rememberedBytesMax = 1024 * 1024;
