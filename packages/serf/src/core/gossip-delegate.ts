// What memberlist calls: our messages as they arrive, our state for a push/pull, what is to be gossiped.
// Upstream: delegate.go, event_delegate.go. Has the only switch over message types, and is the one place
// where a peer's nonsense ends: one counter, one log line.

import { DecodeError } from '@reeve/bytes';
import type { BroadcastQueue, MemberlistDelegate } from '@reeve/memberlist';
import { endpointText } from '@reeve/runtime';
import { spread } from './broadcast.ts';
import { userEventBytesMax } from './config.ts';
import { applyJoinIntent } from './join-intent.ts';
import { applyLeaveIntent } from './leave-intent.ts';
import type { Machine } from './machine.ts';
import { messageTypes } from './messages.ts';
import { onNameConflict } from './name-conflict.ts';
import { onNodeJoin, onNodeLeave, onNodeUpdate } from './node-events.ts';
import { ackPayload, onPingComplete } from './ping.ts';
import { localState, mergeRemoteState } from './push-pull-state.ts';
import { applyQuery } from './query.ts';
import { applyUserEvent } from './user-event.ts';
import { type VetoMembers, vetoes } from './veto.ts';
import { decodeJoinIntent, decodeLeaveIntent } from './wire/intents.ts';
import { decodePushPull, encodePushPull } from './wire/push-pull.ts';
import { decodeQuery } from './wire/query.ts';
import { decodeQueryResponse, decodeRelay } from './wire/query-response.ts';
import { encodeTags } from './wire/tags.ts';
import { decodeUserEvent } from './wire/user-event.ts';

/** The layer above memberlist. Without `veto` everybody is welcome. */
export function createDelegate(machine: Machine, veto?: VetoMembers): MemberlistDelegate {
  return {
    ...(veto === undefined ? {} : vetoes(veto)),
    nodeMeta: () => encodeTags(machine.tags, machine.config.protocolVersion),
    onUserMessage: (message) => onMessage(machine, message),
    takeBroadcasts: (overheadBytes, limitBytes) => takeBroadcasts(machine, overheadBytes, limitBytes),
    localState: () => encodePushPull(localState(machine)),
    mergeRemoteState: (state, isJoin, asked) => onRemoteState(machine, state, isJoin, asked),
    onJoin: (node) => onNodeJoin(machine, node),
    onLeave: (node) => onNodeLeave(machine, node),
    onUpdate: (node) => onNodeUpdate(machine, node),
    onConflict: (existing, other) => onNameConflict(machine, existing, other),
    ackPayload: () => ackPayload(machine),
    onPingComplete: (node, rttMs, payload) => onPingComplete(machine, node, rttMs, payload),
  };
}

function onMessage(machine: Machine, message: Uint8Array): void {
  const [type] = message;
  if (type === undefined) return;
  machine.runtime.metrics.sample('serf.msgs.received', message.length);
  decodeOrRefuse(machine, `Error decoding ${messageWords.get(type)}`, () => dispatch(machine, type, message));
}

function dispatch(machine: Machine, type: number, message: Uint8Array): void {
  const { queues } = machine;
  switch (type) {
    case messageTypes.leave: {
      const intent = decodeLeaveIntent(message);
      machine.log('debug', `messageLeaveType: ${intent.node}`);
      if (applyLeaveIntent(machine, intent)) passOnIntent(machine, message);
      return;
    }
    case messageTypes.join: {
      const intent = decodeJoinIntent(message);
      machine.log('debug', `messageJoinType: ${intent.node}`);
      if (applyJoinIntent(machine, intent)) passOnIntent(machine, message);
      return;
    }
    case messageTypes.userEvent: {
      const event = decodeUserEvent(requireLength(message, userEventBytesMax));
      machine.log('debug', `messageUserEventType: ${event.name}`);
      if (applyUserEvent(machine, event)) passOn(machine, queues.events, message);
      return;
    }
    case messageTypes.query: {
      const query = decodeQuery(requireLength(message, datagramBytesMax));
      machine.log('debug', `messageQueryType: ${query.name}`);
      if (applyQuery(machine, query)) passOn(machine, queues.queries, message);
      return;
    }
    case messageTypes.queryResponse: {
      const response = decodeQueryResponse(requireLength(message, datagramBytesMax));
      machine.log('debug', `messageQueryResponseType: ${response.from}`);
      return machine.runningQueries.onResponse(response);
    }
    case messageTypes.relay: {
      const relay = decodeRelay(requireLength(message, datagramBytesMax));
      machine.log('debug', `Relaying response to addr: ${endpointText(relay.to)}`);
      return machine.gossip.sendTo(relay.to, relay.message);
    }
    default:
      machine.onBadInput('warn', `Received message of unknown type: ${type}`);
  }
}

/** The received bytes unchanged. A copy: a message is part of a packet, which would be kept with it. */
function passOn(machine: Machine, queue: BroadcastQueue, message: Uint8Array): void {
  spread(machine, queue, message.slice());
}

/** An honest intent fits a packet; what does not would wait for ever. */
function passOnIntent(machine: Machine, message: Uint8Array): void {
  const fits = message.length <= machine.gossip.userBroadcastBytesMax;
  if (fits) passOn(machine, machine.queues.intents, message);
}

function* onRemoteState(
  machine: Machine,
  state: Uint8Array,
  isJoin: boolean,
  asked?: boolean,
): Generator<void> {
  const [type] = state;
  if (type === undefined) return machine.onBadInput('err', 'Remote state is zero bytes');
  if (type !== messageTypes.pushPull)
    return machine.onBadInput('err', `Remote state has bad type prefix: ${type}`);
  const remote = decodeOrRefuse(machine, 'Failed to decode remote state', () => decodePushPull(state));
  if (!remote) return;
  yield;
  yield* mergeRemoteState(machine, remote, isJoin, asked);
}

/** Intents first, then queries, then events in what room is left. */
function takeBroadcasts(machine: Machine, overheadBytes: number, limitBytes: number): readonly Uint8Array[] {
  const { intents, queries, events } = machine.queues;
  const taken: Uint8Array[] = [];
  let freeBytes = limitBytes;
  for (const queue of [intents, queries, events]) {
    for (const message of queue.take(overheadBytes, freeBytes)) {
      freeBytes -= overheadBytes + message.length;
      machine.runtime.metrics.sample('serf.msgs.sent', message.length);
      taken.push(message);
    }
  }
  return taken;
}

function decodeOrRefuse<T>(machine: Machine, what: string, decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    machine.onBadInput('err', `${what}: ${error.message}`);
    return undefined;
  }
}

function requireLength(message: Uint8Array, bytesMax: number): Uint8Array {
  if (message.length <= bytesMax) return message;
  throw new DecodeError('limit', `${message.length} bytes, the limit is ${bytesMax}`);
}

/** What could not be decoded, in the words of the original's log. */
const messageWords: ReadonlyMap<number, string> = new Map([
  [messageTypes.leave, 'leave message'],
  [messageTypes.join, 'join message'],
  [messageTypes.userEvent, 'user event message'],
  [messageTypes.query, 'query message'],
  [messageTypes.queryResponse, 'query response message'],
  [messageTypes.relay, 'relay header'],
]);

/** Nothing longer comes by packet; memberlist would take a longer message from a stream. */
const datagramBytesMax = 65_536;
