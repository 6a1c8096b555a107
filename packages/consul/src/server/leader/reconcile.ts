// Makes the catalog say what gossip knows: who is there, who failed, who is gone. Only the leader does.
// Upstream: agent/consul/leader.go (reconcile, handleAliveMember and its neighbours). consul.md 8.5.

import type { Member } from '@reeve/serf/core';
import {
  consulService,
  type HealthCheck,
  healthCheckCodec,
  listChecksIn,
  listChecksOn,
  type NodeService,
  readNode,
  readNodeServices,
  registerRequestCodec,
  serfHealth,
  type TextMap,
} from '../../core/index.ts';
import { noServiceDefinition, serviceOf } from '../../definitions/service-definition.ts';
import { apply } from '../apply.ts';
import { isAgentOf, type ServerMember, serverOf } from '../gossip/server-member.ts';
import type { ServerContext } from '../server-context.ts';
import type { GossipPool } from './gossip-pool.ts';
import { addPeer, removePeer } from './raft-peers.ts';

/** How a member is, as serf says it, or that serf has forgotten it. */
export type MemberFate = Member['status'] | 'reaped';

/** Everything that differs between gossip and catalog. */
export async function reconcileAll(server: ServerContext, pool: GossipPool): Promise<void> {
  const members = pool.members();
  for (const member of members) await reconcileMember(server, pool, member, member.status);
  await deregisterForgotten(server, new Set(members.map(({ name }) => name)));
}

/** What became of one member. */
export async function reconcileMember(
  server: ServerContext,
  pool: GossipPool,
  member: Member,
  fate: MemberFate,
): Promise<void> {
  if (!isAgentOf(member, server.datacenter)) return;
  if (fate === 'alive') return onAlive(server, pool, member);
  if (fate === 'failed') return onFailed(server, member);
  if (fate === 'left' || fate === 'reaped') return onGone(server, pool, member, fate);
}

async function onAlive(server: ServerContext, pool: GossipPool, member: Member): Promise<void> {
  const { consensus, runtime, store } = server;
  const asServer = serverOf(member);
  if (asServer !== undefined) await addPeer(consensus, pool, asServer, runtime.log);
  const service = asServer === undefined ? null : ownService(member, asServer);
  const node = readNode(store.tables, null, member.name).value;
  const isKnown = node?.address === member.host && hasService(server, member.name, service);
  if (isKnown && hasSerfHealth(server, member.name, 'passing')) return;
  runtime.log('info', `consul: member joined, marking health alive: member=${member.name}`);
  const kept = { taggedAddresses: node?.taggedAddresses ?? null, nodeMeta: node?.meta ?? null };
  await register(server, member, {
    ...kept,
    service,
    check: serfCheck(member, 'passing'),
    skipNodeUpdate: false,
  });
}

async function onFailed(server: ServerContext, member: Member): Promise<void> {
  const node = readNode(server.store.tables, null, member.name).value;
  if (node === null) return; // who was never registered is not registered for having failed
  if (node.address === member.host && hasSerfHealth(server, member.name, 'critical')) return;
  server.runtime.log('info', `consul: member failed, marking health critical: member=${member.name}`);
  const check = serfCheck(member, 'critical');
  const kept = { taggedAddresses: null, nodeMeta: null, service: null };
  await register(server, member, { ...kept, check, skipNodeUpdate: true });
}

async function onGone(server: ServerContext, pool: GossipPool, member: Member, fate: string): Promise<void> {
  const { runtime, consensus } = server;
  if (member.name === pool.nodeName) {
    return runtime.log('warn', `consul: deregistering self should be done by follower: name=${member.name}`);
  }
  const asServer = serverOf(member);
  if (asServer !== undefined) await removePeer(consensus, asServer, runtime.log);
  await deregister(server, member.name, fate);
}

/**
 * Nodes that only the catalog knows, and that an agent once vouched for: their agents are gone for good. But
 * a leader that has just started knows nobody yet: whom raft counts stays until autopilot has removed him,
 * which looks whether a majority remains. The original tries here, and its raft of version 3 refuses.
 */
async function deregisterForgotten(server: ServerContext, known: ReadonlySet<string>): Promise<void> {
  const { tables } = server.store;
  const { value: checks } = listChecksIn(tables, null, 'any');
  for (const { checkId, node: name } of checks) {
    if (checkId !== serfHealth || known.has(name)) continue;
    const id = readNode(tables, null, name).value?.id;
    if (server.consensus.servers.some((peer) => peer.id === id)) continue;
    await deregister(server, name, 'reaped');
  }
}

async function deregister(server: ServerContext, name: string, fate: string): Promise<void> {
  const { runtime, store, datacenter } = server;
  if (readNode(store.tables, null, name).value === null) return;
  runtime.log('info', `consul: deregistering member: member=${name} reason=${fate}`);
  const request = { datacenter, token: '', node: name, serviceId: '', checkId: '' };
  await apply(server, { type: 'deregister', request });
}

interface Registration {
  readonly taggedAddresses: TextMap | null;
  readonly nodeMeta: TextMap | null;
  readonly service: NodeService | null;
  readonly check: HealthCheck;
  readonly skipNodeUpdate: boolean;
}

async function register(server: ServerContext, member: Member, registration: Registration): Promise<void> {
  const request = {
    ...registerRequestCodec.zero(),
    datacenter: server.datacenter,
    id: member.tags.get('id') ?? '',
    node: member.name,
    address: member.host,
    ...registration,
  };
  await apply(server, { type: 'register', request });
}

function hasService({ store }: ServerContext, node: string, wanted: NodeService | null): boolean {
  if (wanted === null) return true;
  const { value } = readNodeServices(store.tables, null, node);
  const found = value?.services.find(({ id }) => id === wanted.id);
  return [...(wanted.meta ?? [])].every(([key, text]) => found?.meta?.get(key) === text);
}

function hasSerfHealth({ store }: ServerContext, node: string, status: string): boolean {
  const { value } = listChecksOn(store.tables, null, node);
  return value.some((check) => check.checkId === serfHealth && check.status === status);
}

/** The service that every server is. */
function ownService(member: Member, { port, raftVersion, version }: ServerMember): NodeService {
  const meta = {
    non_voter: `${member.tags.get('non_voter') === 'true'}`,
    raft_version: `${raftVersion}`,
    serf_protocol_current: `${member.protocolCur}`,
    serf_protocol_max: `${member.protocolMax}`,
    serf_protocol_min: `${member.protocolMin}`,
    version,
  };
  return serviceOf({
    ...noServiceDefinition,
    name: consulService,
    meta: new Map(Object.entries(meta)),
    port,
  });
}

function serfCheck({ name }: Member, status: 'passing' | 'critical'): HealthCheck {
  return {
    ...healthCheckCodec.zero(),
    node: name,
    checkId: serfHealth,
    name: 'Serf Health Status',
    status,
    output: status === 'passing' ? 'Agent alive and reachable' : 'Agent not live or unreachable',
  };
}
