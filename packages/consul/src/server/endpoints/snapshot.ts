// Saves and restores the state of the cluster: on the leader, or where the answer may be stale. Upstream:
// agent/consul/snapshot_endpoint.go (dispatchSnapshotRequest).

import { splitHostPort } from '@reeve/runtime';
import { noLeader, noPathToDatacenter } from '../../rpc/known-errors.ts';
import {
  callSnapshot,
  type ServeSnapshot,
  type SnapshotReply,
  snapshotOperations,
} from '../../rpc/snapshot/index.ts';
import { consistentRead, metaOf } from '../blocking-query.ts';
import type { ServerContext } from '../server-context.ts';
import type { StateArchives } from '../state-archives.ts';

/** What answers requests about snapshots, here or on the leader. */
export function snapshotEndpoint(
  server: ServerContext,
  archives: StateArchives,
  onRestored: () => void,
): ServeSnapshot {
  return async (request, archive) => {
    const { datacenter, allowStale, operation } = request;
    if (datacenter !== '' && datacenter !== server.datacenter) throw new Error(noPathToDatacenter);
    if (!allowStale && !server.consensus.isLeader) return askLeader(server, request, archive);
    switch (operation) {
      case snapshotOperations.save:
        if (!allowStale) await consistentRead(server);
        return save(server, archives);
      case snapshotOperations.restore:
        if (allowStale) throw new Error('stale not allowed for restore');
        await archives.restore(archive);
        onRestored();
        return { meta: metaOf(server, 0), archive: nothing() };
      default:
        throw new Error(`unrecognized snapshot op ${operation}`);
    }
  };
}

async function save(server: ServerContext, archives: StateArchives): Promise<SnapshotReply> {
  const { index, archive } = await archives.save();
  return { meta: metaOf(server, index), archive };
}

async function askLeader(
  { consensus, runtime }: ServerContext,
  ...[request, archive]: Parameters<ServeSnapshot>
): Promise<SnapshotReply> {
  if (consensus.leaderAddress === '') throw new Error(noLeader);
  const { host, port } = splitHostPort(consensus.leaderAddress);
  return callSnapshot(runtime.network, { host, port: Number(port) }, request, archive);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
