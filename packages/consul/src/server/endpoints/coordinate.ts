// Where nodes are. Upstream: agent/consul/coordinate_endpoint.go.

import { isValidCoordinate } from '@reeve/serf/core';
import { listCoordinates, listCoordinatesOf, type NodeCoordinate } from '../../core/index.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import {
  type Coordinates,
  type CoordinateUpdate,
  coordinate,
  type Empty,
  type QueryOptions,
} from '../../rpc/methods/index.ts';
import type { CallSignal } from '../../waiting/call-signal.ts';
import { apply } from '../apply.ts';
import { blockingQuery, type Read } from '../blocking-query.ts';
import { CoordinateBatches } from '../coordinate-batches.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';

/** Serves the methods of `Coordinate`; what is returned stops the writing of what was gathered. */
export function serveCoordinate(server: ServerContext, table: MethodTable): () => void {
  const methods = new RoutedMethods(server, table);
  const batches = new CoordinateBatches(server.runtime, async (batch) => {
    await apply(server, { type: 'coordinates', request: batch });
  });
  methods.change(coordinate.update, async (_server, request) => update(batches, request));
  methods.question(coordinate.listNodes, (_server, query, signal) => {
    return coordinates(server, query, listCoordinates, signal);
  });
  methods.question(coordinate.node, (_server, query, signal) => {
    return coordinates(
      server,
      query,
      (tables, watch) => listCoordinatesOf(tables, watch, query.node),
      signal,
    );
  });
  // Known to a server by the pool of all datacenters, which we are not in.
  table.serve(coordinate.listDatacenters, async () => []);
  return () => batches.stop();
}

function update(batches: CoordinateBatches, { node, segment, coordinate: wanted }: CoordinateUpdate): Empty {
  if (wanted === null || !isValidCoordinate(wanted)) throw new Error('invalid coordinate');
  if (wanted.vec.length !== dimensions) throw new Error('incompatible coordinate');
  batches.add({ node, segment, coordinate: wanted });
  return {};
}

async function coordinates(
  server: ServerContext,
  query: QueryOptions,
  read: Read<readonly NodeCoordinate[]>,
  signal?: CallSignal,
): Promise<Coordinates> {
  const { value, meta } = await blockingQuery(server, query, read, signal);
  return { coordinates: value, ...meta };
}

/** Of serf's coordinates. */
const dimensions = 8;
