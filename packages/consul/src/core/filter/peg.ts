// Parsing expression grammars, with the complaints of the generator that upstream's filters are made with:
// the farthest place where nothing fitted and all that was tried there, or what a rule itself had to say.
// Source: mna/pigeon. Unlike its parsers, which try everything again and again (parentheses 15 deep take it
// minutes), ours try a rule once at each place: time is linear.

import { encodeText } from '@reeve/bytes';
import { quote } from '@reeve/cli';
import { FilterError } from './filter-error.ts';

/** Something that fits a text from a place on, or does not. */
export type Peg<Value> = (input: Input, at: number) => Fit<Value> | undefined;

/** What was found, and where it ends. */
export interface Fit<Value> {
  readonly value: Value;
  readonly end: number;
}

/** What a whole text is. @throws FilterError with one line for each complaint */
export function parse<Value>(start: Peg<Value>, text: string): Value {
  const input = new Input(text);
  const fit = start(input, 0);
  const complaints = input.complaints(fit === undefined);
  if (fit === undefined || complaints.length > 0) throw new FilterError(complaints.join('\n'));
  return fit.value;
}

/** A text with what is known about it so far. */
export class Input {
  readonly text: string;
  readonly #fits = new Map<unknown, Map<number, Fit<unknown> | undefined>>();
  readonly #rules: string[] = [];
  readonly #errors = new Set<string>();
  #expected = new Set<string>();
  #farthest = 0;
  #isInverted = false;

  constructor(text: string) {
    this.text = text;
  }

  /** What a rule finds at a place. */
  once<Value>(rule: unknown, name: string, at: number, peg: Peg<Value>): Fit<Value> | undefined {
    const known = this.#fitsOf(rule);
    const key = at * 2 + Number(this.#isInverted);
    if (known.has(key)) return known.get(key) as Fit<Value> | undefined;
    if (this.#rules.length >= depthMax) throw new FilterError('expression has too many parts');
    this.#rules.push(name);
    const fit = peg(this, at);
    this.#rules.pop();
    known.set(key, fit);
    return fit;
  }

  /** What something finds of which it is only asked whether it is there. */
  inverted<Value>(peg: Peg<Value>, at: number): Fit<Value> | undefined {
    this.#isInverted = !this.#isInverted;
    const fit = peg(this, at);
    this.#isInverted = !this.#isInverted;
    return fit;
  }

  /** Notes whether what was wanted at a place was there. */
  note(isThere: boolean, at: number, wanted: string): void {
    if (isThere !== this.#isInverted || at < this.#farthest) return;
    if (at > this.#farthest) this.#expected = new Set();
    this.#farthest = at;
    this.#expected.add(this.#isInverted ? `!${wanted}` : wanted);
  }

  /** Notes what the rule at work has to say. */
  refuse(at: number, reason: string): void {
    this.#errors.add(`${this.#placeOf(at)}: rule ${quote(this.#rules.at(-1) ?? '')}: ${reason}`);
  }

  /** Everything that is wrong. */
  complaints(hasFailed: boolean): readonly string[] {
    if (!hasFailed || this.#errors.size > 0) return [...this.#errors];
    const expected = [...this.#expected].filter((wanted) => wanted !== anything).sort();
    if (this.#expected.has(anything)) expected.push('EOF');
    const last = expected.pop() ?? '';
    const list = expected.length === 0 ? last : `${expected.join(', ')} or ${last}`;
    return [`${this.#placeOf(this.#farthest)}: no match found, expected: ${list}`];
  }

  #fitsOf(rule: unknown): Map<number, Fit<unknown> | undefined> {
    const known = this.#fits.get(rule) ?? new Map<number, Fit<unknown> | undefined>();
    this.#fits.set(rule, known);
    return known;
  }

  /** Line, column and offset in bytes, as pigeon counts: a line end is column 0 of the next line. */
  #placeOf(at: number): string {
    const lines = this.text.slice(0, at + 1).split('\n');
    const before = this.text.slice(0, at);
    const isLineEnd = this.text[at] === '\n';
    const column = isLineEnd ? 0 : [...before.slice(before.lastIndexOf('\n') + 1)].length + 1;
    return `${lines.length}:${column} (${encodeText(before).length})`;
  }
}

/** A rule that is tried once at each place. */
export function rule<Value>(name: string, body: () => Peg<Value>): Peg<Value> {
  let peg: Peg<Value> | undefined;
  const self: Peg<Value> = (input, at) => {
    peg ??= body();
    return input.once(self, name, at, peg);
  };
  return self;
}

/** These characters. */
export function literal(wanted: string): Peg<string> {
  const shown = quote(wanted);
  return (input, at) => {
    const isThere = input.text.startsWith(wanted, at);
    input.note(isThere, at, shown);
    return isThere ? { value: wanted, end: at + wanted.length } : undefined;
  };
}

/** One character of a class: `[a-z]`. */
export function oneOf(characters: string): Peg<string> {
  return character(new RegExp(`^${characters}$`, 'u'), characters);
}

/** Any character. */
export const anyCharacter: Peg<string> = character(/^.$/su, '.');

function character(pattern: RegExp, shown: string): Peg<string> {
  return (input, at) => {
    const code = input.text.codePointAt(at);
    const value = code === undefined ? '' : String.fromCodePoint(code);
    const isThere = pattern.test(value);
    input.note(isThere, at, shown);
    return isThere ? { value, end: at + value.length } : undefined;
  };
}

/** One after the other. */
export function sequence<Values extends readonly unknown[]>(
  ...parts: { readonly [Index in keyof Values]: Peg<Values[Index]> }
): Peg<Values> {
  return (input, at) => {
    const values: unknown[] = [];
    let end = at;
    for (const part of parts as readonly Peg<unknown>[]) {
      const fit = part(input, end);
      if (fit === undefined) return undefined;
      values.push(fit.value);
      end = fit.end;
    }
    return { value: values as unknown as Values, end };
  };
}

/** The first one that fits. */
export function choice<Value>(...alternatives: readonly Peg<Value>[]): Peg<Value> {
  return (input, at) => {
    for (const alternative of alternatives) {
      const fit = alternative(input, at);
      if (fit !== undefined) return fit;
    }
    return undefined;
  };
}

/** As often as it is there. */
export function many<Value>(peg: Peg<Value>): Peg<readonly Value[]> {
  return (input, at) => {
    const value: Value[] = [];
    let end = at;
    for (let fit = peg(input, end); fit !== undefined; fit = peg(input, end)) {
      value.push(fit.value);
      end = fit.end;
    }
    return { value, end };
  };
}

/** At least once. */
export function some<Value>(peg: Peg<Value>): Peg<readonly Value[]> {
  const all = many(peg);
  return (input, at) => {
    const fit = all(input, at);
    return fit !== undefined && fit.value.length > 0 ? fit : undefined;
  };
}

/** If it is there. */
export function optional<Value>(peg: Peg<Value>): Peg<Value | undefined> {
  return (input, at) => peg(input, at) ?? { value: undefined, end: at };
}

/** Only before this, which stays where it is. */
export function before(peg: Peg<unknown>): Peg<undefined> {
  return (input, at) => (peg(input, at) === undefined ? undefined : { value: undefined, end: at });
}

/** Only where this is not. */
export function not(peg: Peg<unknown>): Peg<undefined> {
  return (input, at) => (input.inverted(peg, at) === undefined ? { value: undefined, end: at } : undefined);
}

/** What something that fits means; `written` is its text. */
export function meaning<Value, Meant>(
  peg: Peg<Value>,
  meant: (value: Value, written: string) => Meant,
): Peg<Meant> {
  return (input, at) => {
    const fit = peg(input, at);
    return fit && { value: meant(fit.value, input.text.slice(at, fit.end)), end: fit.end };
  };
}

/** Never fits, and says why: for the end of a sequence that people write by mistake. */
export function mistake(reason: string): Peg<never> {
  return (input, at) => {
    input.refuse(at, reason);
    return undefined;
  };
}

const anything = '!.';

/** Rules within rules: half of what the stack bears. `a and b …` takes one for each part, `(` four. */
const depthMax = 600;
