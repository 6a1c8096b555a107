// Takes over another node's list after a push/pull. Upstream: memberlist state.go (mergeState,
// verifyProtocol), net.go (mergeRemoteState). Quirk: somebody else's "dead" only raises our own suspicion, so
// that a living node has the chance to refute; "left" is believed.
// Next: alive.ts, accusation.ts; turns.ts for the steps.

import { formatIp } from '@reeve/bytes';
import { onDead, onSuspect } from './accusation.ts';
import { applyAlive } from './alive.ts';
import { decodeVersions } from './broadcast-alive.ts';
import type { MergeCandidate } from './delegate.ts';
import type { Machine, PeerInput } from './machine.ts';
import { nodeStates } from './node.ts';
import { versionConflict } from './protocol-versions.ts';
import { stepwise } from './turns.ts';
import type { PushPullNode } from './wire/messages.ts';
import type { PushPull } from './wire/stream-message.ts';

/**
 * Merges, or refuses everything and returns why. `join`: the exchange is a join, ours or theirs; `asked`: it
 * was us who began it.
 */
export function* mergePushPull(
  machine: Machine,
  remote: PushPull,
  join: boolean,
  asked: boolean,
): Generator<void, string | undefined> {
  const conflict = versionConflict(machine.table.nodes, remote.nodes);
  if (conflict !== undefined) return conflict;
  if (join) {
    const veto = machine.delegate.vetoMerge?.(remote.nodes.map((node) => candidate(machine, node)));
    if (veto !== undefined) return veto;
  }
  const input: PeerInput = { isComplainedOf: false };
  yield* stepwise(remote.nodes, (node) => machine.takeInput(() => mergeNode(machine, node, asked), input));
  if (remote.userState.length === 0) return undefined;
  yield;
  yield* machine.delegate.mergeRemoteState(remote.userState, join, asked);
  return undefined;
}

function mergeNode(machine: Machine, remote: PushPullNode, asked: boolean): void {
  const { name, incarnation } = remote;
  switch (remote.state) {
    case nodeStates.alive:
      return applyAlive(machine, { ...remote, node: name }, { asked });
    case nodeStates.left:
      return onDead(machine, { incarnation, node: name, from: name }, asked);
    case nodeStates.dead:
    case nodeStates.suspect:
      return onSuspect(machine, { incarnation, node: name, from: machine.config.name }, asked);
  }
}

function candidate(machine: Machine, node: PushPullNode): MergeCandidate {
  const { name, meta, incarnation } = node;
  const port = node.port === 0 ? machine.ownPort : node.port;
  return {
    name,
    meta,
    incarnation,
    hasLeft: node.state === nodeStates.left,
    host: formatIp(node.address) ?? '',
    port,
    versions: decodeVersions(node.versions),
  };
}
