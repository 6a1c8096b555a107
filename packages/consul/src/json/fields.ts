// The fields that several of Go's types have in common: those of the catalog (`structs`), which requests to
// register bring, and those of its client library (`api`), which agents answer with and transactions bring.
// Upstream: agent/structs/structs.go, api/{catalog,agent,health}.go.

import type { HealthCheck, Node, NodeService, ServiceAddress, Weights } from '../core/index.ts';
import { type Fields, int, type Kind, list, map, struct, text, truth, uint64 } from './decode.ts';

/** Texts by name. */
export const texts = map(text, 'string');

/** A list of texts. */
export const textList = list(text, 'string');

/** When a record was made and changed. */
export const indexFields = {
  createIndex: ['CreateIndex', uint64],
  modifyIndex: ['ModifyIndex', uint64],
} as const;

/** A node's. */
export const nodeFields: Fields<Node> = {
  id: ['ID', text],
  name: ['Node', text],
  address: ['Address', text],
  datacenter: ['Datacenter', text],
  taggedAddresses: ['TaggedAddresses', texts],
  meta: ['Meta', texts],
  ...indexFields,
};

/** Upstream: api.Node. */
export const apiNode = struct<Node>('api.Node', nodeFields);

/** A service's, but for those that differ. */
export const serviceFields: Fields<
  Omit<NodeService, 'kind' | 'taggedAddresses' | 'weights' | 'proxy' | 'connect'>
> = {
  id: ['ID', text],
  service: ['Service', text],
  tags: ['Tags', textList],
  address: ['Address', text],
  meta: ['Meta', texts],
  port: ['Port', int],
  enableTagOverride: ['EnableTagOverride', truth],
  ...indexFields,
};

/** Weights; their type has another name in each package. */
export function weightsOf(goName: string): Kind<Weights> {
  return struct<Weights>(goName, { passing: ['Passing', int], warning: ['Warning', int] });
}

/** Addresses by the network they belong to. */
export function taggedAddressesOf(goName: string): Kind<ReadonlyMap<string, ServiceAddress> | null> {
  const address = struct<ServiceAddress>(goName, { address: ['Address', text], port: ['Port', int] });
  return map(address, goName);
}

/** A check's, but for those that differ. */
export const checkFields: Fields<Omit<HealthCheck, 'checkId' | 'type' | 'definition'>> = {
  node: ['Node', text],
  name: ['Name', text],
  status: ['Status', text],
  notes: ['Notes', text],
  output: ['Output', text],
  serviceId: ['ServiceID', text],
  serviceName: ['ServiceName', text],
  serviceTags: ['ServiceTags', textList],
  ...indexFields,
};

/** What is asked, over HTTP or TCP. */
export const probeFields = {
  http: ['HTTP', text],
  header: ['Header', headers()],
  method: ['Method', text],
  body: ['Body', text],
  tlsSkipVerify: ['TLSSkipVerify', truth],
  tcp: ['TCP', text],
} as const;

/** Lists of texts by name; a list that is missing is empty. */
function headers() {
  const required: Kind<readonly string[]> = {
    zero: [],
    read: (value, at) => textList.read(value, at) ?? [],
  };
  return map(required, '[]string');
}
