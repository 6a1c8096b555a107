// The answer to the question that is asked most, kept until something in the catalog changes. As long as
// nothing does, the same list of the same instances is given out, so whoever has made something of it, such
// as JSON, can find that again by it.

import type { InstanceHealth } from '../records/index.ts';
import { nameKey } from './keys.ts';
import type { Indexed } from './queries/indexed.ts';
import { listCheckedInstances, watchCheckedInstances } from './queries/services.ts';
import type { Tables } from './tables.ts';
import type { Watch } from './watch.ts';

/** Instances of services with their checks. */
export class ServiceHealth {
  // Bounded by partsMax: each instance has all checks of its node, and a node may have many of both.
  readonly #byName = new Map<string, Indexed<readonly InstanceHealth[]>>();
  #parts = 0;
  #tables: Tables | undefined;
  #version = 0;

  /** The same as `listCheckedInstances` without tags. */
  instances(tables: Tables, watch: Watch | null, name: string): Indexed<readonly InstanceHealth[]> {
    this.#forgetOld(tables);
    const key = nameKey(name);
    const known = this.#byName.get(key);
    if (known !== undefined) {
      if (watch !== null) watchCheckedInstances(watch, name, true);
      return known;
    }
    const found = listCheckedInstances(tables, watch, name);
    if (found.value.length > 0) this.#keep(key, found);
    return found;
  }

  #keep(key: string, found: Indexed<readonly InstanceHealth[]>): void {
    for (const { checks } of found.value) this.#parts += 1 + checks.length;
    if (this.#parts > partsMax) this.#forget();
    else this.#byName.set(key, found);
  }

  #forget(): void {
    this.#byName.clear();
    this.#parts = 0;
  }

  #forgetOld(tables: Tables): void {
    const version = tables.nodes.version + tables.services.version + tables.checks.version;
    if (tables === this.#tables && version === this.#version) return;
    this.#forget();
    this.#tables = tables;
    this.#version = version;
  }
}

/** Instances and checks in all lists, each a place in one: some megabytes. */
const partsMax = 1_000_000;
