// Instances of services as msgpack. What the catalog answers with is one flat struct of node and service;
// what health answers with is nested. Upstream: agent/structs/structs.go (ServiceNode, CheckServiceNode).

import {
  boolean,
  type Codec,
  field,
  int64,
  list,
  nilable,
  nilableList,
  struct,
  text,
  textMap,
} from '@reeve/bytes';
import {
  evenWeights,
  type InstanceHealth,
  type ServiceInstance,
  type TextMap,
  type Weights,
} from '../records/index.ts';
import { healthCheckCodec } from './health-check.ts';
import { recordElementsMax } from './limits.ts';
import { nilableTexts, nodeCodec, raftIndexFields } from './records.ts';
import { connect, proxy, serviceAddress, serviceCodec, weights } from './service.ts';

/** A service with its checks. */
export const instanceHealthCodec: Codec<InstanceHealth> = struct<InstanceHealth>({
  node: field('Node', nodeCodec),
  service: field('Service', serviceCodec),
  checks: field('Checks', list(healthCheckCodec, recordElementsMax)),
});

/** A service with its node, flattened. The node's own indexes are not on the wire: they are read as 0. */
export const serviceInstanceCodec: Codec<ServiceInstance> = {
  zero: () => nested(flatCodec.zero()),
  encode: (writer, instance) => flatCodec.encode(writer, flattened(instance)),
  decode: (reader) => nested(flatCodec.decode(reader)),
};

type Service = ServiceInstance['service'];

interface FlatInstance {
  readonly id: string;
  readonly node: string;
  readonly address: string;
  readonly datacenter: string;
  readonly taggedAddresses: TextMap | null;
  readonly nodeMeta: TextMap | null;
  readonly serviceKind: string;
  readonly serviceId: string;
  readonly serviceName: string;
  readonly serviceTags: readonly string[] | null;
  readonly serviceAddress: string;
  readonly serviceTaggedAddresses: Service['taggedAddresses'];
  readonly serviceWeights: Weights;
  readonly serviceMeta: TextMap | null;
  readonly servicePort: number;
  readonly serviceEnableTagOverride: boolean;
  readonly serviceProxy: Service['proxy'];
  readonly serviceConnect: Service['connect'];
  readonly createIndex: number;
  readonly modifyIndex: number;
}

const flatCodec = struct<FlatInstance>({
  id: field('ID', text),
  node: field('Node', text),
  address: field('Address', text),
  datacenter: field('Datacenter', text),
  taggedAddresses: field('TaggedAddresses', nilableTexts),
  nodeMeta: field('NodeMeta', nilableTexts),
  serviceKind: field('ServiceKind', text),
  serviceId: field('ServiceID', text),
  serviceName: field('ServiceName', text),
  serviceTags: field('ServiceTags', nilableList(text, recordElementsMax)),
  serviceAddress: field('ServiceAddress', text),
  serviceTaggedAddresses: field(
    'ServiceTaggedAddresses',
    nilable(textMap(serviceAddress, recordElementsMax)),
  ),
  serviceWeights: field('ServiceWeights', weights),
  serviceMeta: field('ServiceMeta', nilableTexts),
  servicePort: field('ServicePort', int64),
  serviceEnableTagOverride: field('ServiceEnableTagOverride', boolean),
  serviceProxy: field('ServiceProxy', proxy),
  serviceConnect: field('ServiceConnect', connect),
  ...raftIndexFields,
});

function flattened({ node, service }: ServiceInstance): FlatInstance {
  return {
    id: node.id,
    node: node.name,
    address: node.address,
    datacenter: node.datacenter,
    taggedAddresses: node.taggedAddresses,
    nodeMeta: node.meta,
    serviceKind: service.kind,
    serviceId: service.id,
    serviceName: service.service,
    serviceTags: service.tags,
    serviceAddress: service.address,
    serviceTaggedAddresses: service.taggedAddresses,
    serviceWeights: service.weights ?? evenWeights,
    serviceMeta: service.meta,
    servicePort: service.port,
    serviceEnableTagOverride: service.enableTagOverride,
    serviceProxy: service.proxy,
    serviceConnect: service.connect,
    createIndex: service.createIndex,
    modifyIndex: service.modifyIndex,
  };
}

function nested(flat: FlatInstance): ServiceInstance {
  return {
    node: {
      id: flat.id,
      name: flat.node,
      address: flat.address,
      datacenter: flat.datacenter,
      taggedAddresses: flat.taggedAddresses,
      meta: flat.nodeMeta,
      createIndex: 0,
      modifyIndex: 0,
    },
    service: {
      kind: flat.serviceKind,
      id: flat.serviceId,
      service: flat.serviceName,
      tags: flat.serviceTags,
      address: flat.serviceAddress,
      taggedAddresses: flat.serviceTaggedAddresses,
      meta: flat.serviceMeta,
      port: flat.servicePort,
      weights: flat.serviceWeights,
      enableTagOverride: flat.serviceEnableTagOverride,
      proxy: flat.serviceProxy,
      connect: flat.serviceConnect,
      createIndex: flat.createIndex,
      modifyIndex: flat.modifyIndex,
    },
  };
}
