// What operators see of servers and keys. Upstream: api/operator_raft.go, api/operator_keyring.go.
// Unknown fields are ignored, missing ones have Go's zero.

import { int, list, map, struct, text, truth } from '../../json/decode.ts';
import { texts } from '../../json/fields.ts';

/** Upstream: RaftServer. */
export interface RaftServer {
  readonly id: string;
  readonly node: string;
  readonly address: string;
  readonly isLeader: boolean;
  readonly protocolVersion: string;
  readonly isVoter: boolean;
}

/** Who takes part in Raft (upstream: RaftConfiguration). */
export const raftConfiguration = struct<{ readonly servers: readonly RaftServer[] | null }>(
  'RaftConfiguration',
  {
    servers: [
      'Servers',
      list(
        struct<RaftServer>('RaftServer', {
          id: ['ID', text],
          node: ['Node', text],
          address: ['Address', text],
          isLeader: ['Leader', truth],
          protocolVersion: ['ProtocolVersion', text],
          isVoter: ['Voter', truth],
        }),
        'api.RaftServer',
      ),
    ],
  },
);

/** Upstream: KeyringResponse. */
export interface KeyringPool {
  readonly isWan: boolean;
  readonly datacenter: string;
  readonly segment: string;
  readonly messages: ReadonlyMap<string, string> | null;
  readonly keys: ReadonlyMap<string, number> | null;
  readonly primaryKeys: ReadonlyMap<string, number> | null;
  readonly nodes: number;
}

/** The keys of each gossip pool. */
export const keyringPools = list(
  struct<KeyringPool>('KeyringResponse', {
    isWan: ['WAN', truth],
    datacenter: ['Datacenter', text],
    segment: ['Segment', text],
    messages: ['Messages', texts],
    keys: ['Keys', map(int, 'int')],
    primaryKeys: ['PrimaryKeys', map(int, 'int')],
    nodes: ['NumNodes', int],
  }),
  'api.KeyringResponse',
);
