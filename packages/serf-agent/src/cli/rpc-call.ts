// What the commands that talk to an agent share: its address, the connection, and how a failure is told.

import { type CommandCall, type FlagTable, orFail, reportFailure } from '@reeve/cli';
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
