// Questions about services. Upstream: agent/consul/state/catalog.go.
// Instances come ordered by node, then by id: clients pair what they get from catalog and health. Health
// depends on the index of the service's name, which moves with its nodes and checks; the catalog on the
// instances and nodes themselves, so a change of a check moves its index and yet wakes nobody.

import { compareText } from '@reeve/cli';
import type { InstanceHealth, Node, NodeService, ServiceInstance, TextMap } from '../../records/index.ts';
import { nameKey, onNodeKey } from '../keys.ts';
import type { ServiceRow } from '../rows.ts';
import { extinctionIndexName, kindIndexName, serviceIndexName } from '../service-indexes.ts';
import { maxIndex, type Tables } from '../tables.ts';
import { topics } from '../topics.ts';
import type { Watch } from '../watch.ts';
import type { Indexed } from './indexed.ts';
import { catalogIndex, hasMeta } from './nodes.ts';

/** All service names with all of their tags, both in order; on nodes that have this metadata, if asked. */
export function listServices(
  tables: Tables,
  watch: Watch | null,
  meta: TextMap | null = null,
): Indexed<ReadonlyMap<string, readonly string[]>> {
  watch?.add(topics.services);
  if (meta !== null) watch?.add(topics.nodes);
  const tags = new Map<string, Set<string>>();
  for (const { node, service } of tables.services.values()) {
    if (meta !== null && !hasMeta(nodeOf(tables, node), meta)) continue;
    const known = tags.get(service.service) ?? new Set();
    tags.set(service.service, known);
    for (const tag of service.tags ?? []) known.add(tag);
  }
  const names = [...tags.keys()].sort(compareText);
  const value = new Map(names.map((name) => [name, [...(tags.get(name) ?? [])].sort(compareText)]));
  const index = meta === null ? maxIndex(tables, 'services') : maxIndex(tables, 'services', 'nodes');
  return { index, value };
}

/** The instances of a service that have all of the tags, in any case. */
export function listInstances(
  tables: Tables,
  watch: Watch | null,
  name: string,
  tags: readonly string[] = [],
): Indexed<readonly ServiceInstance[]> {
  watch?.add(topics.service(name));
  const rows = tables.services.matching('name', nameKey(name));
  const value = withTags(rows, tags).map(({ node, service }) => {
    watch?.add(topics.node(node), topics.nodes);
    return { node: nodeOf(tables, node), service };
  });
  const index = serviceIndex(tables, name, rows.length > 0) ?? maxIndex(tables, 'nodes', 'services');
  return { index, value };
}

/** The instances of a service that have all of the tags, with their checks. */
export function listCheckedInstances(
  tables: Tables,
  watch: Watch | null,
  name: string,
  tags: readonly string[] = [],
): Indexed<readonly InstanceHealth[]> {
  const rows = tables.services.matching('name', nameKey(name));
  if (watch !== null) watchCheckedInstances(watch, name, rows.length > 0);
  const value = withTags(rows, tags).map((row) => checked(tables, row));
  return { index: serviceIndex(tables, name, rows.length > 0) ?? catalogIndex(tables), value };
}

/** The instances of a service in the service mesh: none, with the index of a name that nobody has. */
export function listMeshInstances(
  tables: Tables,
  watch: Watch | null,
  name: string,
  withChecks: boolean,
): Indexed<readonly never[]> {
  watch?.add(topics.service(name));
  const index = () => (withChecks ? catalogIndex(tables) : maxIndex(tables, 'nodes', 'services'));
  return { index: serviceIndex(tables, name, false) ?? index(), value: [] };
}

/** What `listCheckedInstances` depends on. Who waits for a name that nobody has gets its first instance. */
export function watchCheckedInstances(watch: Watch, name: string, hasInstances: boolean): void {
  watch.add(hasInstances ? topics.index(serviceIndexName(name)) : topics.service(name));
}

/** All services, or those of a kind, with their checks. */
export function dumpServices(
  tables: Tables,
  watch: Watch | null,
  kind?: string,
): Indexed<readonly InstanceHealth[]> {
  if (kind !== undefined) {
    watch?.add(topics.index(kindIndexName(kind)));
    const rows = tables.services.matching('kind', nameKey(kind));
    const value = rows.map((row) => checked(tables, row));
    return { index: maxIndex(tables, kindIndexName(kind)), value };
  }
  for (const topic of [topics.nodes, topics.services, topics.checks]) watch?.add(topic);
  const value = tables.services.startingWith('').map((row) => checked(tables, row));
  return { index: catalogIndex(tables), value };
}

/** The instances that have an address, in any network. It has no index: only DNS asks. */
export function listInstancesAt(
  tables: Tables,
  watch: Watch | null,
  address: string,
): Indexed<readonly ServiceInstance[]> {
  watch?.add(topics.services);
  watch?.add(topics.nodes);
  const rows = tables.services.startingWith('').filter(({ service }) => isAt(service, address));
  const value = rows.map(({ node, service }) => ({ node: nodeOf(tables, node), service }));
  return { index: 0, value };
}

/** The index of a name: its own, or if it has no instance that at which any name last lost all of its. */
function serviceIndex(tables: Tables, name: string, hasInstances: boolean): number | undefined {
  const entry = (indexName: string) => tables.indexes.get(nameKey(indexName))?.value;
  return (hasInstances ? undefined : entry(extinctionIndexName)) ?? entry(serviceIndexName(name));
}

function checked(tables: Tables, { node, service }: ServiceRow): InstanceHealth {
  const ofNode = tables.checks.matching('onService', onNodeKey(node, ''));
  const own = tables.checks.matching('onService', onNodeKey(node, service.id));
  return { node: nodeOf(tables, node), service, checks: [...ofNode, ...own] };
}

/** Services are only on nodes that exist: deleting a node deletes them. */
function nodeOf({ nodes }: Tables, name: string): Node {
  const node = nodes.get(nameKey(name));
  if (node === undefined) throw new Error(`a service is on node ${name}, which is not registered`);
  return node;
}

function withTags(rows: readonly ServiceRow[], tags: readonly string[]): readonly ServiceRow[] {
  if (tags.length === 0) return rows;
  const wanted = tags.map((tag) => tag.toLowerCase());
  return rows.filter(({ service }) => {
    const has = new Set(service.tags?.map((tag) => tag.toLowerCase()));
    return wanted.every((tag) => has.has(tag));
  });
}

function isAt({ address, taggedAddresses }: NodeService, wanted: string): boolean {
  return (
    address === wanted || [...(taggedAddresses?.values() ?? [])].some((other) => other.address === wanted)
  );
}
