// User events (type 3).

import { boolean, encodeWith, field, gossipDialect, MsgpackReader, struct, text } from '@reeve/bytes';
import { messageTypes, type UserEventMessage } from '../messages.ts';
import { lamportTime } from './lamport-time.ts';
import { payload } from './payload.ts';

/** The whole message, type byte included. */
export function encodeUserEvent(event: UserEventMessage): Uint8Array {
  return encodeWith(userEvent, gossipDialect, event, messageTypes.userEvent);
}

/** @throws DecodeError */
export function decodeUserEvent(message: Uint8Array): UserEventMessage {
  return userEvent.decode(new MsgpackReader(message, 1));
}

const userEvent = struct<UserEventMessage>({
  lTime: field('LTime', lamportTime),
  name: field('Name', text),
  payload: field('Payload', payload),
  canCoalesce: field('CC', boolean),
});
