// What was worked out before, for keys that come again and again: the last few, all forgotten at once when
// there are too many. So whoever comes with ever other keys costs little.

/** Values by key. */
export class Remembered<Key, Value> {
  // Bounded by keysMax.
  readonly #values = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  keep(key: Key, value: Value): void {
    if (this.#values.size >= keysMax) this.#values.clear();
    this.#values.set(key, value);
  }

  /** The value of a key, made if it is not there. */
  of(key: Key, make: (key: Key) => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    this.keep(key, value);
    return value;
  }
}

const keysMax = 512;
