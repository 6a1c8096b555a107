// The words of one line of a script: `loss 20% from n1 for 10s`. Positions first, then options by name.
//
// Every reader says in its error what it wanted, so that a script with a slip is easy to mend.

/** A script that makes no sense. */
export class ScriptError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScriptError';
  }
}

/** Takes the words of a line one by one. */
export class Words {
  readonly line: string;
  readonly #words: string[];

  constructor(line: string) {
    this.line = line;
    this.#words = line.trim().split(/\s+/);
  }

  /** The next word. @throws ScriptError when there is none. */
  take(what: string): string {
    const word = this.#words.shift();
    if (word === undefined) throw this.error(`${what} is missing`);
    return word;
  }

  /** The value behind a name, if it is there: of `from n1` it is `n1`. */
  option(name: string): string | undefined {
    const place = this.#words.indexOf(name);
    if (place < 0) return undefined;
    const [, value] = this.#words.splice(place, 2);
    if (value === undefined) throw this.error(`something is missing behind "${name}"`);
    return value;
  }

  /** Whether a word stands alone somewhere. */
  flag(name: string): boolean {
    const place = this.#words.indexOf(name);
    if (place >= 0) this.#words.splice(place, 1);
    return place >= 0;
  }

  /** All words that are left. */
  rest(): readonly string[] {
    return this.#words.splice(0);
  }

  /** @throws ScriptError when there are words that nobody wanted. */
  end(): void {
    const [surplus] = this.#words;
    if (surplus !== undefined) throw this.error(`what does "${surplus}" mean here?`);
  }

  /** An error about this line. */
  error(sentence: string): ScriptError {
    return new ScriptError(`${this.line}: ${sentence}`);
  }
}

/** Milliseconds from `300ms`, `1.5s` or `2m`. @throws ScriptError */
export function parseMs(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(digits) * (unitMs.get(unit ?? '') ?? Number.NaN);
  if (!Number.isFinite(ms)) throw new ScriptError(`"${text}" is no time, such as 300ms or 5s`);
  return ms;
}

/** 0 to 1 from `20%`. @throws ScriptError */
export function parseShare(text: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > 100)
    throw new ScriptError(`"${text}" is no share, such as 20%`);
  return Number(digits) / 100;
}

const unitMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
]);
