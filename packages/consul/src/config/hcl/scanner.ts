// Cuts a text in HCL 1 into tokens. A character that does not fit is noted, and scanning goes on: of all that
// was noted by the time the parser stops, upstream shows the last, and so do we.
// Source: hashicorp/hcl v1, hcl/scanner/scanner.go. Next: parser.ts.

import { HclError, type Position, type Token, type TokenKind } from './token.ts';

/** The tokens of one text. Behind its end there are only `EOF`s. */
export class Scanner {
  /** The last thing that was wrong with the text so far. */
  problem: HclError | undefined;
  readonly #characters: readonly string[];
  #next = 0;
  #line = 1;
  #column = 0;
  #lastLineLength = 0;

  constructor(text: string) {
    this.#characters = [...text];
  }

  scan(): Token {
    let character = this.#advance();
    while (isSpace(character)) character = this.#advance();
    const start = character === end ? this.#next : this.#next - 1;
    const at = this.#position();
    const kind = this.#kindOf(character);
    return { kind, at, text: this.#characters.slice(start, this.#next).join('') };
  }

  /** Goes on to the end of the token that begins with `first`. */
  #kindOf(first: string): TokenKind {
    if (isLetter(first)) return this.#identifier();
    if (isDecimal(first)) return this.#number(first);
    if (first === '-' && isDecimal(this.#peek())) return this.#number(this.#advance());
    if (first === '.' && isDecimal(this.#peek())) return this.#fraction();
    if (first === '"') return this.#string();
    if (first === '#' || first === '/') return this.#comment(first);
    if (first === '<') return this.#heredoc();
    return marks.get(first) ?? this.#complain('illegal char');
  }

  #identifier(): TokenKind {
    const start = this.#next - 1;
    while (isLetter(this.#peek()) || isDigit(this.#peek()) || this.#isPeek('-.')) this.#advance();
    this.#countEnd(1);
    const word = this.#characters.slice(start, this.#next).join('');
    return word === 'true' || word === 'false' ? 'BOOL' : 'IDENT';
  }

  #number(first: string): TokenKind {
    if (first === '0' && this.#isPeek('xX')) {
      this.#advance();
      if (!isHexadecimal(this.#peek())) this.#complain('illegal hexadecimal number');
      while (isHexadecimal(this.#peek())) this.#advance();
      return 'NUMBER';
    }
    const start = this.#next;
    this.#decimals();
    if (this.#isPeek('eE')) return this.#exponent();
    if (this.#isPeek('.')) {
      this.#advance();
      return this.#fraction();
    }
    // As upstream, which never looks at the first digit behind the zero; that one is found out later.
    const digits = this.#characters.slice(start + 1, this.#next).join('');
    if (first === '0' && /[89]/.test(digits)) this.#complain('illegal octal number');
    this.#countEnd(first === '0' ? 1 : 2);
    return 'NUMBER';
  }

  #fraction(): TokenKind {
    this.#decimals();
    return this.#isPeek('eE') ? this.#exponent() : 'FLOAT';
  }

  #exponent(): TokenKind {
    this.#advance();
    if (this.#isPeek('+-')) this.#advance();
    this.#decimals();
    return 'FLOAT';
  }

  #decimals(): void {
    while (isDecimal(this.#peek())) this.#advance();
  }

  /** Inside of `${…}` line ends and quotes are part of the string. */
  #string(): TokenKind {
    let braces = 0;
    for (;;) {
      const character = this.#advance();
      if (character === end || (character === '\n' && braces === 0)) {
        this.#complain('literal not terminated');
        return 'STRING';
      }
      if (character === '"' && braces === 0) return 'STRING';
      if (braces === 0 && character === '$' && this.#peek() === '{') {
        braces++;
        this.#advance();
      } else if (braces > 0 && character === '{') braces++;
      else if (braces > 0 && character === '}') braces--;
      else if (character === '\\') this.#escape();
    }
  }

  #escape(): void {
    const letter = this.#advance();
    if ('abfnrtv\\"'.includes(letter) && letter !== end) return;
    const [digits, count] = /[0-7]/.test(letter) ? ([/[0-7]/, 2] as const) : hexEscape(letter);
    for (let left = count; left > 0; left--) {
      if (!digits.test(this.#peek())) {
        this.#complain('illegal char escape');
        return;
      }
      this.#advance();
    }
    if (count === 0) this.#complain('illegal char escape');
  }

  #comment(first: string): TokenKind {
    if (first === '/' && this.#peek() === '*') {
      this.#advance();
      this.#longComment();
      return 'COMMENT';
    }
    if (first === '/' && this.#peek() !== '/') {
      this.#complain("expected '/' for comment");
      return 'COMMENT';
    }
    while (this.#peek() !== '\n' && this.#peek() !== end) this.#advance();
    this.#countEnd(1);
    return 'COMMENT';
  }

  #longComment(): void {
    for (let before = this.#advance(); ; ) {
      if (before === end) {
        this.#complain('comment not terminated');
        return;
      }
      const character = this.#advance();
      if (before === '*' && character === '/') return;
      before = character;
    }
  }

  #heredoc(): TokenKind {
    if (this.#advance() !== '<') {
      this.#complain("heredoc expected second '<', didn't see it");
      return 'HEREDOC';
    }
    if (this.#peek() === '-') this.#advance();
    const start = this.#next;
    while (isLetter(this.#peek()) || isDigit(this.#peek())) this.#advance();
    const anchor = this.#characters.slice(start, this.#next).join('');
    const problem = this.#anchorProblem(anchor, this.#advance());
    if (problem !== undefined) this.#complain(problem);
    else this.#heredocLines(anchor);
    return 'HEREDOC';
  }

  #anchorProblem(anchor: string, after: string): string | undefined {
    if (after === end) return 'heredoc not terminated';
    if (after !== '\n') return 'invalid characters in heredoc anchor';
    return anchor === '' ? 'zero-length heredoc anchor' : undefined;
  }

  /** As upstream: the anchor that ends the text must itself end with a line. */
  #heredocLines(anchor: string): void {
    for (let line = ''; ; ) {
      const character = this.#advance();
      if (character === end) {
        this.#complain('heredoc not terminated');
        return;
      }
      if (character !== '\n') line += character;
      else if (line.replace(/^[\t\n\v\f\r ]+/, '').replace(/\r+$/, '') === anchor) return;
      else line = '';
    }
  }

  #advance(): string {
    const character = this.#characters[this.#next];
    this.#column++;
    if (character === undefined) return end;
    this.#next++;
    if (character === '\n') {
      this.#line++;
      this.#lastLineLength = this.#column;
      this.#column = 0;
    }
    if (/[\udc80-\udcff]/.test(character) && character.length === 1) this.#complain('illegal UTF-8 encoding');
    if (character === '\0') {
      this.#complain('unexpected null character (0x00)');
      this.#next = this.#characters.length;
      return end;
    }
    return character;
  }

  #peek(): string {
    return this.#characters[this.#next] ?? end;
  }

  /** Upstream's columns grow with every look beyond the end. */
  #countEnd(looks: number): void {
    if (this.#peek() === end) this.#column += looks;
  }

  #isPeek(characters: string): boolean {
    const character = this.#peek();
    return character !== end && characters.includes(character);
  }

  #position(): Position {
    if (this.#column > 0) return { line: this.#line, column: this.#column };
    return { line: this.#line - 1, column: this.#lastLineLength };
  }

  #complain(reason: string): TokenKind {
    this.problem = HclError.at(this.#position(), reason);
    return 'ILLEGAL';
  }
}

function hexEscape(letter: string): readonly [RegExp, number] {
  return [/[0-9a-fA-F]/, letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0];
}

function isSpace(character: string): boolean {
  return character !== end && ' \t\n\r'.includes(character);
}

function isLetter(character: string): boolean {
  return /^[a-zA-Z_]$/.test(character) || (character > '\x7f' && /^\p{L}$/u.test(character));
}

function isDigit(character: string): boolean {
  return isDecimal(character) || (character > '\x7f' && /^\p{Nd}$/u.test(character));
}

function isDecimal(character: string): boolean {
  return character.length === 1 && character >= '0' && character <= '9';
}

function isHexadecimal(character: string): boolean {
  return /^[0-9a-fA-F]$/.test(character);
}

/** What stands for the end of the text. */
const end = '';
const marks = new Map<string, TokenKind>([
  [end, 'EOF'],
  ['[', 'LBRACK'],
  [']', 'RBRACK'],
  ['{', 'LBRACE'],
  ['}', 'RBRACE'],
  [',', 'COMMA'],
  ['.', 'PERIOD'],
  ['=', 'ASSIGN'],
  ['+', 'ADD'],
  ['-', 'SUB'],
]);
