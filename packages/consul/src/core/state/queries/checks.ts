// Questions about checks. Upstream: agent/consul/state/catalog.go.
// They all share the index of the table: who waits for one check may be woken and told of nothing new.

import type { HealthCheck, TextMap } from '../../records/index.ts';
import { byteKey, nameKey } from '../keys.ts';
import { serviceIndexName } from '../service-indexes.ts';
import { maxIndex, type Tables } from '../tables.ts';
import { topics } from '../topics.ts';
import type { Watch } from '../watch.ts';
import type { Indexed } from './indexed.ts';
import { catalogIndex, hasMeta } from './nodes.ts';

/** The checks of a node and of the services on it. */
export function listChecksOn(
  tables: Tables,
  watch: Watch | null,
  node: string,
): Indexed<readonly HealthCheck[]> {
  watch?.add(topics.checksOn(node));
  return { index: maxIndex(tables, 'checks'), value: tables.checks.startingWith(nameKey(node)) };
}

/** The checks of a service, without those of its nodes; on nodes that have this metadata, if asked. */
export function listChecksOf(
  tables: Tables,
  watch: Watch | null,
  service: string,
  meta: TextMap | null = null,
): Indexed<readonly HealthCheck[]> {
  watch?.add(topics.checksOf(service));
  const checks = tables.checks.matching('service', nameKey(service));
  if (meta === null) return { index: maxIndex(tables, 'checks'), value: checks };
  const index = maxIndex(tables, serviceIndexName(service)) || catalogIndex(tables);
  return { index, value: onNodesWith(tables, watch, checks, meta) };
}

/** The checks in a state, `any` for all; on nodes that have this metadata, if asked. */
export function listChecksIn(
  tables: Tables,
  watch: Watch | null,
  state: string,
  meta: TextMap | null = null,
): Indexed<readonly HealthCheck[]> {
  const isAny = state === 'any';
  watch?.add(isAny ? topics.checks : topics.checksIn(state));
  const checks = isAny ? tables.checks.startingWith('') : tables.checks.matching('status', byteKey(state));
  const value = meta === null ? checks : onNodesWith(tables, watch, checks, meta);
  return { index: maxIndex(tables, 'checks'), value };
}

function onNodesWith(
  tables: Tables,
  watch: Watch | null,
  checks: readonly HealthCheck[],
  meta: TextMap,
): readonly HealthCheck[] {
  return checks.filter((check) => {
    watch?.add(topics.node(check.node), topics.nodes);
    const node = tables.nodes.get(nameKey(check.node));
    return node !== undefined && hasMeta(node, meta);
  });
}
