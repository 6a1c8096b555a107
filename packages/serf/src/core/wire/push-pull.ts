// The state two nodes exchange (type 2), sent as the user state of memberlist's push/pull.

import {
  type Codec,
  DecodeError,
  encodeWith,
  field,
  gossipDialect,
  list,
  MsgpackReader,
  nilable,
  struct,
  text,
  textMap,
} from '@reeve/bytes';
import { messageTypes, type PushPullState, type UserEventsAt } from '../messages.ts';
import { lamportTime } from './lamport-time.ts';
import { payload } from './payload.ts';

/** The whole state, type byte included. */
export function encodePushPull(state: PushPullState): Uint8Array {
  return encodeWith(pushPull(), gossipDialect, state, messageTypes.pushPull);
}

/** @throws DecodeError */
export function decodePushPull(state: Uint8Array): PushPullState {
  return pushPull().decode(new MsgpackReader(state, 1));
}

interface EventOnWire {
  readonly name: string;
  readonly payload: Uint8Array;
}

/**
 * A codec for one state: it counts the events over all slots, since a megabyte of slots could hold a million.
 */
function pushPull(): Codec<PushPullState> {
  let events = 0;
  const counted: Codec<EventOnWire> = {
    ...event,
    decode: (reader) => {
      if (++events > eventsMax) throw new DecodeError('limit', `more than ${eventsMax} user events`);
      return event.decode(reader);
    },
  };
  const eventsAt = struct<UserEventsAt>({
    lTime: field('LTime', lamportTime),
    events: field('Events', list(counted, eventsMax)),
  });
  return struct<PushPullState>({
    lTime: field('LTime', lamportTime),
    statusLTimes: field('StatusLTimes', textMap(lamportTime, membersMax)),
    leftMembers: field('LeftMembers', list(text, membersMax)),
    eventLTime: field('EventLTime', lamportTime),
    events: field('Events', list(nilable(eventsAt), slotsMax)),
    queryLTime: field('QueryLTime', lamportTime),
  });
}

const event = struct<EventOnWire>({ name: field('Name', text), payload: field('Payload', payload) });

/**
 * Bounds of ours on what a peer can make us decode at once. The original's event buffer has 512 slots; of
 * members nobody holds more (`limits.membersMax`).
 */
const slotsMax = 16_384;
const eventsMax = 16_384;
const membersMax = 65_536;
