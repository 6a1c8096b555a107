// Asks a question about the catalog, health or sessions, as all of them are asked.
// Upstream: agent/catalog_endpoint.go and its neighbours (RETRY_ONCE, setMeta).

import type { Method, QueryMeta, QueryOptions } from '../rpc/methods/index.ts';
import type { CallSignal } from '../waiting/call-signal.ts';
import { rescued, type Soon, soon } from '../waiting/soon.ts';
import type { HttpAgent } from './agent.ts';
import { metaHeaders } from './question.ts';
import { FailedWithHeaders } from './refusal.ts';
import type { HttpRequest } from './request.ts';

/**
 * The answer, with the level of consistency it was asked for. An answer staler than `max_stale` allows is
 * asked for again, of the leader. A question that fails tells its (empty) worth all the same, as upstream's.
 */
export function ask<Question extends QueryOptions, Answer extends QueryMeta>(
  request: HttpRequest,
  agent: HttpAgent,
  method: Method<Question, Answer>,
  question: Question,
): Soon<Answer> {
  const signal = signalOf(request, question);
  const atLevel = (asked: Question) => (answer: Answer) => ({ ...answer, consistencyLevel: levelOf(asked) });
  const call = (asked: Question) => agent.caller.call(method, asked, signal);
  const askAgain = () => {
    const fresh = { ...question, allowStale: false, maxStaleNs: 0 };
    return soon(call(fresh), atLevel(fresh));
  };
  return rescued(
    () =>
      soon(call(question), (answer) =>
        isTooStale(question, answer) ? askAgain() : atLevel(question)(answer),
      ),
    failWithHeaders,
  );
}

/** A question that fails has been answered with nothing. */
export function failWithHeaders(error: Error): never {
  throw new FailedWithHeaders(error, metaHeaders(nothingKnown));
}

/** Only a question that waits needs to know when nobody waits for it any more. */
export function signalOf(request: HttpRequest, { minQueryIndex }: QueryOptions): CallSignal | undefined {
  return minQueryIndex > 0 ? request.signal() : undefined;
}

function isTooStale({ allowStale, maxStaleNs }: QueryOptions, { lastContactNs }: QueryMeta): boolean {
  return allowStale && maxStaleNs > 0 && maxStaleNs < lastContactNs;
}

/** The level of consistency that a question asks for. */
export function levelOf({ requireConsistent, allowStale }: QueryOptions): string {
  if (requireConsistent) return 'consistent';
  return allowStale ? 'stale' : 'leader';
}

const nothingKnown: QueryMeta = { index: 0, lastContactNs: 0, knownLeader: false, consistencyLevel: '' };
