// Asks as `ask` does, or where a request says `?cached` the agent's cache, and says in headers which it was.
// Upstream: agent/http.go (setCacheMeta).

import type { Method, QueryMeta, QueryOptions } from '../rpc/methods/index.ts';
import { type Soon, soon } from '../waiting/soon.ts';
import type { HttpAgent } from './agent.ts';
import type { AgentCache, CachedAnswer } from './agent-cache.ts';
import { ask, failWithHeaders, levelOf } from './ask.ts';
import { metaHeaders } from './question.ts';
import type { HttpRequest } from './request.ts';
import type { Header } from './response.ts';

/** An answer with the headers that belong to it. */
export interface AskedOrCached<Answer> {
  readonly found: Answer;
  readonly headers: readonly Header[];
}

/** The answer, from wherever the request allows. */
export function askCached<Question extends QueryOptions, Answer extends QueryMeta>(
  request: HttpRequest,
  agent: HttpAgent,
  method: Method<Question, Answer>,
  question: Question,
): Soon<AskedOrCached<Answer>> {
  if (question.useCache && agent.cache !== undefined) return ofCache(request, agent.cache, method, question);
  const answer = ask(request, agent, method, question);
  return soon(answer, (found) => ({ found, headers: metaHeaders(found) }));
}

async function ofCache<Question extends QueryOptions, Answer extends QueryMeta>(
  request: HttpRequest,
  kept: AgentCache,
  method: Method<Question, Answer>,
  question: Question,
): Promise<AskedOrCached<Answer>> {
  const remembered = await kept.get(method, question, request.signal()).catch(failWithHeaders);
  const { answer } = remembered;
  const worth = metaHeaders({ ...answer, consistencyLevel: levelOf(question) });
  return { found: answer, headers: [...worth, ...cacheHeaders(remembered)] };
}

/** Where an answer comes from, and its age if it was there already. */
export function cacheHeaders({ isHit, ageMs }: CachedAnswer<unknown>): readonly Header[] {
  if (!isHit) return [['X-Cache', 'MISS']];
  return [
    ['X-Cache', 'HIT'],
    ['Age', `${Math.round(ageMs / 1000)}`],
  ];
}
