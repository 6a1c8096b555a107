// What an agent says of its members, and a join, over its RPC: no program is started for each look, and an
// agent that does not answer in time is found out. Next: ../trial.ts.

import { decodeAny, MsgpackReader, type MsgpackValue } from '@reeve/bytes';
import { type AgentPlace, type RpcBody, RpcConnection, rpcBody } from '@reeve/interop';

/** A member as an agent sees it. */
export interface SeenMember {
  readonly name: string;
  readonly status: string;
  /** Numbers and dots, with the port: `127.0.0.1:7946`. */
  readonly place: string;
}

/** Asks an agent what it thinks of everybody. */
export async function seenMembers(agent: AgentPlace): Promise<readonly SeenMember[]> {
  const reply = decodeAny(new MsgpackReader(await ask(agent, 'members')), depthMax);
  const members = fieldOf(reply, 'Members') as readonly MsgpackValue[];
  return members.map((member) => ({
    name: String(fieldOf(member, 'Name')),
    status: String(fieldOf(member, 'Status')),
    place: `${[...(fieldOf(member, 'Addr') as Uint8Array)].join('.')}:${String(fieldOf(member, 'Port'))}`,
  }));
}

/** Makes an agent exchange its state with another; fails with what the agent says. */
export async function joinTo(agent: AgentPlace, other: AgentPlace): Promise<void> {
  await ask(agent, 'join', rpcBody.join([other.gossip], false));
}

async function ask(agent: AgentPlace, command: string, body?: RpcBody): Promise<Uint8Array> {
  let connection: RpcConnection | undefined;
  const answered = RpcConnection.open(agent).then((opened) => {
    connection = opened;
    return opened.request(command, 'body', body);
  });
  let deadline: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    const error = new Error(`${agent.rpc} does not answer ${command}`);
    deadline = setTimeout(() => reject(error), silenceMsMax);
  });
  try {
    return await Promise.race([answered, silent]);
  } finally {
    clearTimeout(deadline);
    connection?.close();
  }
}

function fieldOf(object: MsgpackValue, name: string): MsgpackValue | undefined {
  return (object as ReadonlyMap<MsgpackValue, MsgpackValue>).get(name);
}

const depthMax = 8;
/** A join that is refused takes as long as its stream may. */
const silenceMsMax = 12_000;
