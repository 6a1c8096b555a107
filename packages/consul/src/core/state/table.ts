// One kind of record, ordered by its key, and by what else it is looked up.
// A table knows nothing of raft, of indexes that clients see, or of who is waiting: transaction.ts does.
// What it keeps is never changed in place, so a clone stays as it is while writes go on.

import { createOrderedMap, type OrderedMap } from './ordered-map.ts';

/** How the records of a table are ordered. */
export interface TableOrder<Row, Lookup extends string> {
  readonly key: (row: Row) => string;
  /** Further orders: the key of a row in each, or null for rows that are not in it. */
  readonly lookups: { readonly [Name in Lookup]: (row: Row) => string | null };
}

/** Rows by key. */
export class Table<Row, Lookup extends string = never> {
  readonly #order: TableOrder<Row, Lookup>;
  #rows: OrderedMap<Row> = createOrderedMap();
  readonly #lookups = new Map<Lookup, OrderedMap<Row>>();
  #version = 0;

  constructor(order: TableOrder<Row, Lookup>) {
    this.#order = order;
    for (const name of Object.keys(order.lookups) as Lookup[]) this.#lookups.set(name, createOrderedMap());
  }

  /** How many rows there are. */
  get size(): number {
    return this.#rows.size;
  }

  /** Grows with every change: what was worked out from the rows holds as long as it stays. */
  get version(): number {
    return this.#version;
  }

  /** The key of a row. */
  keyOf(row: Row): string {
    return this.#order.key(row);
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** The rows whose key begins with these characters, in order; all if there are none. */
  startingWith(prefix: string): Row[] {
    return rowsBelow(this.#rows, prefix);
  }

  /** The rows that have exactly this key in another order; among each other as in the table. */
  matching(lookup: Lookup, key: string): Row[] {
    return this.beginning(lookup, key + keyEnd);
  }

  /** The rows whose key in another order begins with these characters. */
  beginning(lookup: Lookup, prefix: string): Row[] {
    const rows = this.#lookups.get(lookup);
    return rows === undefined ? [] : rowsBelow(rows, prefix);
  }

  /** All rows in order, one after the other: for what is too much to collect. */
  values(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** Adds a row or replaces the one with its key, which is returned. */
  put(row: Row): Row | undefined {
    const key = this.#order.key(row);
    const previous = this.#rows.get(key);
    this.#version++;
    this.#rows.set(key, row);
    for (const [name, rows] of this.#lookups) {
      const keyIn = this.#order.lookups[name];
      const now = keyIn(row);
      const before = previous === undefined ? null : keyIn(previous);
      if (before !== null && before !== now) rows.delete(before + keyEnd + key);
      if (now !== null) rows.set(now + keyEnd + key, row);
    }
    return previous;
  }

  /** Removes the row with this key and returns it. */
  delete(key: string): Row | undefined {
    const previous = this.#rows.get(key);
    if (previous === undefined) return undefined;
    this.#version++;
    this.#rows.delete(key);
    for (const [name, rows] of this.#lookups) {
      const keyIn = this.#order.lookups[name](previous);
      if (keyIn !== null) rows.delete(keyIn + keyEnd + key);
    }
    return previous;
  }

  /** The same rows, from now on apart. */
  clone(): Table<Row, Lookup> {
    const copy = new Table(this.#order);
    copy.#rows = this.#rows.clone();
    for (const [name, rows] of this.#lookups) copy.#lookups.set(name, rows.clone());
    return copy;
  }
}

function rowsBelow<Row>(rows: OrderedMap<Row>, prefix: string): Row[] {
  if (prefix === '') return rows.valuesArray();
  const found: Row[] = [];
  rows.forRange(prefix, firstBehind(prefix), false, (_key, row) => {
    found.push(row);
  });
  return found;
}

/** The first key behind all that begin with the prefix: keys are bytes, so the last one can be counted up. */
function firstBehind(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}

/** Stands between a lookup's key and the row's own. */
const keyEnd = '\0';
