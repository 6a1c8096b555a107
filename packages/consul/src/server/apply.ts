// Writes a command and says how it went. Upstream: agent/consul/rpc.go (raftApply).

import { type Command, type CommandAnswer, encodeCommand } from '../core/index.ts';
import type { ServerContext } from './server-context.ts';

/** The answer of the state machine; rejects with its error, or with raft's. */
export async function apply({ consensus }: ServerContext, command: Command): Promise<CommandAnswer> {
  const outcome = await consensus.apply(encodeCommand(command));
  if (!outcome.ok) throw new Error(outcome.error);
  return outcome.answer;
}
