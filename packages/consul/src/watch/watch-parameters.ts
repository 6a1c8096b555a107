// What somebody has said of a watch, of which parsing takes one parameter after the other: what nobody has
// taken is refused in the end. Upstream: api/watch/watch.go (assignValue and its kind).

import { compareText, goText, isList, isObject, type JsonValue, quote } from '@reeve/cli';

/** The parameters that are left. */
export class WatchParameters {
  readonly #left: Map<string, JsonValue>;

  /** What is undefined was not given. */
  constructor(given: { readonly [name: string]: JsonValue | undefined }) {
    const entries = Object.entries(given).flatMap(([name, value]): [string, JsonValue][] =>
      value === undefined ? [] : [[name, value]],
    );
    this.#left = new Map(entries);
  }

  /** The names of those that nobody has taken. */
  get names(): readonly string[] {
    return [...this.#left.keys()];
  }

  /** Leaves it there. */
  peek(name: string): JsonValue | undefined {
    return this.#left.get(name);
  }

  take(name: string): JsonValue | undefined {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }

  /** A text, empty if it is missing. @throws Error for anything else */
  text(name: string): string {
    const value = this.#left.has(name) ? this.#left.get(name) : '';
    if (typeof value !== 'string') throw new Error(`Expecting ${name} to be a string`);
    this.#left.delete(name);
    return value;
  }

  /** @throws Error for anything else */
  truth(name: string): boolean {
    const value = this.#left.has(name) ? this.#left.get(name) : false;
    if (typeof value !== 'boolean') throw new Error(`Expecting ${name} to be a boolean`);
    this.#left.delete(name);
    return value;
  }

  /** One text or several. @throws Error for anything else */
  texts(name: string): readonly string[] {
    if (!this.#left.has(name)) return [];
    const value = this.#left.get(name) ?? null;
    if (typeof value === 'string') {
      this.#left.delete(name);
      return [value];
    }
    if (!isList(value)) throw new Error(`Expecting ${name} to be a string or []string`);
    const texts = value.map((item, index) => {
      if (typeof item !== 'string') throw new Error(`Index ${index} of ${name} expected to be string`);
      return item;
    });
    this.#left.delete(name);
    return texts;
  }

  /** What is left as Go's `%#v` prints it. */
  goSyntax(): string {
    return goSyntax(Object.fromEntries(this.#left));
  }
}

function goSyntax(value: JsonValue): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isObject(value)) return goText(value);
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  const inside = entries.map(([key, item]) => `${quote(key)}:${goSyntax(item)}`).join(', ');
  return `map[string]interface {}{${inside}}`;
}
