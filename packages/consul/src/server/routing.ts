// Where a request is answered: here, by the leader, or in another datacenter. Upstream: agent/consul/rpc.go
// (ForwardRPC, canRetry, forwardDC).
//
// Without a leader a request waits for one, `rpc_hold_timeout` at most. It is sent again only if that cannot
// do it twice: it was never sent, nobody led, or it only asks.

import { CallError } from '../rpc/connection.ts';
import type { Handler } from '../rpc/method-table.ts';
import type { Method, QueryOptions } from '../rpc/methods/index.ts';
import { pause } from './pause.ts';
import type { ServerContext } from './server-context.ts';

/** What every request says about where it belongs. */
export interface Routed {
  readonly datacenter: string;
}

/** What users are told where nobody leads. */
export const noLeader = 'No cluster leader';

/** A question: any server answers it if it may be stale, otherwise the leader does. */
export function routedQuestion<Request extends QueryOptions, Reply>(
  server: ServerContext,
  method: Method<Request, Reply>,
  answerHere: Handler<Request, Reply>,
): Handler<Request, Reply> {
  return routed(server, method, answerHere, ({ allowStale }) => ({
    isRead: true,
    maySettleHere: allowStale && server.consensus.lastContactMs !== undefined,
  }));
}

/** A request to change something: the leader does it. */
export function routedChange<Request extends Routed, Reply>(
  server: ServerContext,
  method: Method<Request, Reply>,
  answerHere: Handler<Request, Reply>,
): Handler<Request, Reply> {
  return routed(server, method, answerHere, () => ({ isRead: false, maySettleHere: false }));
}

/** A request that each server answers for itself. */
export function routedToDatacenter<Request extends Routed, Reply>(
  server: ServerContext,
  method: Method<Request, Reply>,
  answerHere: Handler<Request, Reply>,
): Handler<Request, Reply> {
  return routed(server, method, answerHere, () => ({ isRead: true, maySettleHere: true }));
}

interface Manner {
  readonly isRead: boolean;
  readonly maySettleHere: boolean;
}

function routed<Request extends Routed, Reply>(
  server: ServerContext,
  method: Method<Request, Reply>,
  answerHere: Handler<Request, Reply>,
  mannerOf: (request: Request) => Manner,
): Handler<Request, Reply> {
  return (request, signal) => {
    const { datacenter } = request;
    if (datacenter !== '' && datacenter !== server.datacenter)
      return elsewhere(server, method, request, signal);
    const manner = mannerOf(request);
    if (manner.maySettleHere || server.consensus.isLeader) return answerHere(request, signal);
    return byLeader(server, method, answerHere, request, manner.isRead, signal);
  };
}

async function elsewhere<Request extends Routed, Reply>(
  server: ServerContext,
  method: Method<Request, Reply>,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const caller = server.callerOf(request.datacenter);
  if (caller === undefined) throw new Error('No path to datacenter');
  return caller.call(method, request, signal);
}

async function byLeader<Request, Reply>(
  server: ServerContext,
  method: Method<Request, Reply>,
  answerHere: Handler<Request, Reply>,
  request: Request,
  isRead: boolean,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const { runtime, consensus, settings } = server;
  const until = runtime.clock.now() + settings.rpcHoldTimeoutMs;
  let failure = new Error(noLeader);
  do {
    if (consensus.isLeader) return answerHere(request, signal);
    const address = consensus.leaderAddress;
    try {
      if (address !== '') return await server.callerAt(address).call(method, request, signal);
      failure = new Error(noLeader);
    } catch (error) {
      failure = error as Error;
      if (!mayAskAgain(failure, isRead)) throw failure;
    }
    await pause(runtime, (runtime.random.float() * settings.rpcHoldTimeoutMs) / staggerShare, signal);
  } while (runtime.clock.now() < until && signal?.aborted !== true);
  throw failure;
}

function mayAskAgain(error: Error, isRead: boolean): boolean {
  if (error.message.includes(noLeader)) return true;
  if (!(error instanceof CallError) || !error.isConnectionLost) return false;
  return isRead || !error.wasSent;
}

/** Pauses are random, up to this share of the time that a request waits at most. */
const staggerShare = 16;
