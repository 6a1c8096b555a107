// User events. Upstream: api/event.go.
// Unknown fields are ignored, missing ones have Go's zero.

import { int, list, nilable, struct, text, uint64 } from '../../json/decode.ts';

/** Upstream: UserEvent. */
export interface UserEvent {
  readonly id: string;
  readonly name: string;
  /** In base64; null if there is none. */
  readonly payload: string | null;
  readonly nodeFilter: string;
  readonly serviceFilter: string;
  readonly tagFilter: string;
  readonly version: number;
  readonly lTime: number;
}

/** One event. */
export const userEvent = struct<UserEvent>('UserEvent', {
  id: ['ID', text],
  name: ['Name', text],
  payload: ['Payload', nilable(text)],
  nodeFilter: ['NodeFilter', text],
  serviceFilter: ['ServiceFilter', text],
  tagFilter: ['TagFilter', text],
  version: ['Version', int],
  lTime: ['LTime', uint64],
});

/** The events that an agent remembers. */
export const userEvents = list(userEvent, 'api.UserEvent');
