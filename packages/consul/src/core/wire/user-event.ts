// User events as they travel in gossip. Upstream: agent/user_event.go.

import { bytes, field, int64, optionalField, type StructCodec, struct, text } from '@reeve/bytes';
import type { UserEvent } from '../records/index.ts';

/** One event, without what gossip adds. */
export const userEventCodec: StructCodec<UserEvent> = struct<UserEvent>({
  id: field('ID', text),
  name: field('n', text),
  payload: optionalField('p', bytes),
  nodeFilter: optionalField('nf', text),
  serviceFilter: optionalField('sf', text),
  tagFilter: optionalField('tf', text),
  version: field('v', int64),
});

/** Gossip carries other events, too; those of clients have this before their names. */
export const userEventPrefix = 'consul:event:';
