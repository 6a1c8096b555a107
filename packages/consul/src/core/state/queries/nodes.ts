// Questions about nodes and what is on them. Upstream: agent/consul/state/catalog.go.

import type { HealthCheck, Node, NodeService, TextMap } from '../../records/index.ts';
import { nameKey, uuidPrefixKey } from '../keys.ts';
import { StateError } from '../state-error.ts';
import { maxIndex, type Tables } from '../tables.ts';
import { topics } from '../topics.ts';
import type { Watch } from '../watch.ts';
import type { Indexed } from './indexed.ts';

/** A node with all services on it, ordered by id. */
export interface NodeServices {
  readonly node: Node;
  readonly services: readonly NodeService[];
}

/** A node with everything on it. */
export interface NodeDump extends NodeServices {
  readonly checks: readonly HealthCheck[];
}

/** All nodes by name; with a filter those that have all of its metadata. */
export function listNodes(
  tables: Tables,
  watch: Watch | null,
  meta: TextMap | null = null,
): Indexed<readonly Node[]> {
  watch?.add(topics.nodes);
  const nodes = tables.nodes.startingWith('');
  const value = meta === null ? nodes : nodes.filter((node) => hasMeta(node, meta));
  return { index: maxIndex(tables, 'nodes'), value };
}

/** One node by name. */
export function readNode(tables: Tables, watch: Watch | null, name: string): Indexed<Node | null> {
  watch?.add(topics.node(name));
  return { index: maxIndex(tables, 'nodes'), value: tables.nodes.get(nameKey(name)) ?? null };
}

/**
 * The services of a node, named by its name, its id or the beginning of its id. Null, with index 0: there is
 * none.
 */
export function readNodeServices(
  tables: Tables,
  watch: Watch | null,
  nameOrId: string,
): Indexed<NodeServices | null> {
  const node = tables.nodes.get(nameKey(nameOrId)) ?? nodeWithId(tables, watch, nameOrId);
  watch?.add(topics.node(node?.name ?? nameOrId));
  if (node === undefined) return { index: 0, value: null };
  watch?.add(topics.servicesOn(node.name));
  const services = servicesOn(tables, node.name);
  return { index: maxIndex(tables, 'nodes', 'services'), value: { node, services } };
}

/** Everything on one node; null: there is none. */
export function dumpNode(tables: Tables, watch: Watch | null, name: string): Indexed<NodeDump | null> {
  for (const topic of [topics.node(name), topics.servicesOn(name), topics.checksOn(name)]) watch?.add(topic);
  const node = tables.nodes.get(nameKey(name));
  return { index: catalogIndex(tables), value: node === undefined ? null : dump(tables, node) };
}

/** Everything on every node. */
export function dumpNodes(tables: Tables, watch: Watch | null): Indexed<readonly NodeDump[]> {
  for (const topic of [topics.nodes, topics.services, topics.checks]) watch?.add(topic);
  const value = tables.nodes.startingWith('').map((node) => dump(tables, node));
  return { index: catalogIndex(tables), value };
}

/** The index of everything that is registered. */
export function catalogIndex(tables: Tables): number {
  return maxIndex(tables, 'nodes', 'services', 'checks');
}

/** Whether a node has all of this metadata. */
export function hasMeta({ meta }: Node, wanted: TextMap): boolean {
  return [...wanted].every(([key, value]) => meta?.get(key) === value);
}

/** A beginning of an id that fits several nodes fits none. */
function nodeWithId(tables: Tables, watch: Watch | null, id: string): Node | undefined {
  if (id.length < idBeginningMin) return undefined;
  try {
    const even = id.slice(0, id.length - (id.length % 2));
    const found = tables.nodes.beginning('id', uuidPrefixKey(even));
    watch?.add(topics.nodes);
    return found.length === 1 ? found[0] : undefined;
  } catch (error) {
    if (error instanceof StateError) return undefined; // no id begins like this
    throw error;
  }
}

function dump(tables: Tables, node: Node): NodeDump {
  const checks = tables.checks.startingWith(nameKey(node.name));
  return { node, services: servicesOn(tables, node.name), checks };
}

function servicesOn(tables: Tables, node: string): NodeService[] {
  return tables.services.startingWith(nameKey(node)).map(({ service }) => service);
}

const idBeginningMin = 2;
