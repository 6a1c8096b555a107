// Members as a service likes to have them: plain data that JSON can hold.

import type { Member as CoreMember } from '../core/index.ts';

/** One member of the cluster. A snapshot: it does not change after you got it. */
export interface Member extends Omit<CoreMember, 'tags'> {
  readonly tags: Readonly<Record<string, string>>;
}

/** The same member with its tags as a record. */
export function toMember({ tags, ...member }: CoreMember): Member {
  return { ...member, tags: Object.fromEntries(tags) };
}
