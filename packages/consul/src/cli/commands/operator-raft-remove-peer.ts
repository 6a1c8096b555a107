// `consul operator raft remove-peer`: makes Raft forget a server that will not come back.

import { CommandFailure, orFail, quote } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { connect, serverFlags } from '../http-flags.ts';

/** The command. */
export const operatorRaftRemovePeerCommand = consulCommand({
  usage: 'consul operator raft remove-peer [options]',
  about: 'Removes a server from the Raft configuration that is gone and could not say so.',
  flags: {
    address: { kind: 'string', placeholder: 'host:port', help: 'The server by its address.' },
    id: { kind: 'string', help: 'The server by its id.' },
    ...serverFlags,
  },
  async run(call) {
    const { address, id } = call.values;
    const client = connect(call, 'Error initializing client');
    if (address === '' && id === '')
      throw new CommandFailure(`${failed}: an address or id is required for the peer to remove`);
    if (address !== '' && id !== '')
      throw new CommandFailure(`${failed}: cannot give both an address and id`);
    const query = { address: address || undefined, id: id || undefined };
    await orFail(failed, client.ok('DELETE', '/v1/operator/raft/peer', { query }));
    const which = address === '' ? `id ${quote(id)}` : `address ${quote(address)}`;
    call.ui.output(`Removed peer with ${which}`);
    return 0;
  },
});

const failed = 'Error removing peer';
