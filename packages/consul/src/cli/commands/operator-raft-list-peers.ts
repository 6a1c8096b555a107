// `consul operator raft list-peers`: the servers that Raft counts.

import { formatTable, orFail } from '@reeve/cli';
import { raftConfiguration } from '../../api/records/operator.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, serverFlags, staleArgument } from '../http-flags.ts';

/** The command. */
export const operatorRaftListPeersCommand = consulCommand({
  usage: 'consul operator raft list-peers [options]',
  about: 'Lists the servers of the Raft configuration, who leads, and who votes.',
  flags: serverFlags,
  async run(call) {
    const query = { stale: staleArgument(call.values) };
    const client = connect(call, 'Error initializing client');
    const asked = client.get('/v1/operator/raft/configuration', raftConfiguration, query);
    const { servers } = await orFail('Error getting peers: Failed to retrieve raft configuration', asked);
    const rows = (servers ?? []).map(({ node, id, address, isLeader, isVoter, protocolVersion }) => {
      const state = isLeader ? 'leader' : 'follower';
      return [node, id, address, state, String(isVoter), protocolVersion || '<=1'];
    });
    call.ui.output(formatTable([['Node', 'ID', 'Address', 'State', 'Voter', 'RaftProtocol'], ...rows]));
    return 0;
  },
});
