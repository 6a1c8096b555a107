// The parts of the state that somebody can wait for, and which of them a change touches.
// Upstream waits for nodes of radix trees; here each part has a name. Waking somebody in vain is allowed (he
// asks again, sees that his index has not moved, and waits on); not waking somebody is not.

import type { HealthCheck, KeyValue, Node, NodeCoordinate, Session } from '../records/index.ts';
import { byteKey, nameKey, uuidKey } from './keys.ts';
import type { IndexEntry, ServiceRow } from './rows.ts';
import type { Tables } from './tables.ts';

/** The names of the parts. Those that take no argument stand for whole tables. */
export const topics = {
  nodes: 'nodes',
  node: (name: string) => `node/${nameKey(name)}`,
  services: 'services',
  service: (name: string) => `service/${nameKey(name)}`,
  servicesOn: (node: string) => `services-on/${nameKey(node)}`,
  checks: 'checks',
  checksOf: (service: string) => `checks-of/${nameKey(service)}`,
  checksOn: (node: string) => `checks-on/${nameKey(node)}`,
  checksIn: (status: string) => `checks-in/${status}`,
  keyValues: 'key-values',
  key: (key: string) => `key/${byteKey(key)}`,
  /** Takes the bytes of the prefix, as byteKey makes them. */
  keysBelow: (prefix: string) => `keys-below/${prefix}`,
  sessions: 'sessions',
  session: (id: string) => `session/${uuidKey(id)}`,
  sessionsOn: (node: string) => `sessions-on/${nameKey(node)}`,
  coordinates: 'coordinates',
  coordinatesOf: (node: string) => `coordinates-of/${nameKey(node)}`,
  autopilot: 'autopilot',
  /** An entry of the index table: `service.web`. */
  index: (name: string) => `index/${nameKey(name)}`,
} as const;

/** A row that was there before a change, or is there after it. */
export interface Change {
  readonly table: keyof Tables;
  readonly before: unknown;
  readonly after: unknown;
}

/** The parts that a change touches, except the prefixes of a key: only who waits knows which there are. */
export function touchedTopics({ table, before, after }: Change): string[] {
  const touched = touching[table];
  if (touched === undefined) return [];
  return [before, after].flatMap((row) => (row === undefined ? [] : touched(row as never)));
}

/** The key that a change is of, as byteKey makes it. */
export function touchedKey({ table, before, after }: Change): string | undefined {
  return table === 'keyValues' ? byteKey(((after ?? before) as KeyValue).key) : undefined;
}

const touching: { readonly [Name in keyof Tables]?: (row: never) => string[] } = {
  nodes: ({ name }: Node) => [topics.nodes, topics.node(name)],
  services: ({ node, service }: ServiceRow) => [
    topics.services,
    topics.service(service.service),
    topics.servicesOn(node),
  ],
  checks: ({ node, serviceName, status }: HealthCheck) => [
    topics.checks,
    topics.checksOf(serviceName),
    topics.checksOn(node),
    topics.checksIn(status),
  ],
  keyValues: ({ key }: KeyValue) => [topics.keyValues, topics.key(key)],
  sessions: ({ id, node }: Session) => [topics.sessions, topics.session(id), topics.sessionsOn(node)],
  coordinates: ({ node }: NodeCoordinate) => [topics.coordinates, topics.coordinatesOf(node)],
  autopilot: () => [topics.autopilot],
  indexes: ({ name }: IndexEntry) => [topics.index(name)],
};
