// Who leads and who takes part, as this server sees it. Upstream: agent/consul/status_endpoint.go.

import { formatDuration } from '@reeve/cli';
import type { MethodTable } from '../../rpc/method-table.ts';
import { type RaftStats, status } from '../../rpc/methods/index.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';

/** Serves the methods of `Status`. */
export function serveStatus(server: ServerContext, table: MethodTable): void {
  const methods = new RoutedMethods(server, table);
  const { consensus } = server;
  table.serve(status.ping, async () => ({}));
  methods.anywhere(status.leader, async () => consensus.leaderAddress);
  methods.anywhere(status.peers, async () => consensus.servers.map(({ address }) => address));
  table.serve(status.raftStats, async () => raftStats(server));
}

function raftStats({ consensus }: ServerContext): RaftStats {
  const { index, term } = consensus.lastLog();
  return {
    lastContact: lastContactText(consensus),
    lastIndex: index,
    lastTerm: term,
  };
}

/**
 * As hashicorp/raft writes it: `0` on the leader, `never` before there was one. `0s` on one that may have
 * been deposed: followers must not believe what it says of its log (follower-reads.ts).
 */
function lastContactText({ holdsLease, lastContactMs }: ServerContext['consensus']): string {
  if (holdsLease) return '0';
  return lastContactMs === undefined ? 'never' : formatDuration(lastContactMs);
}
