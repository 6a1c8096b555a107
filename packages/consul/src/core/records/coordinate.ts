// Where a node is in the network, as round trip times tell. Upstream: agent/structs/structs.go (Coordinate).

import type { Coordinate } from '@reeve/serf/core';

/** The coordinate of a node in one segment. Its key is both. */
export interface NodeCoordinate {
  readonly node: string;
  /** Always empty outside of the Enterprise edition. */
  readonly segment: string;
  readonly coordinate: Coordinate;
}
