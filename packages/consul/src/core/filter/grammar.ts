// The language of filters: `Service.Port == 80 and "primary" in Service.Tags`. It is upstream's grammar rule
// by rule, since what a complaint says depends on the order of attempts; the rules that end in a mistake are
// there for nothing else. Source: hashicorp/go-bexpr 0.1.2 grammar.peg.

import type { Comparison, Expression, Operator } from './expression.ts';
import { FilterError } from './filter-error.ts';
import {
  anyCharacter,
  before,
  choice,
  literal,
  many,
  meaning,
  mistake,
  not,
  oneOf,
  optional,
  type Peg,
  parse,
  rule,
  sequence,
  some,
} from './peg.ts';
import { unquote } from './unquote.ts';

/** Parses an expression. @throws FilterError */
export function parseExpression(text: string): Expression {
  if (text.length > expressionCharsMax) throw new FilterError('expression is too long');
  return parse(input, text);
}

const input: Peg<Expression> = rule('Input', () =>
  choice(
    meaning(
      sequence(space, literal('('), space, orExpression, space, literal(')'), space, end),
      ([, , , expression]) => expression,
    ),
    meaning(sequence(space, orExpression, space, end), ([, expression]) => expression),
  ),
);

const orExpression: Peg<Expression> = rule('OrExpression', () =>
  joined('or', andExpression, () => orExpression),
);

const andExpression: Peg<Expression> = rule('AndExpression', () =>
  joined('and', notExpression, () => andExpression),
);

function joined(kind: 'and' | 'or', part: Peg<Expression>, rest: () => Peg<Expression>): Peg<Expression> {
  return choice(
    meaning(
      sequence(part, spaces, literal(kind), spaces, rest()),
      ([left, , , , right]): Expression => ({ kind, left, right }),
    ),
    part,
  );
}

const notExpression: Peg<Expression> = rule('NotExpression', () =>
  choice(
    meaning(
      sequence(literal('not'), spaces, notExpression),
      ([, , operand]): Expression => ({ kind: 'not', operand }),
    ),
    grouping,
  ),
);

const grouping: Peg<Expression> = rule('grouping', () =>
  choice<Expression>(
    meaning(
      sequence(literal('('), space, orExpression, space, literal(')')),
      ([, , expression]) => expression,
    ),
    match,
    meaning(
      sequence(literal('('), space, orExpression, space, not(literal(')')), mistake('Unmatched parentheses')),
      ([, , expression]) => expression,
    ),
  ),
);

const match: Peg<Expression> = rule('match', () => choice(selectorFirst, selectorOnly, valueFirst));

const selectorFirst: Peg<Comparison> = rule('match', () =>
  meaning(
    sequence(
      selector,
      choice(
        sign('==', 'equal'),
        sign('!=', 'equal', true),
        words(['contains'], 'in'),
        words(['not', 'contains'], 'in', true),
        words(['matches'], 'matches'),
        words(['not', 'matches'], 'matches', true),
      ),
      value,
    ),
    ([left, operator, right]) => ({ kind: 'comparison', selector: left, ...operator, value: right }),
  ),
);

const selectorOnly: Peg<Comparison> = rule('match', () =>
  meaning(
    sequence(
      selector,
      choice(
        meaning(sequence(spaces, literal('is'), spaces, literal('empty')), () => plainly('empty')),
        meaning(sequence(spaces, literal('is'), spaces, literal('not'), spaces, literal('empty')), () =>
          plainly('empty', true),
        ),
      ),
    ),
    ([left, operator]) => ({ kind: 'comparison', selector: left, ...operator, value: '' }),
  ),
);

const valueFirst: Peg<Comparison> = rule('match', () =>
  choice<Comparison>(
    meaning(sequence(value, membership, selector), ([left, operator, right]) => ({
      kind: 'comparison',
      selector: right,
      ...operator,
      value: left,
    })),
    meaning(
      sequence(value, membership, not(selector), mistake('Invalid selector')),
      ([, , , never]) => never,
    ),
  ),
);

interface Compared {
  readonly operator: Operator;
  readonly isNegated: boolean;
}

function plainly(operator: Operator, isNegated = false): Compared {
  return { operator, isNegated };
}

function sign(shown: string, operator: Operator, isNegated = false): Peg<Compared> {
  return meaning(sequence(space, literal(shown), space), () => plainly(operator, isNegated));
}

function words(shown: readonly string[], operator: Operator, isNegated = false): Peg<Compared> {
  const parts = shown.flatMap((word): Peg<unknown>[] => [literal(word), spaces]);
  return meaning(sequence<readonly unknown[]>(spaces, ...parts), () => plainly(operator, isNegated));
}

const selector: Peg<readonly string[]> = rule('selector', () =>
  meaning(sequence(identifier, many(selectorPart)), ([first, rest]) => [first, ...rest]),
);

const identifier: Peg<string> = rule('Identifier', () =>
  meaning(sequence(oneOf('[a-zA-Z]'), many(oneOf('[a-zA-Z0-9_]'))), (_, written) => written),
);

const selectorPart: Peg<string> = rule('SelectorOrIndex', () =>
  choice(
    meaning(sequence(literal('.'), identifier), ([, name]) => name),
    index,
  ),
);

const index: Peg<string> = rule('index', () =>
  choice<string>(
    meaning(sequence(literal('['), space, text, space, literal(']')), ([, , name]) => name),
    meaning(sequence(literal('['), space, not(text), mistake('Invalid index')), ([, , , never]) => never),
    meaning(
      sequence(literal('['), space, text, space, not(literal(']')), mistake('Unclosed index expression')),
      ([, , name]) => name,
    ),
  ),
);

const value: Peg<string> = rule('value', () =>
  choice(
    meaning(selector, (parts) => parts.join('.')),
    number,
    text,
  ),
);

const number: Peg<string> = rule('number', () =>
  choice<string>(
    meaning(sequence(optional(literal('-')), digits, before(afterNumber)), (_, written) => written),
    meaning(
      sequence(optional(literal('-')), digits, not(afterNumber), mistake('Invalid number literal')),
      (_, written) => written,
    ),
  ),
);

const afterNumber: Peg<undefined> = rule('AfterNumbers', () =>
  before(choice<unknown>(spaces, end, literal(')'))),
);

const digits: Peg<unknown> = rule('IntegerOrFloat', () =>
  sequence<readonly unknown[]>(
    choice<unknown>(literal('0'), sequence(oneOf('[1-9]'), many(oneOf('[0-9]')))),
    optional(sequence(literal('.'), some(oneOf('[0-9]')))),
  ),
);

const text: Peg<string> = rule('string', () =>
  choice<string>(
    unquoted(
      choice<unknown>(
        sequence(literal('`'), many(rawCharacter), literal('`')),
        sequence(literal('"'), many(quotedCharacter), literal('"')),
      ),
    ),
    meaning(
      sequence(
        choice<unknown>(
          sequence(literal('`'), many(rawCharacter)),
          sequence(literal('"'), many(quotedCharacter)),
        ),
        end,
        mistake('Unterminated string literal'),
      ),
      ([, , never]) => never,
    ),
  ),
);

/** The text between quotes; one that Go would not read is complained of, and read as empty. */
function unquoted(peg: Peg<unknown>): Peg<string> {
  return (from, at) => {
    const fit = peg(from, at);
    if (fit === undefined) return undefined;
    const read = unquote(from.text.slice(at, fit.end));
    if (read === undefined) from.refuse(at, 'invalid syntax');
    return { value: read ?? '', end: fit.end };
  };
}

const rawCharacter: Peg<unknown> = rule('RawStringChar', () => sequence(not(literal('`')), anyCharacter));

const quotedCharacter: Peg<unknown> = rule('DoubleStringChar', () =>
  sequence(not(literal('"')), anyCharacter),
);

const spaces: Peg<unknown> = rule('whitespace', () => some(oneOf('[ \\t\\r\\n]')));

const space: Peg<unknown> = optional(spaces);

const end: Peg<undefined> = rule('EOF', () => not(anyCharacter));

const membership: Peg<Compared> = choice(words(['in'], 'in'), words(['not', 'in'], 'in', true));

/** Longer than any request may be; against other servers. */
const expressionCharsMax = 16_384;
