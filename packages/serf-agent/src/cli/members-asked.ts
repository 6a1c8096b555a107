// Whom a query asks, as far as one can tell from outside: members that are alive and pass its filters. Each
// member judges the filters for itself and by its own tags; the rules are those of serf's query-filter.ts.

import type { RpcMember } from '../rpc/wire/member.ts';
import type { QueryRequest } from '../rpc/wire/requests.ts';

/** The names of the members that ought to answer. */
export async function membersAsked(
  members: readonly RpcMember[],
  { filterNodes, filterTags }: Pick<QueryRequest, 'filterNodes' | 'filterTags'>,
): Promise<Set<string>> {
  const tests = await Promise.all([...filterTags].map(([tag, expression]) => tagTest(tag, expression)));
  const asked = members.filter(
    (member) =>
      member.status === 'alive' &&
      filterNodes?.includes(member.name) !== false &&
      tests.every((isMet) => isMet(member)),
  );
  return new Set(asked.map(({ name }) => name));
}

type TagTest = (member: RpcMember) => boolean;

/** The expression may match anywhere; one that makes no sense asks nobody. */
async function tagTest(tag: string, expression: string): Promise<TagTest> {
  const { compileRe2 } = await import('@reeve/serf/re2');
  try {
    const compiled = compileRe2(expression);
    return ({ tags }) => compiled.matches(tags.get(tag) ?? '');
  } catch {
    return () => false;
  }
}
