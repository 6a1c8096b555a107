// What texts in HCL 1 are made of. Source: hashicorp/hcl v1, hcl/token/token.go.

/** Kinds of tokens by the names that complaints use. */
export type TokenKind =
  | 'ILLEGAL'
  | 'EOF'
  | 'COMMENT'
  | 'IDENT'
  | 'NUMBER'
  | 'FLOAT'
  | 'BOOL'
  | 'STRING'
  | 'HEREDOC'
  | 'LBRACK'
  | 'RBRACK'
  | 'LBRACE'
  | 'RBRACE'
  | 'COMMA'
  | 'PERIOD'
  | 'ASSIGN'
  | 'ADD'
  | 'SUB';

/** A place in a text; both numbers count from 1, columns in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One token as it stands in the text. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: Position;
}

/** Text that is not HCL. The message is upstream's: `At 1:5: illegal character`. */
export class HclError extends Error {
  override name = 'HclError';

  /** What is wrong at a place. */
  static at(at: Position, reason: string): HclError {
    return new HclError(`At ${placeOf(at)}: ${reason}`);
  }
}

/** A place as complaints write it: `1:5`. */
export function placeOf({ line, column }: Position): string {
  return `${line}:${column}`;
}
