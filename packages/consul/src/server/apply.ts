// Writes a command and says how it went. Upstream: agent/consul/rpc.go (raftApply).

import { type Command, type CommandAnswer, decodeCommand, encodeCommand } from '../core/index.ts';
import { type Soon, soon } from '../waiting/soon.ts';
import type { ServerContext } from './server-context.ts';

/** The answer of the state machine, its error, or raft's. @throws DecodeError for what nobody could read */
export function apply({ consensus }: ServerContext, command: Command): Soon<CommandAnswer> {
  const bytes = encodeCommand(command);
  decodeCommand(bytes); // what is in the log and cannot be read ends all servers, for good
  return soon(consensus.apply(bytes), (outcome) => {
    if (!outcome.ok) throw new Error(outcome.error);
    return outcome.answer;
  });
}
