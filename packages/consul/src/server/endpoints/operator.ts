// Raft's configuration and autopilot's, for operators. Upstream: agent/consul/operator_*_endpoint.go.

import { readAutopilot } from '../../core/index.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import { type Empty, operator, type RaftConfiguration, type RemovePeer } from '../../rpc/methods/index.ts';
import { apply } from '../apply.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';

/** Serves the methods of `Operator`. */
export function serveOperator(server: ServerContext, table: MethodTable): void {
  const methods = new RoutedMethods(server, table);
  const { raftGetConfiguration, raftRemovePeerByAddress, raftRemovePeerById } = operator;
  const { autopilotGetConfiguration, autopilotSetConfiguration, serverHealth } = operator;
  methods.otherQuestion(raftGetConfiguration, async () => raftConfiguration(server));
  methods.change(raftRemovePeerByAddress, removeByAddress);
  methods.change(raftRemovePeerById, removeById);
  methods.otherQuestion(autopilotGetConfiguration, async () => {
    return readAutopilot(server.store.tables, null).value ?? server.settings.autopilot;
  });
  methods.change(autopilotSetConfiguration, async (_server, request) => {
    return (await apply(server, { type: 'autopilot', request })) === true;
  });
  methods.leaderQuestion(serverHealth, async () => server.leadership.clusterHealth);
}

function raftConfiguration({ consensus, nodeAt }: ServerContext): RaftConfiguration {
  const servers = consensus.servers.map(({ id, address, isVoter }) => ({
    id,
    node: nodeAt(address) ?? '(unknown)',
    address,
    leader: address === consensus.leaderAddress,
    protocolVersion: '3',
    voter: isVoter,
  }));
  return { servers, index: 0 }; // upstream's index is always 0
}

async function removeByAddress({ consensus }: ServerContext, { address }: RemovePeer): Promise<Empty> {
  const found = consensus.servers.find((server) => server.address === address);
  if (found === undefined) throw new Error(`address "${address}" was not found in the Raft configuration`);
  await consensus.removeServer(found.id);
  return {};
}

async function removeById({ consensus }: ServerContext, { id }: RemovePeer): Promise<Empty> {
  const found = consensus.servers.find((server) => server.id === id);
  if (found === undefined) throw new Error(`id "${id}" was not found in the Raft configuration`);
  await consensus.removeServer(id);
  return {};
}
