// The changes of one raft entry. All of them happen, or none: each is noted with what was there before.

import { nameKey } from './keys.ts';
import type { IndexEntry } from './rows.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';
import type { Change } from './topics.ts';

/** The row type of a table. */
export type RowOf<Name extends keyof Tables> = Tables[Name] extends Table<infer Row, infer _> ? Row : never;

/** Changes the tables, at one raft index, until it is committed or undone. */
export class Transaction {
  readonly tables: Tables;
  /** The index of the raft entry: what records created or changed now get. */
  readonly index: number;
  /** What has changed, in order. */
  readonly changes: Change[] = [];
  /** Keys that nobody may lock for so many nanoseconds, once this is committed. */
  readonly lockDelaysNs = new Map<string, number>();
  /** Whether a deletion left a tombstone, which is to be reaped some time. */
  leftTombstone = false;

  constructor(tables: Tables, index: number) {
    this.tables = tables;
    this.index = index;
  }

  /** Adds a row, or replaces the one with its key. */
  put<Name extends keyof Tables>(table: Name, row: RowOf<Name>): void {
    const before = (this.tables[table] as Table<unknown>).put(row);
    this.changes.push({ table, before, after: row });
  }

  /** Removes the row with a key, if there is one. */
  remove(table: keyof Tables, key: string): void {
    const before = (this.tables[table] as Table<unknown>).delete(key);
    if (before !== undefined) this.changes.push({ table, before, after: undefined });
  }

  /** Moves an entry of the index table here: a table, or a part of one, has changed. */
  touch(name: string): void {
    const entry = this.tables.indexes.get(nameKey(name));
    if (entry === undefined || entry.value < this.index) {
      this.put('indexes', { name, value: this.index } satisfies IndexEntry);
    }
  }

  /** Takes all changes back, the last one first. */
  undo(): void {
    for (const { table, before, after } of this.changes.toReversed()) {
      const rows = this.tables[table] as Table<unknown>;
      if (before === undefined) rows.delete(rows.keyOf(after));
      else rows.put(before);
    }
    this.changes.length = 0;
    this.lockDelaysNs.clear();
    this.leftTombstone = false;
  }
}
