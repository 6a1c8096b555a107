// A query as another node asks it.

import type { QueryMessage } from '../../dist/core/messages.js';
import { bytesOf } from './bytes.js';

/** Query 77 `load` of `asker`, with whatever shall be different. */
export function queryFrom(overrides: Partial<QueryMessage> = {}): QueryMessage {
  return {
    lTime: 5,
    id: 77,
    replyTo: { host: '10.0.0.9', port: 7946 },
    sourceNode: 'asker',
    filters: [],
    flags: 0,
    relayFactor: 0,
    timeoutMs: 5_000,
    name: 'load',
    payload: bytesOf(''),
    ...overrides,
  };
}
