// What a filter expression is made of. Upstream: hashicorp/go-bexpr ast.go.

/** An expression. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | Comparison;

/** One comparison: of what the selector leads to, with a value. */
export interface Comparison {
  readonly kind: 'comparison';
  /** `['Service', 'Meta', 'version']` */
  readonly selector: readonly string[];
  readonly operator: Operator;
  readonly isNegated: boolean;
  /** As it was written, quotes resolved; empty where the operator takes none. */
  readonly value: string;
}

/** What a comparison compares by. */
export type Operator = 'equal' | 'in' | 'empty' | 'matches';

/** The operator's name in upstream's complaints. */
export function operatorName({ operator, isNegated }: Comparison): string {
  const [name, negated] = names[operator];
  return isNegated ? negated : name;
}

const names: { readonly [Name in Operator]: readonly [string, string] } = {
  equal: ['Equal', 'Not Equal'],
  in: ['In', 'Not In'],
  empty: ['Is Empty', 'Is Not Empty'],
  matches: ['Matches', 'Not Matches'],
};
