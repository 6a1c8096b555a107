// `serf rtt`: estimates the round trip time between two nodes from their network coordinates.

import { CommandFailure, defineCommand, orFail, quote } from '@reeve/cli';
import { type Coordinate, coordinateDistanceMs } from '@reeve/serf/core';
import type { RpcClient } from '../../rpc/client.ts';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

/** The command. */
export const rttCommand = defineCommand({
  usage: 'serf rtt [options] node1 [node2]',
  about: [
    'Estimates how long a message takes between two nodes and back. Nothing is sent: members measure all',
    'the time and keep coordinates, whose distance is the estimate. Without node2 it is the node of the',
    'agent that is asked. Nodes go by the names that `serf members` prints.',
  ].join(' '),
  flags: rpcFlags,
  run: (call) =>
    talkToAgent(call, async (client) => {
      const [first, second, ...more] = call.args;
      if (first === undefined || more.length > 0) {
        return call.usageError('One or two node names must be specified');
      }
      const other = second ?? (await ownName(client));
      const rttMs = coordinateDistanceMs(
        await coordinateOf(client, first),
        await coordinateOf(client, other),
      );
      call.ui.output(`Estimated ${first} <-> ${other} rtt: ${rttMs.toFixed(3)} ms`);
      return 0;
    }),
});

async function ownName(client: RpcClient): Promise<string> {
  const stats = await orFail('Error querying agent', client.stats());
  return stats.get('agent')?.get('name') ?? '';
}

async function coordinateOf(client: RpcClient, node: string): Promise<Coordinate> {
  const coordinate = await orFail('Error getting coordinates', client.coordinate(node));
  if (coordinate === undefined) {
    throw new CommandFailure(`Could not find a coordinate for node ${quote(node)}`);
  }
  return coordinate;
}
