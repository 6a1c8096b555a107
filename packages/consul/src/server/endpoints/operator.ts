// Raft's configuration and autopilot's, for operators. Upstream: agent/consul/operator_*_endpoint.go.

import { readAutopilot } from '../../core/index.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import { type Empty, operator, type RaftConfiguration, type RemovePeer } from '../../rpc/methods/index.ts';
import { apply } from '../apply.ts';
import { defaultAutopilotConfig } from '../autopilot-config.ts';
import { routedChange, routedQuestion } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';

/** Serves the methods of `Operator`. */
export function serveOperator(server: ServerContext, table: MethodTable): void {
  const { raftGetConfiguration, raftRemovePeerByAddress, raftRemovePeerById } = operator;
  const { autopilotGetConfiguration, autopilotSetConfiguration, serverHealth } = operator;
  table.serve(
    raftGetConfiguration,
    routedQuestion(server, raftGetConfiguration, async () => raftConfiguration(server)),
  );
  table.serve(
    raftRemovePeerByAddress,
    routedChange(server, raftRemovePeerByAddress, (request) => removeByAddress(server, request)),
  );
  table.serve(
    raftRemovePeerById,
    routedChange(server, raftRemovePeerById, (request) => removeById(server, request)),
  );
  table.serve(
    autopilotGetConfiguration,
    routedQuestion(server, autopilotGetConfiguration, async () => {
      return readAutopilot(server.store.tables, null).value ?? defaultAutopilotConfig;
    }),
  );
  table.serve(
    autopilotSetConfiguration,
    routedChange(server, autopilotSetConfiguration, async (request) => {
      return (await apply(server, { type: 'autopilot', request })) === true;
    }),
  );
  const health = routedQuestion(server, serverHealth, async () => server.leadership.clusterHealth);
  // Only the leader knows, however stale an answer may be.
  table.serve(serverHealth, (request, signal) => health({ ...request, allowStale: false }, signal));
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
