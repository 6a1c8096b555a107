// Who is there. Upstream: agent/consul/status_endpoint.go, autopilot/structs.go (ServerStats).

import { field, struct, text, uint64 } from '@reeve/bytes';
import { empty } from './empty.ts';
import { fullList } from './lists.ts';
import { method } from './method.ts';
import { nodesQuery } from './query.ts';

/** How far a server is. */
export interface RaftStats {
  /** How long ago it heard of the leader, as Go writes it: `12.5ms`; `0` on the leader, or `never`. */
  readonly lastContact: string;
  readonly lastTerm: number;
  readonly lastIndex: number;
}

const raftStats = struct<RaftStats>({
  lastContact: field('LastContact', text),
  lastTerm: field('LastTerm', uint64),
  lastIndex: field('LastIndex', uint64),
});

/** The methods of `Status`, which every server answers for itself. */
export const status = {
  ping: method('Status.Ping', empty, empty),
  /** `10.0.0.1:8300`, or empty. */
  leader: method('Status.Leader', nodesQuery, text),
  /** The addresses of all raft peers. */
  peers: method('Status.Peers', nodesQuery, fullList(text)),
  raftStats: method('Status.RaftStats', empty, raftStats),
};
