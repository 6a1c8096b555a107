// Coordinates ride on memberlist's answers to pings: a probe tells where the other is, and how far that was.
// Upstream: ping_delegate.go. Next: coordinate/client.ts.

import { DecodeError } from '@reeve/bytes';
import type { MemberNode } from '@reeve/memberlist';
import { type Coordinate, coordinateDistanceMs } from './coordinate/coordinate.ts';
import type { Machine } from './machine.ts';
import { coordinateVersion, decodeCoordinate, encodeCoordinate } from './wire/coordinate.ts';

/** Where we are, for whoever pinged us. Encoded when we have moved: many may ping us meanwhile. */
export function ackPayload({ coordinates }: Machine): Uint8Array {
  if (!coordinates) return new Uint8Array(0);
  const { coordinate } = coordinates.client;
  if (coordinates.told?.coordinate !== coordinate) {
    coordinates.told = { coordinate, payload: encodeCoordinate(coordinate) };
  }
  return coordinates.told.payload;
}

/** A member answered a probe: moves our coordinate, remembers both. */
export function onPingComplete(machine: Machine, node: MemberNode, rttMs: number, payload: Uint8Array): void {
  const { coordinates, members, runtime } = machine;
  if (!coordinates || payload.length === 0 || !members.get(node.name)) return;
  const coordinate = decodeOrRefuse(machine, payload);
  if (!coordinate) return;

  const { client, known } = coordinates;
  const before = client.coordinate;
  const observed = client.observe(node.name, coordinate, Math.round(rttMs * 1e6) / 1e9);
  if (!observed.accepted) {
    runtime.metrics.count('serf.coordinate.rejected', 1);
    machine.log('trace', `Rejected coordinate from ${node.name}: ${observed.reason}`);
    return;
  }
  if (rttMs === 0) runtime.metrics.count('serf.coordinate.zero-rtt', 1);
  const movedMs = coordinateDistanceMs(before, observed.coordinate);
  runtime.metrics.sample('serf.coordinate.adjustment-ms', movedMs);
  known.set(node.name, coordinate);
  known.set(machine.name, observed.coordinate);
}

function decodeOrRefuse(machine: Machine, payload: Uint8Array): Coordinate | undefined {
  if (payload[0] !== coordinateVersion) {
    machine.onBadInput('err', `Unsupported ping version: ${payload[0]}`);
    return undefined;
  }
  try {
    return decodeCoordinate(payload);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    machine.onBadInput('err', `Failed to decode coordinate from ping: ${error.message}`);
    return undefined;
  }
}
