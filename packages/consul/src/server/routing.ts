// Where a request is answered: here, by the leader, or in another datacenter. Upstream: agent/consul/rpc.go
// (ForwardRPC, canRetry, forwardDC).
//
// Without a leader a request waits for one, `rpc_hold_timeout` at most. It is sent again only if that cannot
// do it twice: it was never sent, nobody led, or it only asks. A server that has left refuses what the leader
// would have to answer, even if it still leads: whoever asks is to go to another one.

import { CallError } from '../rpc/connection.ts';
import { isError, noLeader, noPathToDatacenter } from '../rpc/known-errors.ts';
import type { Handler, MethodTable } from '../rpc/method-table.ts';
import type { Method, QueryMeta, QueryOptions } from '../rpc/methods/index.ts';
import type { CallSignal } from '../waiting/call-signal.ts';
import { pause } from '../waiting/pause.ts';
import { type Soon, soon } from '../waiting/soon.ts';
import type { ServerContext } from './server-context.ts';
import { staggerMs } from './stagger.ts';

/** What every request says about where it belongs. */
export interface Routed {
  readonly datacenter: string;
}

/** Answers a request on the server where it belongs. */
export type Answer<Request, Reply> = (
  server: ServerContext,
  request: Request,
  signal?: CallSignal,
) => Soon<Reply>;

/** Serves methods, each where its requests belong. */
export class RoutedMethods {
  readonly #server: ServerContext;
  readonly #table: MethodTable;

  constructor(server: ServerContext, table: MethodTable) {
    this.#server = server;
    this.#table = table;
  }

  /**
   * A question about the state: any server answers it if it may be stale, otherwise the leader does, or a
   * follower that has made sure that it knows as much.
   */
  question<Request extends QueryOptions, Reply extends QueryMeta>(
    method: Method<Request, Reply>,
    answer: Answer<Request, Reply>,
  ): void {
    const server = this.#server;
    this.#serve(method, answer, this.#mannerOf, async (question, forward) => {
      if (!(await server.mayAnswer(question))) return forward();
      const reply = answer(server, { ...question, requireConsistent: false });
      return soon(reply, (it) => ({ ...it, lastContactNs: 0, knownLeader: true }));
    });
  }

  /** A question about more than that: any server answers it if it may be stale, otherwise the leader does. */
  otherQuestion<Request extends QueryOptions, Reply>(
    method: Method<Request, Reply>,
    answer: Answer<Request, Reply>,
  ): void {
    this.#serve(method, answer, this.#mannerOf);
  }

  /** A question that only the leader can answer, however stale the answer may be. */
  leaderQuestion<Request extends QueryOptions, Reply>(
    method: Method<Request, Reply>,
    answer: Answer<Request, Reply>,
  ): void {
    this.#serve(method, answer, () => ({ isRead: true, maySettleHere: false }));
  }

  /** A request to change something: the leader does it. */
  change<Request extends Routed, Reply>(
    method: Method<Request, Reply>,
    answer: Answer<Request, Reply>,
  ): void {
    this.#serve(method, answer, () => ({ isRead: false, maySettleHere: false }));
  }

  /** A request that each server of a datacenter answers for itself. */
  anywhere<Request extends Routed, Reply>(
    method: Method<Request, Reply>,
    answer: Answer<Request, Reply>,
  ): void {
    this.#serve(method, answer, () => ({ isRead: true, maySettleHere: true }));
  }

  readonly #mannerOf = ({ allowStale }: QueryOptions): Manner => {
    return { isRead: true, maySettleHere: allowStale && this.#server.consensus.lastContactMs !== undefined };
  };

  #serve<Request extends Routed, Reply>(
    method: Method<Request, Reply>,
    answer: Answer<Request, Reply>,
    mannerOf: (request: Request) => Manner,
    atFollower: AtFollower<Request, Reply> = (_request, forward) => forward(),
  ): void {
    const server = this.#server;
    const here: Handler<Request, Reply> = (request, signal) => answer(server, request, signal);
    this.#table.serve(method, (request, signal) => {
      const { datacenter } = request;
      if (datacenter !== '' && datacenter !== server.datacenter) {
        return elsewhere(server, method, request, signal);
      }
      const manner = mannerOf(request);
      if (manner.maySettleHere) return here(request, signal);
      if (server.leaving.aborted) throw new Error(noLeader);
      if (server.consensus.hasCaughtUp) return here(request, signal);
      const forward = () => byLeader(server, method, here, request, manner.isRead, signal);
      return atFollower(request, forward);
    });
  }
}

/** What a server does that would have to ask the leader. */
type AtFollower<Request, Reply> = (request: Request, forward: () => Promise<Reply>) => Promise<Reply>;

interface Manner {
  readonly isRead: boolean;
  readonly maySettleHere: boolean;
}

async function elsewhere<Request extends Routed, Reply>(
  server: ServerContext,
  method: Method<Request, Reply>,
  request: Request,
  signal: CallSignal | undefined,
): Promise<Reply> {
  const caller = server.callerOf(request.datacenter);
  if (caller === undefined) throw new Error(noPathToDatacenter);
  return caller.call(method, request, signal);
}

async function byLeader<Request, Reply>(
  server: ServerContext,
  method: Method<Request, Reply>,
  answerHere: Handler<Request, Reply>,
  request: Request,
  isRead: boolean,
  signal: CallSignal | undefined,
): Promise<Reply> {
  const { runtime, consensus, settings, leaving } = server;
  const until = runtime.clock.now() + settings.rpcHoldTimeoutMs;
  let failure = new Error(noLeader);
  do {
    if (await leadsHere(server)) return answerHere(request, signal);
    const address = consensus.leaderAddress;
    try {
      if (address !== '' && !consensus.isLeader)
        return await server.callerAt(address).call(method, request, signal);
      failure = new Error(noLeader);
    } catch (error) {
      failure = error as Error;
      if (!mayAskAgain(failure, isRead)) throw failure;
    }
    await pause(runtime, staggerMs(runtime, settings.rpcHoldTimeoutMs), signal);
  } while (runtime.clock.now() < until && signal?.aborted !== true && !leaving.aborted);
  throw failure;
}

/**
 * Whether this server leads. A leader of milliseconds may not have applied what those before it wrote:
 * whoever asks it has to wait, or would not find what is there. Upstream answers at once.
 */
async function leadsHere({ consensus }: ServerContext): Promise<boolean> {
  if (!consensus.isLeader) return false;
  return consensus.catchUp().then(
    () => true,
    () => false,
  );
}

function mayAskAgain(error: Error, isRead: boolean): boolean {
  if (isError(error, noLeader)) return true;
  if (!(error instanceof CallError) || !error.isConnectionLost) return false;
  return isRead || !error.wasSent;
}
