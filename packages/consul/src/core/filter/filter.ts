// Filters: expressions in which clients say which records they want. Upstream: hashicorp/go-bexpr 0.1.2.
// An expression is parsed (grammar.ts), checked against the shape of the records (shapes.ts), and then
// decides about each of them without ever failing.

import type { RegexpCompiler } from '@reeve/serf/core';
import type { Expression } from './expression.ts';
import { FilterError } from './filter-error.ts';
import { parseExpression } from './grammar.ts';
import type { Decide, Shape } from './shapes.ts';

/** What decides about records of a shape; an empty expression wants all. @throws FilterError */
export function compileFilter<Item>(
  expression: string,
  shape: Shape<Item>,
  compileRegexp: RegexpCompiler,
): Decide<Item> {
  if (expression === '') return () => true;
  try {
    return compile(parseExpression(expression), shape, compileRegexp);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new FilterError(`Failed to create boolean expression evaluator: ${error.message}`);
  }
}

function compile<Item>(
  expression: Expression,
  shape: Shape<Item>,
  compileRegexp: RegexpCompiler,
): Decide<Item> {
  switch (expression.kind) {
    case 'comparison':
      return shape({ comparison: expression, depth: 0, compileRegexp });
    case 'not': {
      const decide = compile(expression.operand, shape, compileRegexp);
      return (item) => !decide(item);
    }
    default: {
      const left = compile(expression.left, shape, compileRegexp);
      const right = compile(expression.right, shape, compileRegexp);
      return expression.kind === 'and'
        ? (item) => left(item) && right(item)
        : (item) => left(item) || right(item);
    }
  }
}
