// Reads a handler's options, which come from a file that people write: each has a name and a type, and what
// nobody asked for is refused, because it is most likely misspelt.

/** The options of one handler, taken one by one. Every method throws an Error for the operator. */
export class OptionReader {
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #rest: Set<string>;

  constructor(options: Readonly<Record<string, unknown>>) {
    this.#options = options;
    this.#rest = new Set(Object.keys(options));
  }

  /** A text. Without a default it must be there, and not be empty. */
  text(name: string, initial?: string): string {
    const value = this.#take(name) ?? initial;
    if (value === undefined) throw new Error(`the option '${name}' is missing`);
    if (typeof value !== 'string' || (value === '' && initial === undefined))
      throw new Error(`the option '${name}' must be a text`);
    return value;
  }

  /** A text, or undefined when it is not there. */
  optionalText(name: string): string | undefined {
    return name in this.#options ? this.text(name) : undefined;
  }

  /** A whole number within bounds. */
  integer(name: string, initial: number, least: number, most: number): number {
    const value = this.#take(name) ?? initial;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`the option '${name}' must be a whole number from ${least} to ${most}`);
  }

  /** Yes or no; no when it is not there. */
  boolean(name: string): boolean {
    const value = this.#take(name) ?? false;
    if (typeof value !== 'boolean') throw new Error(`the option '${name}' must be true or false`);
    return value;
  }

  /** A list of texts, or undefined when it is not there. */
  texts(name: string): readonly string[] | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      throw new Error(`the option '${name}' must be a list of texts`);
    return value;
  }

  /** Texts by name; none when it is not there. */
  textsByName(name: string): Readonly<Record<string, string>> {
    const value = this.#take(name) ?? {};
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject || !Object.values(value).every((item) => typeof item === 'string'))
      throw new Error(`the option '${name}' must be an object of texts`);
    return value as Record<string, string>;
  }

  /** Call it last. @throws Error when there are options that nobody took. */
  finish(): void {
    const [unknown] = this.#rest;
    if (unknown !== undefined) throw new Error(`there is no option '${unknown}'`);
  }

  #take(name: string): unknown {
    this.#rest.delete(name);
    return this.#options[name];
  }
}
