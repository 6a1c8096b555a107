// Where nodes are. Upstream: agent/consul/coordinate_endpoint.go, agent/structs/structs.go.

import { field, nilable, struct, text } from '@reeve/bytes';
import { type Coordinate, coordinateCodec } from '@reeve/serf/core';
import {
  type NodeCoordinate,
  nodeCoordinateCodec,
  type WriteRequest,
  writeRequestFields,
} from '../../core/index.ts';
import { empty } from './empty.ts';
import { answerList, fullList } from './lists.ts';
import { method } from './method.ts';
import { nodeQuery, nodesQuery, type QueryMeta, queryMetaFields } from './query.ts';

/** A node tells where it is now. */
export interface CoordinateUpdate extends WriteRequest {
  readonly node: string;
  readonly segment: string;
  readonly coordinate: Coordinate | null;
}

/** Coordinates; null if there are none. */
export interface Coordinates extends QueryMeta {
  readonly coordinates: readonly NodeCoordinate[] | null;
}

/** The servers of one datacenter. */
export interface DatacenterCoordinates {
  readonly datacenter: string;
  readonly areaId: string;
  readonly coordinates: readonly NodeCoordinate[] | null;
}

const coordinateUpdate = struct<CoordinateUpdate>({
  node: field('Node', text),
  segment: field('Segment', text),
  coordinate: field('Coord', nilable(coordinateCodec)),
  ...writeRequestFields,
});

const coordinates = struct<Coordinates>({
  coordinates: field('Coordinates', answerList(nodeCoordinateCodec)),
  ...queryMetaFields,
});

const datacenterCoordinates = struct<DatacenterCoordinates>({
  datacenter: field('Datacenter', text),
  areaId: field('AreaID', text),
  coordinates: field('Coordinates', answerList(nodeCoordinateCodec)),
});

/** The methods of `Coordinate`. */
export const coordinate = {
  update: method('Coordinate.Update', coordinateUpdate, empty),
  listDatacenters: method('Coordinate.ListDatacenters', empty, fullList(datacenterCoordinates)),
  listNodes: method('Coordinate.ListNodes', nodesQuery, coordinates),
  node: method('Coordinate.Node', nodeQuery, coordinates),
};
