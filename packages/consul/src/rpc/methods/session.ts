// Sessions. Upstream: agent/consul/session_endpoint.go, agent/structs/structs.go.

import { field, struct, text } from '@reeve/bytes';
import { type Session, sessionCodec, sessionRequestCodec } from '../../core/index.ts';
import { answerList } from './lists.ts';
import { method } from './method.ts';
import {
  nodeQuery,
  type QueryMeta,
  type QueryOptions,
  queryMetaFields,
  queryOptionsFields,
} from './query.ts';

/** One session, or all of them where no id is given. */
export interface SessionQuery extends QueryOptions {
  readonly sessionId: string;
  /** The field of older versions; upstream sends both and reads either. */
  readonly session: string;
}

/** Sessions; null if there are none. */
export interface Sessions extends QueryMeta {
  readonly sessions: readonly Session[] | null;
}

const sessionQuery = struct<SessionQuery>({
  sessionId: field('SessionID', text),
  session: field('Session', text),
  ...queryOptionsFields,
});

const sessions = struct<Sessions>({
  sessions: field('Sessions', answerList(sessionCodec)),
  ...queryMetaFields,
});

/** The methods of `Session`. `apply` answers with the session's id. */
export const session = {
  apply: method('Session.Apply', sessionRequestCodec, text),
  get: method('Session.Get', sessionQuery, sessions),
  list: method('Session.List', sessionQuery, sessions),
  nodeSessions: method('Session.NodeSessions', nodeQuery, sessions),
  renew: method('Session.Renew', sessionQuery, sessions),
};
