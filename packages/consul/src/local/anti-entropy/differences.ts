// Compares the agent's own with what the catalog has of it, and marks what differs.
// Upstream: agent/local/state.go (updateSyncState).

import {
  consulService,
  type HealthCheck,
  type Node,
  type NodeService,
  same,
  sameRecord,
  serfHealth,
} from '../../core/index.ts';
import { catalog, health, noQueryOptions } from '../../rpc/methods/index.ts';
import type { SyncContext } from './sync-context.ts';

/** Asks any server that is not too far behind. Rejects if that fails; nothing is then marked. */
export async function markDifferences(context: SyncContext): Promise<void> {
  const question = {
    ...noQueryOptions,
    datacenter: context.datacenter,
    node: context.node().name,
    token: context.tokens.agent,
    allowStale: true,
    maxStaleNs,
  };
  const { nodeServices } = await context.caller.call(catalog.nodeServiceList, question);
  const { healthChecks } = await context.caller.call(health.nodeChecks, question);
  markNode(context, nodeServices.node);
  markServices(context, new Map((nodeServices.services ?? []).map((service) => [service.id, service])));
  markChecks(context, new Map((healthChecks ?? []).map((check) => [check.checkId, check])));
}

/** Differences are not only changes of ours: somebody may have written to the catalog. */
function markNode(context: SyncContext, found: Node | null): void {
  const own = context.node();
  const isSame =
    found !== null &&
    found.id === own.id &&
    same(found.taggedAddresses, own.taggedAddresses) &&
    same(found.meta, own.meta);
  if (!isSame) context.isNodeInSync = false;
}

function markServices({ state }: SyncContext, found: ReadonlyMap<string, NodeService>): void {
  for (const [id, entry] of state.serviceEntries) if (!found.has(id)) entry.isInSync = false;
  for (const [id, remote] of found) {
    const entry = state.serviceEntries.get(id);
    // What a leader keeps of members of the cluster is not ours to take away.
    if (entry === undefined && id !== consulService) state.markUnknownService(id);
    if (entry?.record === undefined || entry.isDeleted) continue;
    if (entry.record.enableTagOverride) entry.record = { ...entry.record, tags: remote.tags };
    entry.isInSync = sameRecord(entry.record, remote);
  }
}

function markChecks({ state }: SyncContext, found: ReadonlyMap<string, HealthCheck>): void {
  for (const [id, entry] of state.checkEntries) if (!found.has(id)) entry.isInSync = false;
  for (const [id, remote] of found) {
    const entry = state.checkEntries.get(id);
    if (entry === undefined && id !== serfHealth) state.markUnknownCheck(id);
    if (entry?.record === undefined || entry.isDeleted) continue;
    // An output that is being held back is no difference; others go along at once.
    const output = entry.outputDelay === undefined ? entry.record.output : remote.output;
    // Upstream compares all but the type.
    const own = { ...entry.record, output, type: remote.type };
    entry.isInSync = sameRecord(own, remote);
  }
}

const maxStaleNs = 2e9;
