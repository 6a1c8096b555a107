// What memberlist sees, as members: somebody came, went or changed.
// Upstream: serf.go (handleNodeJoin, handleNodeLeave, handleNodeUpdate).
// Whether somebody who went has left or failed is not memberlist's to say: it has left if a leave intent said
// so before. Next: leave-intent.ts.

import type { MemberNode } from '@reeve/memberlist';
import type { MemberEventKind } from './events.ts';
import type { Machine } from './machine.ts';
import { type Member, type MemberStatus, memberStatuses, type Tags } from './member.ts';
import type { KnownMember, MemberState } from './member-table.ts';
import { awaitDeparture } from './overdue-leave.ts';
import { forgetMember } from './prune.ts';
import { decodeTags } from './wire/tags.ts';

/** Memberlist believes that a node is alive which was not before. */
export function onNodeJoin(machine: Machine, node: MemberNode): void {
  const known = machine.members.get(node.name);
  const state = known ? refreshMember(machine, known, node) : addMember(machine, node);
  if (!state) return;
  const { name, host } = state.member;
  machine.runtime.metrics.count('serf.member.join', 1);
  machine.log('info', `EventMemberJoin: ${name} ${host}`);
  emitMember(machine, 'member-join', state);
}

/** Memberlist believes that a node is gone. */
export function onNodeLeave(machine: Machine, node: MemberNode): void {
  const { members, runtime } = machine;
  const known = members.get(node.name);
  if (!known) return;
  const before = known.member.status;
  if (before !== 'leaving' && before !== 'alive') {
    machine.log('warn', `Bad state when leave: ${memberStatuses.indexOf(before)}`);
    return;
  }
  const hasLeft = before === 'leaving';
  const state = members.change(known);
  members.setStatus(state, hasLeft ? 'left' : 'failed', runtime.clock.now());
  runtime.metrics.count(`serf.member.${state.member.status}`, 1);
  machine.log(
    'info',
    `${hasLeft ? 'EventMemberLeave' : 'EventMemberFailed'}: ${node.name} ${state.member.host}`,
  );
  emitMember(machine, hasLeft ? 'member-leave' : 'member-failed', state);
}

/** A node changed its meta, address or versions. */
export function onNodeUpdate(machine: Machine, node: MemberNode): void {
  const known = machine.members.get(node.name);
  if (!known) return;
  const state = machine.members.change(known);
  state.member = describeNode(node, tagsOf(machine, node), state.member.status);
  machine.runtime.metrics.count('serf.member.update', 1);
  machine.log('info', `EventMemberUpdate: ${node.name}`);
  emitMember(machine, 'member-update', state);
}

/** Tells the application about one member. */
export function emitMember(machine: Machine, kind: MemberEventKind, { member }: KnownMember): void {
  machine.emit({ kind, members: [member] });
}

/** A member that was here before, perhaps failed or left since. */
function refreshMember(machine: Machine, known: KnownMember, node: MemberNode): KnownMember {
  const { members, runtime, config } = machine;
  const state = members.change(known);
  const now = runtime.clock.now();
  const isFlapping = state.member.status === 'failed' && now - state.goneAtMs < config.flapTimeoutMs;
  if (isFlapping) runtime.metrics.count('serf.member.flap', 1);
  state.member = describeNode(node, tagsOf(machine, node), state.member.status);
  members.setStatus(state, 'alive', now);
  return state;
}

/** A new member; what was rumoured about it before counts now. */
function addMember(machine: Machine, node: MemberNode): KnownMember | undefined {
  if (!makeRoom(machine, node.name)) return undefined;
  const rumour = machine.recentIntents.get(node.name);
  const status = rumour?.kind === 'leave' ? 'leaving' : 'alive';
  const state: MemberState = {
    member: describeNode(node, tagsOf(machine, node), status),
    statusLTime: rumour?.lTime ?? 0,
    goneAtMs: 0,
    isPruneDue: false,
    departureDue: undefined,
  };
  machine.members.add(state);
  if (status === 'leaving') awaitDeparture(machine, state);
  return state;
}

/** In a full table whoever is gone longest gives way; members that are here do not. */
function makeRoom(machine: Machine, name: string): boolean {
  const { members, runtime } = machine;
  if (!members.isFull) return true;
  const longestGone = members.longestGone();
  if (!longestGone || longestGone.member.name === machine.name) {
    runtime.metrics.count('serf.member.refused', 1);
    machine.complain('warn', `Too many members (${members.size}), ignoring ${name}`);
    return false;
  }
  machine.log('info', `EventMemberReap: ${longestGone.member.name}`);
  forgetMember(machine, longestGone);
  return true;
}

function describeNode(node: MemberNode, tags: Tags, status: MemberStatus): Member {
  const { versions } = node;
  return {
    name: node.name,
    host: node.host,
    port: node.port,
    tags,
    status,
    protocolMin: versions.pMin,
    protocolMax: versions.pMax,
    protocolCur: versions.pCur,
    delegateMin: versions.dMin,
    delegateMax: versions.dMax,
    delegateCur: versions.dCur,
  };
}

function tagsOf(machine: Machine, node: MemberNode): Tags {
  const { tags, error } = decodeTags(node.meta);
  if (error) machine.log('err', `Failed to decode tags: ${error.message}`);
  return tags;
}
