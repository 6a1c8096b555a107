// Join and leave intents (types 1 and 0).

import { boolean, encodeWith, field, gossipDialect, MsgpackReader, struct, text } from '@reeve/bytes';
import { type JoinIntent, type LeaveIntent, messageTypes } from '../messages.ts';
import { lamportTime } from './lamport-time.ts';

/** The whole message, type byte included. */
export function encodeJoinIntent(intent: JoinIntent): Uint8Array {
  return encodeWith(joinIntent, gossipDialect, intent, messageTypes.join);
}

/** @throws DecodeError */
export function decodeJoinIntent(message: Uint8Array): JoinIntent {
  return joinIntent.decode(new MsgpackReader(message, 1));
}

/** The whole message, type byte included. */
export function encodeLeaveIntent(intent: LeaveIntent): Uint8Array {
  return encodeWith(leaveIntent, gossipDialect, intent, messageTypes.leave);
}

/** @throws DecodeError */
export function decodeLeaveIntent(message: Uint8Array): LeaveIntent {
  return leaveIntent.decode(new MsgpackReader(message, 1));
}

const joinIntent = struct<JoinIntent>({ lTime: field('LTime', lamportTime), node: field('Node', text) });

const leaveIntent = struct<LeaveIntent>({
  lTime: field('LTime', lamportTime),
  node: field('Node', text),
  prune: field('Prune', boolean),
});
