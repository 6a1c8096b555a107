// Picks members by regular expressions on their tags, status and name.
//
// An expression is put between `^` and `$` as it is, so `web|lb` means `^web` or `lb$`, as upstream
// (cmd/serf/command/agent/ipc.go, filterMembers). They are RE2's, which cannot be made to run for ever; the
// engine is loaded when the first expression comes.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Member } from '@reeve/serf/core';
import type { MembersFilteredRequest } from './wire/requests.ts';

/** Whether a request asks for all members, so that there is nothing to filter. */
export function isEmptyFilter(filter: MembersFilteredRequest): boolean {
  return filter.tags.size === 0 && filter.status === '' && filter.name === '';
}

/**
 * The members that match all expressions; an empty one for status or name is no condition, an empty one for a
 * tag wants the tag empty or absent. Long work is done in slices, so that the agent goes on meanwhile.
 * @throws Error if an expression does not compile; the text is for the client.
 */
export async function filterMembers(
  members: readonly Member[],
  filter: MembersFilteredRequest,
): Promise<Member[]> {
  const tags = new Map<string, Matcher>();
  for (const [tag, expression] of filter.tags) tags.set(tag, await compile(expression));
  const status = filter.status === '' ? undefined : await compile(filter.status);
  const name = filter.name === '' ? undefined : await compile(filter.name);

  const matching: Member[] = [];
  let sliceStart = performance.now();
  for (const member of members) {
    const isWanted =
      [...tags].every(([tag, matches]) => matches(member.tags.get(tag) ?? '')) &&
      status?.(member.status) !== false &&
      name?.(member.name) !== false;
    if (isWanted) matching.push(member);
    if (performance.now() - sliceStart > sliceMs) {
      await nextTurn();
      sliceStart = performance.now();
    }
  }
  return matching;
}

type Matcher = (text: string) => boolean;

async function compile(expression: string): Promise<Matcher> {
  const { compileRe2 } = await import('@reeve/serf/re2');
  try {
    const compiled = compileRe2(`^${expression}$`);
    return (text) => compiled.matches(text);
  } catch (error) {
    throw new Error(`Failed to compile regex: ${(error as Error).message}`, { cause: error });
  }
}

const sliceMs = 10;
