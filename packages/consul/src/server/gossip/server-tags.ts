// What a server tells about itself by its tags in the gossip pool. consul.md 8.1; upstream:
// agent/consul/server_serf.go (setupSerf).

import type { Tags } from '@reeve/serf/core';

/** What the tags of a server are made of. */
export interface ServerTagParts {
  readonly datacenter: string;
  readonly nodeId: string;
  /** The server port. */
  readonly port: number;
  /** `1.8.7:` */
  readonly build: string;
  /** It begins a cluster alone. */
  readonly isBootstrap: boolean;
  /** It waits for so many servers; 0: for nobody. */
  readonly expect: number;
  /** Of the pool of all datacenters; -1: it is in none. */
  readonly wanPort: number;
}

/** The tags of a server in the pool of its datacenter. */
export function serverTags(parts: ServerTagParts): Tags {
  const tags = new Map([
    ['acls', '0'],
    ['build', parts.build],
    ['dc', parts.datacenter],
    ['ft_fs', '1'],
    ['id', parts.nodeId],
    ['port', `${parts.port}`],
    ['raft_vsn', '3'],
    ['role', 'consul'],
    ['segment', ''],
    ['vsn', '2'],
    ['vsn_max', '3'],
    ['vsn_min', '2'],
  ]);
  if (parts.isBootstrap) tags.set('bootstrap', '1');
  if (parts.expect > 0) tags.set('expect', `${parts.expect}`);
  if (parts.wanPort > 0) tags.set('wan_join_port', `${parts.wanPort}`);
  return tags;
}
