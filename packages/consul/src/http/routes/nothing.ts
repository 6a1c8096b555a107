// Answers about what nobody has made: prepared queries, configuration entries, intentions.

import { catalog } from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import { ask } from '../ask.ts';
import { metaHeaders } from '../question.ts';
import { FailedWithHeaders, Refusal } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Header } from '../response.ts';
import { serviceQuestion } from './catalog.ts';

/** What the servers say about an answer with nothing in it, and never was. */
export async function worthOfNothing(
  request: HttpRequest,
  agent: HttpAgent,
  tellsConsistency: boolean,
): Promise<readonly Header[]> {
  const question = {
    ...serviceQuestion(request, agent, 'none'),
    connect: true,
    minQueryIndex: 0,
    filter: '',
  };
  const found = await ask(request, agent, catalog.serviceNodes, question);
  return metaHeaders({ ...found, index: 0, ...(tellsConsistency ? {} : { consistencyLevel: '' }) });
}

/** The same where upstream tells nothing together with an error. */
export async function worthOrError(request: HttpRequest, agent: HttpAgent): Promise<readonly Header[]> {
  try {
    return await worthOfNothing(request, agent, false);
  } catch (error) {
    throw error instanceof FailedWithHeaders ? error.cause : error;
  }
}

/** 501: what is asked for is right, and we cannot do it. */
export function refuseUnbuilt(what: string): never {
  throw new Refusal(501, `${what} cannot be changed yet`);
}
