// A service of a node as msgpack. What belongs to the service mesh is passed on as it came.
// Upstream: agent/structs/structs.go (NodeService), connect_proxy_config.go.

import {
  anyValue,
  boolean,
  type Codec,
  encodeWith,
  field,
  gossipDialect,
  int64,
  type MsgpackValue,
  nilable,
  nilableList,
  struct,
  text,
  textMap,
} from '@reeve/bytes';
import type { NodeService, ServiceAddress, Weights } from '../records/index.ts';
import { opaqueDepthMax, recordElementsMax } from './limits.ts';
import { nilableTexts, raftIndexFields } from './records.ts';
import { sharedBytes } from './shared-value.ts';

/** A service of a node. */
export const serviceCodec: Codec<NodeService> = {
  zero: () => withoutSidecarMark(wireService.zero()),
  encode: (writer, service) => wireService.encode(writer, { ...service, locallyRegisteredAsSidecar: false }),
  decode: (reader) => withoutSidecarMark(wireService.decode(reader)),
};

/** What is on the wire, too: a mark that an agent sets for itself and every server forgets. */
interface WireService extends NodeService {
  readonly locallyRegisteredAsSidecar: boolean;
}

function withoutSidecarMark({ locallyRegisteredAsSidecar: _, ...service }: WireService): NodeService {
  return service;
}

/** How much traffic an instance is to get. */
export const weights = struct<Weights>({
  passing: field('Passing', int64),
  warning: field('Warning', int64),
});

/** An address in one network. */
export const serviceAddress = struct<ServiceAddress>({
  address: field('Address', text),
  port: field('Port', int64),
});

/** Anything, and null for what Go writes where there is nothing of the mesh. */
function meshValue(nothing: readonly (readonly [string, MsgpackValue])[]): Codec<MsgpackValue> {
  const codec = anyValue(opaqueDepthMax);
  return sharedBytes(codec, null, encodeWith(codec, gossipDialect, new Map(nothing)));
}

/** What the mesh keeps about a proxy. */
export const proxy = meshValue([
  ['Config', null],
  ['DestinationServiceID', ''],
  ['DestinationServiceName', ''],
  [
    'Expose',
    new Map<string, MsgpackValue>([
      ['Checks', false],
      ['Paths', null],
    ]),
  ],
  ['LocalServiceAddress', ''],
  ['LocalServicePort', 0],
  ['MeshGateway', new Map([['Mode', '']])],
  ['Upstreams', null],
]);

/** What the mesh keeps about a service. */
export const connect = meshValue([
  ['Native', false],
  ['SidecarService', null],
]);

const wireService = struct<WireService>({
  kind: field('Kind', text),
  id: field('ID', text),
  service: field('Service', text),
  tags: field('Tags', nilableList(text, recordElementsMax)),
  address: field('Address', text),
  taggedAddresses: field('TaggedAddresses', nilable(textMap(serviceAddress, recordElementsMax))),
  meta: field('Meta', nilableTexts),
  port: field('Port', int64),
  weights: field('Weights', nilable(weights)),
  enableTagOverride: field('EnableTagOverride', boolean),
  proxy: field('Proxy', proxy),
  connect: field('Connect', connect),
  locallyRegisteredAsSidecar: field('LocallyRegisteredAsSidecar', boolean),
  ...raftIndexFields,
});
