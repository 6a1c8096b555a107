// Writes a command and says how it went. Upstream: agent/consul/rpc.go (raftApply).

import { type Command, type CommandAnswer, decodeCommand, encodeCommand } from '../core/index.ts';
import type { ServerContext } from './server-context.ts';

/** The answer of the state machine; rejects with its error, raft's, or what no server could read. */
export async function apply({ consensus }: ServerContext, command: Command): Promise<CommandAnswer> {
  const bytes = encodeCommand(command);
  decodeCommand(bytes); // what is in the log and cannot be read ends all servers, for good
  const outcome = await consensus.apply(bytes);
  if (!outcome.ok) throw new Error(outcome.error);
  return outcome.answer;
}
