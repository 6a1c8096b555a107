// Two nodes claim one name: each asks all others whom they know by it, and the one in the minority goes.
// Upstream: serf.go (handleNodeConflict, resolveNodeConflict), internal_query.go (handleConflict).
// A node that nobody answers is in the minority too. Upstream starts a vote with every conflicting message it
// hears; here one at a time runs. And one packet of somebody who made the conflict up ends a node of
// upstream's; here who is in the minority looks first whether the other is there.

import { DecodeError, decodeText, encodeText } from '@reeve/bytes';
import type { MemberNode } from '@reeve/memberlist';
import type { Endpoint } from '@reeve/runtime';
import { SerfError } from './errors.ts';
import type { IncomingQuery } from './incoming-query.ts';
import type { Machine } from './machine.ts';
import { type ConflictResponse, internalQueryPrefix, messageTypes } from './messages.ts';
import { startQuery } from './query.ts';
import { decodeConflictResponse, encodeConflictResponse } from './wire/conflict-response.ts';

/** Somebody claims the name of a node we know from another address. */
export function onNameConflict(machine: Machine, existing: MemberNode, other: Endpoint): void {
  const { name, config } = machine;
  const theirs = addressText(other);
  if (existing.name !== name) {
    const mine = addressText(existing);
    machine.log('warn', `Name conflict for '${existing.name}' both ${mine} and ${theirs} are claiming`);
    return;
  }
  const resolves = config.enableNameConflictResolution;
  const advice = `Names must be unique! (Resolution enabled: ${resolves})`;
  machine.log('err', `Node name conflicts with another node at ${theirs}. ${advice}`);
  if (resolves && !machine.isResolvingConflict) resolveConflict(machine, other);
}

/** Tells another node whom we know by a name. Whoever has the name has no vote. */
export function answerConflict(machine: Machine, query: IncomingQuery): void {
  const name = decodeText(query.payload);
  if (name === machine.name) return;
  machine.log('debug', `Got conflict resolution query for '${name}'`);
  query.respondOrLog(encodeConflictResponse(machine.members.get(name)?.member), 'conflict');
}

function resolveConflict(machine: Machine, other: Endpoint): void {
  let responses = 0;
  let matching = 0;
  const handlers = {
    onAck: () => {},
    onResponse: (_from: string, payload: Uint8Array) => {
      const vote = decodeVote(machine, payload);
      if (!vote) return;
      responses++;
      if (isOurs(machine, vote.member)) matching++;
    },
    onDone: () => {
      machine.isResolvingConflict = false;
      if (machine.state !== 'shutdown') decide(machine, other, matching, responses);
    },
  };
  try {
    startQuery(machine, `${internalQueryPrefix}conflict`, encodeText(machine.name), {}, handlers);
    machine.isResolvingConflict = true;
  } catch (error) {
    if (!(error instanceof SerfError)) throw error;
    machine.log('err', `Failed to start name resolution query: ${error.message}`);
  }
}

function decide(machine: Machine, other: Endpoint, matching: number, responses: number): void {
  const majority = Math.floor(responses / 2) + 1;
  if (matching >= majority) {
    machine.log('info', `majority in name conflict resolution [${matching} / ${responses}]`);
    return;
  }
  machine.gossip.findOut(machine.name, other, (isThere) => {
    if (machine.state === 'shutdown') return;
    if (!isThere) return machine.log('warn', `Nobody called '${machine.name}' is at ${addressText(other)}`);
    machine.log('warn', `minority in name conflict resolution, quitting [${matching} / ${responses}]`);
    machine.shutdown();
  });
}

function decodeVote(
  machine: Machine,
  payload: Uint8Array,
): { readonly member: ConflictResponse } | undefined {
  if (payload[0] !== messageTypes.conflictResponse) {
    machine.log('err', `Invalid conflict query response type: [${payload.subarray(0, 8).join(' ')}]`);
    return undefined;
  }
  try {
    return { member: decodeConflictResponse(payload) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    machine.log('err', `Failed to decode conflict query response: ${error.message}`);
    return undefined;
  }
}

function isOurs({ gossip }: Machine, member: ConflictResponse): boolean {
  const { host, port } = gossip.localNode;
  return member?.host === host && member.port === port;
}

/** As the original prints it: IPv6 addresses without brackets. */
function addressText({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
