// What the commands that talk to an agent share: its address, the connection, and how a failure is told.

import type { CommandCall, FlagTable, Ui } from '@reeve/cli';
import { RpcClient } from '../rpc/client.ts';

/** The flags that say which agent is meant. */
export const rpcFlags = {
  'rpc-addr': {
    kind: 'string',
    default: '127.0.0.1:7373',
    env: 'SERF_RPC_ADDR',
    placeholder: 'address',
    help: 'Where the agent listens for commands.',
  },
  'rpc-auth': {
    kind: 'string',
    env: 'SERF_RPC_AUTH',
    placeholder: 'token',
    help: 'The token the agent asks for; "" if it asks for none.',
  },
} as const satisfies FlagTable;

/** A command that cannot go on; the message is what the user sees. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
}

/** The value of `work`, or a {@link CommandFailure} with `what` in front of the reason. */
export async function orFail<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new CommandFailure(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

/** The exit code of `work`; a {@link CommandFailure} is told to the user and makes it 1. */
export async function reportFailure(ui: Ui, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    ui.error(error.message);
    return 1;
  }
}

/** Connects, runs `talk` and disconnects. */
export function talkToAgent(
  { ui, values }: Pick<CommandCall<typeof rpcFlags>, 'ui' | 'values'>,
  talk: (client: RpcClient) => Promise<number>,
): Promise<number> {
  return reportFailure(ui, async () => {
    const options = { address: values['rpc-addr'], authKey: values['rpc-auth'] };
    const client = await orFail('Error connecting to Serf agent', RpcClient.connect(options));
    try {
      return await talk(client);
    } finally {
      client.close();
    }
  });
}
