// Puts the tokens of HCL 1 together: a text is a list of items, an item has one or more keys and a value.
// Complaints are word for word upstream's; its odd leniencies are kept (an item cut off behind `=` is
// dropped, commas may stand anywhere between items). Nesting is bounded by `depthMax`.
// Source: hashicorp/hcl v1, hcl/parser/parser.go. Next: values.ts.

import { Scanner } from './scanner.ts';
import { HclError, placeOf, type Token } from './token.ts';

/** `key = value`, or `key "label" { … }`. */
export interface Item {
  readonly keys: readonly [Token, ...Token[]];
  readonly value: HclNode;
}

/** A value as it stands in the text. */
export type HclNode = Literal | List | Block;

/** A number, string or truth value. */
export interface Literal {
  readonly kind: 'literal';
  readonly token: Token;
}

/** `[ … ]` */
export interface List {
  readonly kind: 'list';
  readonly items: readonly HclNode[];
}

/** `{ … }` */
export interface Block {
  readonly kind: 'block';
  readonly items: readonly Item[];
}

/** The items of a text. @throws HclError */
export function parseHcl(text: string): readonly Item[] {
  const scanner = new Scanner(text.replaceAll('\r\n', '\n'));
  try {
    const items = new Parser(scanner).items(false, 0);
    if (scanner.problem === undefined) return items;
  } catch (error) {
    if (!(error instanceof HclError) || scanner.problem === undefined) throw error;
  }
  throw scanner.problem;
}

/** The text ends where a value or a key should begin. */
class TextEnd extends Error {}

class Parser {
  readonly #scanner: Scanner;
  #token: Token = { kind: 'ILLEGAL', text: '', at: { line: 1, column: 1 } };
  #isPeeked = false;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  items(isBlock: boolean, depth: number): Item[] {
    const items: Item[] = [];
    for (;;) {
      if (isBlock && this.#peek().kind === 'RBRACE') return items;
      try {
        items.push(this.#item(depth));
      } catch (error) {
        if (error instanceof TextEnd) return items;
        // As upstream: what is wrong right before a closing brace is cut off with it.
        if (isBlock && this.#token.kind === 'RBRACE') return items;
        throw error;
      }
      if (this.#peek().kind === 'COMMA') this.#take();
    }
  }

  #item(depth: number): Item {
    const [key, ...labels] = this.#keys();
    if (key === undefined) throw this.#refuse('no object keys found!');
    const keys = [key, ...labels] as const;
    if (this.#token.kind === 'ASSIGN') return { keys, value: this.#value(depth) };
    if (this.#token.kind === 'LBRACE') return { keys, value: this.#block(depth + 1) };
    const names = keys.map(({ text }) => text).join(' ');
    throw this.#refuse(`key '${names}' expected start of object ('{') or assignment ('=')`);
  }

  /** Ends on the token behind the keys. */
  #keys(): readonly Token[] {
    const keys: Token[] = [];
    for (;;) {
      const { kind } = this.#take();
      if (kind === 'IDENT' || kind === 'STRING') keys.push(this.#token);
      else if (kind === 'EOF' && keys.length === 0) throw new TextEnd();
      else if (kind === 'EOF') return keys;
      else if (kind === 'RBRACE' && keys.length > 0) {
        this.#token = { ...this.#token, kind: 'EOF' };
        return keys;
      } else return this.#endOfKeys(keys);
    }
  }

  #endOfKeys(keys: readonly Token[]): readonly Token[] {
    const { kind } = this.#token;
    if (kind === 'ASSIGN' && keys.length > 1)
      throw this.#refuse('nested object expected: LBRACE got: ASSIGN');
    if (kind === 'LBRACE' && keys.length === 0) throw this.#refuse('expected: IDENT | STRING got: LBRACE');
    if (kind === 'ASSIGN' || kind === 'LBRACE') return keys;
    if (kind === 'ILLEGAL') throw this.#refuse('illegal character');
    throw this.#refuse(`expected: IDENT | STRING | ASSIGN | LBRACE got: ${kind}`);
  }

  #value(depth: number): HclNode {
    const token = this.#take();
    if (literals.has(token.kind)) return { kind: 'literal', token };
    if (token.kind === 'LBRACE') return this.#block(depth + 1);
    if (token.kind === 'LBRACK') return this.#list(depth + 1);
    if (token.kind === 'EOF') throw new TextEnd();
    throw this.#refuse(`Unknown token: ${placeOf(token.at)} ${token.kind} ${token.text}`);
  }

  #block(depth: number): Block {
    this.#checkDepth(depth);
    const items = this.items(true, depth);
    const { kind } = this.#take();
    if (kind !== 'RBRACE') throw this.#refuse(`object expected closing RBRACE got: ${kind}`);
    return { kind: 'block', items };
  }

  #list(depth: number): List {
    this.#checkDepth(depth);
    const items: HclNode[] = [];
    let needsComma = false;
    for (;;) {
      const token = this.#take();
      if (token.kind === 'RBRACK') return { kind: 'list', items };
      if (token.kind === 'COMMA') {
        needsComma = false;
        continue;
      }
      if (needsComma)
        throw this.#refuse(`error parsing list, expected comma or list end, got: ${token.kind}`);
      items.push(this.#element(token, depth));
      needsComma = token.kind !== 'LBRACK';
    }
  }

  #element(token: Token, depth: number): HclNode {
    if (literals.has(token.kind)) return { kind: 'literal', token };
    try {
      if (token.kind === 'LBRACE') return this.#block(depth + 1);
      if (token.kind === 'LBRACK') return this.#list(depth + 1);
    } catch (error) {
      const what = token.kind === 'LBRACE' ? 'object' : 'list';
      const reason = error instanceof TextEnd ? 'EOF token found' : (error as Error).message;
      throw HclError.at(token.at, `error while trying to parse ${what} within list: ${reason}`);
    }
    throw this.#refuse(`unexpected token while parsing list: ${token.kind}`);
  }

  #checkDepth(depth: number): void {
    if (depth > depthMax) throw this.#refuse('exceeded max depth');
  }

  #take(): Token {
    this.#peek();
    this.#isPeeked = false;
    return this.#token;
  }

  #peek(): Token {
    if (this.#isPeeked) return this.#token;
    this.#isPeeked = true;
    do this.#token = this.#scanner.scan();
    while (this.#token.kind === 'COMMENT');
    return this.#token;
  }

  #refuse(reason: string): HclError {
    return HclError.at(this.#token.at, reason);
  }
}

const literals: ReadonlySet<string> = new Set(['NUMBER', 'FLOAT', 'BOOL', 'STRING', 'HEREDOC']);
/** As for JSON; the deepest setting there is stands at 8. */
const depthMax = 100;
