// An index never goes back: not at one server in one life, and for the whole cluster not at all. Who waits
// with an index from the past would be told at once what it knows; with one from the future, nothing.

import { grouped, type SeenIndex } from './history.ts';

/** The first answer with an index below that of one that had come before it was asked for. */
export function indexThatWentBack(seen: readonly SeenIndex[]): string | undefined {
  const groups = grouped(seen, ({ key, life }) => `${key} ${life ?? 'of the cluster'}`);
  for (const [what, own] of groups) {
    const found = firstThatWentBack(own);
    if (found !== undefined) return `${what}: ${found}`;
  }
  return undefined;
}

function firstThatWentBack(seen: readonly SeenIndex[]): string | undefined {
  const asked = seen.toSorted((a, b) => a.invoked - b.invoked);
  const ended = seen.toSorted((a, b) => a.returned - b.returned);
  let highest = 0;
  let next = 0;
  for (const { invoked, index } of asked) {
    for (let end = ended[next]; end !== undefined && end.returned < invoked; end = ended[next]) {
      highest = Math.max(highest, end.index);
      next++;
    }
    if (index < highest) return `${index} after ${highest}`;
  }
  return undefined;
}
