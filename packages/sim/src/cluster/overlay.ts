// What one node knows, as far as it differs from what everybody knows: entries by name, copied when they are
// changed. Next: common-knowledge.ts.

/** Entries by name over common ones. */
export class Overlay<Known, Own extends Known> {
  readonly #common: ReadonlyMap<string, Known>;
  readonly #copy: (known: Known) => Own;
  readonly #own = new Map<string, Own>();
  /** Common entries that are none here. */
  readonly #deleted = new Set<string>();
  #size: number;

  constructor(common: ReadonlyMap<string, Known>, copy: (known: Known) => Own) {
    this.#common = common;
    this.#copy = copy;
    this.#size = common.size;
  }

  get size(): number {
    return this.#size;
  }

  get(name: string): Known | undefined {
    const own = this.#own.get(name);
    if (own !== undefined || this.#deleted.has(name)) return own;
    return this.#common.get(name);
  }

  /** An entry, to be changed: from now on this is the entry. */
  change(name: string): Own | undefined {
    const own = this.#own.get(name);
    if (own !== undefined) return own;
    const known = this.get(name);
    if (known === undefined) return undefined;
    const copy = this.#copy(known);
    this.#own.set(name, copy);
    return copy;
  }

  set(name: string, own: Own): void {
    if (this.get(name) === undefined) this.#size += 1;
    this.#own.set(name, own);
  }

  delete(name: string): void {
    if (this.get(name) === undefined) return;
    this.#size -= 1;
    this.#own.delete(name);
    if (this.#common.has(name)) this.#deleted.add(name);
  }

  /** All entries, the common ones first. */
  *values(): Iterable<Known> {
    for (const name of this.#common.keys()) {
      const known = this.get(name);
      if (known !== undefined) yield known;
    }
    for (const [name, own] of this.#own) if (!this.#common.has(name)) yield own;
  }
}
