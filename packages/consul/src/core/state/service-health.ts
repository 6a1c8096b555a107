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
  // Bounded by the names that have instances: only those are kept.
  readonly #byName = new Map<string, Indexed<readonly InstanceHealth[]>>();
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
    if (found.value.length > 0) this.#byName.set(key, found);
    return found;
  }

  #forgetOld(tables: Tables): void {
    const version = tables.nodes.version + tables.services.version + tables.checks.version;
    if (tables === this.#tables && version === this.#version) return;
    this.#byName.clear();
    this.#tables = tables;
    this.#version = version;
  }
}
