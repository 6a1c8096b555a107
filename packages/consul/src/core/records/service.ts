// A service as one node offers it. Upstream: agent/structs/structs.go (NodeService, Weights).

import type { MsgpackValue } from '@reeve/bytes';
import type { TextMap } from './node.ts';
import type { RaftIndex } from './raft-index.ts';

/** How much of the traffic an instance is to get (the weight in SRV records) in each health. */
export interface Weights {
  readonly passing: number;
  readonly warning: number;
}

/** An address of a service in one network. */
export interface ServiceAddress {
  readonly address: string;
  /** 0 to 65535. */
  readonly port: number;
}

/** One service of a node. Its key is the node and `id`. */
export interface NodeService extends RaftIndex {
  /** Empty for a common service; others (`connect-proxy` …) belong to the service mesh. */
  readonly kind: string;
  readonly id: string;
  /** The name it is found by. */
  readonly service: string;
  /** null where none were ever given; what JSON shows then differs by endpoint. */
  readonly tags: readonly string[] | null;
  /** Empty: the node's. */
  readonly address: string;
  readonly taggedAddresses: ReadonlyMap<string, ServiceAddress> | null;
  readonly meta: TextMap | null;
  readonly port: number;
  /** null counts as 1 and 1. */
  readonly weights: Weights | null;
  readonly enableTagOverride: boolean;
  /** What the service mesh keeps here. We pass it on as it came and read nothing of it; null: the default. */
  readonly proxy: MsgpackValue;
  readonly connect: MsgpackValue;
}

/** The id and the name of the service that every server is. Upstream: structs.ConsulServiceID. */
export const consulService = 'consul';

/** The weights of an instance that says nothing of them. */
export const evenWeights: Weights = Object.freeze({ passing: 1, warning: 1 });

/** DNS has 16 bits for a weight. */
export const weightMax = 65_535;
