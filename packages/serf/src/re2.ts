// RE2 for the tag filters of queries, as the original: linear time, its own syntax. An entry of its own, so
// that who does not want its 260 KB does not load them: `import { compileRe2 } from '@reeve/serf/re2'`. A
// filter comes from any member, so its cost is bounded: an expression whose counted repetitions make a
// program too large is refused, which the original would run (for seconds).

import { RE2JS } from 're2js';
import type { RegexpMatcher } from './core/regexp.ts';

/** Compiles an RE2 expression. @throws Error that says what is wrong with it. */
export function compileRe2(expression: string): RegexpMatcher {
  if (expression.length * countRepetitions(expression) > expandedMax) throw tooLarge();
  const compiled = RE2JS.compile(expression);
  if (compiled.programSize() > programMax) throw tooLarge();
  return { matches: (text) => compiled.matcher(text).find() };
}

/** The sum of all numbers in braces; nested ones multiply to 1000 at most, so it bounds the expansion. */
function countRepetitions(expression: string): number {
  let repetitions = 1;
  for (const [, least, most] of expression.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    repetitions += Number(most || least);
  return repetitions;
}

function tooLarge(): Error {
  return new Error('expression too large');
}

const expandedMax = 20_000;
const programMax = 2_048;
