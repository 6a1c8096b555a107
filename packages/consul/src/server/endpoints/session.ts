// Sessions. Upstream: agent/consul/session_endpoint.go.

import { formatDuration, parseDuration } from '@reeve/cli';
import {
  listSessions,
  listSessionsOn,
  readSession,
  type Session,
  type SessionRequest,
} from '../../core/index.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import {
  type NodeQuery,
  type QueryOptions,
  type SessionQuery,
  type Sessions,
  session,
} from '../../rpc/methods/index.ts';
import type { CallSignal } from '../../waiting/call-signal.ts';
import { apply } from '../apply.ts';
import { blockingQuery, metaOf, type Read } from '../blocking-query.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';
import { newUuid } from '../uuid.ts';

/** Serves the methods of `Session`. */
export function serveSession(server: ServerContext, table: MethodTable): void {
  const methods = new RoutedMethods(server, table);
  methods.change(session.apply, change);
  methods.question(session.get, get);
  methods.question(session.list, list);
  methods.question(session.nodeSessions, ofNode);
  methods.leaderQuestion(session.renew, renew); // the leader keeps the timers
}

async function change(server: ServerContext, request: SessionRequest): Promise<string> {
  const { operation } = request;
  if (operation === 'destroy') return destroy(server, request);
  const wanted = withDefaults(request.session);
  refuseImpossible(server, wanted);
  const created = { ...wanted, id: newUuid(server.runtime.random) };
  const answer = await apply(server, { type: 'session', request: { ...request, session: created } });
  server.sessionTimers.restart(created);
  return typeof answer === 'string' ? answer : '';
}

async function destroy(server: ServerContext, request: SessionRequest): Promise<string> {
  const { id } = request.session;
  if (id === '') throw new Error('Must provide ID');
  await apply(server, { type: 'session', request });
  server.sessionTimers.stop(id);
  return '';
}

function withDefaults(wanted: Session): Session {
  return (wanted.behavior as string) === '' ? { ...wanted, behavior: 'release' } : wanted;
}

function refuseImpossible({ settings }: ServerContext, { node, behavior, ttl }: Session): void {
  if (node === '') throw new Error('Must provide Node');
  if (behavior !== 'release' && behavior !== 'delete') {
    throw new Error(`Invalid Behavior setting '${behavior as string}'`);
  }
  if (ttl === '') return;
  const ttlMs = ttlOf(ttl);
  if (ttlMs === 0 || (ttlMs >= settings.sessionTtlMinMs && ttlMs <= ttlMaxMs)) return;
  const range = `[${formatDuration(settings.sessionTtlMinMs)}=${formatDuration(ttlMaxMs)}]`;
  throw new Error(`Invalid Session TTL '${ttlMs * nsPerMs}', must be between ${range}`);
}

function ttlOf(ttl: string): number {
  try {
    return parseDuration(ttl);
  } catch (error) {
    throw new Error(`Session TTL '${ttl}' invalid: ${(error as Error).message}`);
  }
}

function get(server: ServerContext, query: SessionQuery, signal?: CallSignal): Promise<Sessions> {
  const id = query.sessionId || query.session;
  return sessions(
    server,
    query,
    (tables, watch) => {
      const { index, value } = readSession(tables, watch, id);
      return { index, value: value === null ? [] : [value] };
    },
    signal,
  );
}

function list(server: ServerContext, query: QueryOptions, signal?: CallSignal): Promise<Sessions> {
  return sessions(server, query, listSessions, signal);
}

function ofNode(server: ServerContext, query: NodeQuery, signal?: CallSignal): Promise<Sessions> {
  return sessions(server, query, (tables, watch) => listSessionsOn(tables, watch, query.node), signal);
}

async function renew(server: ServerContext, query: SessionQuery): Promise<Sessions> {
  const { index, value } = readSession(server.store.tables, null, query.sessionId || query.session);
  if (value !== null) server.sessionTimers.restart(value);
  return { sessions: value === null ? null : [value], ...metaOf(server, index) };
}

async function sessions(
  server: ServerContext,
  query: QueryOptions,
  read: Read<readonly Session[]>,
  signal?: CallSignal,
): Promise<Sessions> {
  const { value, meta } = await blockingQuery(server, query, read, signal);
  return { sessions: value.length === 0 ? null : value, ...meta };
}

const ttlMaxMs = 24 * 60 * 60 * 1000;
const nsPerMs = 1e6;
