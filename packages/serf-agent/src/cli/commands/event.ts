// `serf event`: sends a user event.

import { encodeText } from '@reeve/bytes';
import { defineCommand, orFail } from '@reeve/cli';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

/** The command. */
export const eventCommand = defineCommand({
  usage: 'serf event [options] name [payload]',
  about: 'Sends an event with a name, and a payload if you like, to every member of the cluster.',
  flags: {
    coalesce: {
      kind: 'bool',
      default: true,
      help: 'Whether members may handle only the last of several events of this name close together.',
    },
    ...rpcFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    const [name, payload] = args;
    if (name === undefined) return call.usageError('An event name must be specified.');
    if (args.length > 2) return call.usageError(tooMany);
    return talkToAgent(call, async (client) => {
      const bytes = payload === undefined ? null : encodeText(payload);
      await orFail('Error sending event', client.userEvent(name, bytes, values.coalesce));
      ui.output(`Event '${name}' dispatched! Coalescing enabled: ${values.coalesce}`);
      return 0;
    });
  },
});

const tooMany = 'Too many command line arguments. Only a name and payload must be specified.';
