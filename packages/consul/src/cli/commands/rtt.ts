// `consul rtt`: estimates the time between two nodes from their network coordinates.

import { CommandFailure, orFail, quote } from '@reeve/cli';
import { type Coordinate, coordinateDistanceMs } from '@reeve/serf/core';
import type { ConsulClient } from '../../api/client.ts';
import { self } from '../../api/records/agent.ts';
import {
  datacenterCoordinates,
  type NodeCoordinate,
  nodeCoordinates,
} from '../../api/records/coordinates.ts';
import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const rttCommand = consulCommand({
  usage: 'consul rtt [options] node1 [node2]',
  about: 'Estimates the round trip time between two nodes. Without a second one it is the node of the agent.',
  flags: {
    wan: { kind: 'bool', help: 'Between servers of datacenters, named NODE.DATACENTER.' },
    ...agentFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    const [first, given] = args;
    if (first === undefined || args.length > 2)
      return call.usageError('One or two node names must be specified');
    const client = connect(call);
    const second = given ?? (await agentName(client, values.wan));
    const [one, other] = values.wan
      ? await wanCoordinates(client, first, second)
      : await lanCoordinates(client, first, second);
    if (one === undefined) throw new CommandFailure(`Could not find a coordinate for node ${quote(first)}`);
    if (other === undefined)
      throw new CommandFailure(`Could not find a coordinate for node ${quote(second)}`);
    if (one.vec.length !== other.vec.length) throw new CommandFailure('coordinate dimensions do not match');
    const rtt = coordinateDistanceMs(one, other).toFixed(3);
    const source = values.wan ? 'WAN' : 'LAN';
    ui.output(`Estimated ${first} <-> ${second} rtt: ${rtt} ms (using ${source} coordinates)`);
    return 0;
  },
});

type Pair = readonly [Coordinate | undefined, Coordinate | undefined];

async function agentName(client: ConsulClient, isWan: boolean): Promise<string> {
  const { config } = await orFail('Unable to look up agent info', client.get('/v1/agent/self', self));
  return isWan ? `${config.nodeName}.${config.datacenter}` : config.nodeName;
}

/** Of the same segment: that of a client, which has one, goes before those of servers, which have all. */
async function lanCoordinates(client: ConsulClient, first: string, second: string): Promise<Pair> {
  const asked = client.get('/v1/coordinate/nodes', nodeCoordinates);
  const entries = (await orFail('Error getting coordinates', asked)) ?? [];
  const segmentsOf = (name: string) =>
    new Map(entries.filter(({ node }) => node === name).map((entry) => [entry.segment, entry]));
  const [one, other] = [segmentsOf(first), segmentsOf(second)];
  const [only] = [other, one].filter(({ size }) => size === 1).flatMap((segments) => [...segments.keys()]);
  const segment = only ?? '';
  return [coordinateOf(one.get(segment)), coordinateOf(other.get(segment))];
}

/** Of the same area. */
async function wanCoordinates(client: ConsulClient, first: string, second: string): Promise<Pair> {
  const names = [first, second].map((name) => name.split('.'));
  if (names.some((parts) => parts.length !== 2))
    throw new CommandFailure('Node names must be specified as <node name>.<datacenter> with -wan');
  const asked = client.get('/v1/coordinate/datacenters', datacenterCoordinates);
  const areas = (await orFail('Error getting coordinates', asked)) ?? [];
  const placesOf = ([node, datacenter]: readonly string[]) =>
    areas
      .filter((area) => area.datacenter === datacenter)
      .flatMap(({ areaId, coordinates }) => (coordinates ?? []).map((entry) => ({ areaId, entry })))
      .filter(({ entry }) => entry.node === node);
  const [ones = [], others = []] = names.map(placesOf);
  for (const one of ones) {
    const other = others.find(({ areaId }) => areaId === one.areaId);
    if (other !== undefined) return [coordinateOf(one.entry), coordinateOf(other.entry)];
  }
  return [undefined, undefined];
}

function coordinateOf(entry: NodeCoordinate | undefined): Coordinate | undefined {
  if (entry?.coordinate == null) return undefined;
  return { ...entry.coordinate, vec: entry.coordinate.vec ?? [] };
}
