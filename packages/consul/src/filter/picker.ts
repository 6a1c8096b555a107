// The filter of a question, `?filter=`: core/filter with RE2 in it, for what servers know and for what an
// agent has itself. Upstream: bexpr.CreateFilter in the endpoints.

import { compileRe2 } from '@reeve/serf/re2';
import { compileFilter, type Shape } from '../core/index.ts';

/**
 * Picks the records that a question's filter wants. An expression that is none is refused here and now,
 * before anything is read or waited for.
 */
export function picker<Item>(
  { filter }: { readonly filter: string },
  shape: Shape<Item>,
): (items: readonly Item[]) => readonly Item[] {
  if (filter === '') return (items) => items;
  const isWanted = compileFilter(filter, shape, compileRe2);
  return (items) => items.filter(isWanted);
}
