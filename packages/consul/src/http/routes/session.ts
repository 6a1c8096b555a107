// Sessions: `/v1/session/…`. Upstream: agent/session_endpoint.go.

import { compactJson } from '@reeve/cli';
import type { Session } from '../../core/index.ts';
import { sessionJson } from '../../json/answers/records.ts';
import { reconcileChecks, sessionBody } from '../../json/requests/session.ts';
import { type Method, type QueryOptions, type Sessions, session } from '../../rpc/methods/index.ts';
import type { Soon } from '../../waiting/soon.ts';
import type { HttpAgent } from '../agent.ts';
import { ask } from '../ask.ts';
import { longList } from '../long-text.ts';
import { datacenterOf, metaHeaders, parseQuestion, tokenOf } from '../question.ts';
import { readBody } from '../read-body.ts';
import { refuseNotFound } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json, jsonBoolean } from '../response.ts';
import { required } from './catalog.ts';
import { refusingNamespaces } from './namespaces.ts';

/** All of `/v1/session`. */
export const sessionRoutes: readonly Route<HttpAgent>[] = refusingNamespaces([
  { pattern: '/v1/session/create', methods: ['PUT'], handle: create },
  { pattern: '/v1/session/destroy/', methods: ['PUT'], handle: destroy },
  { pattern: '/v1/session/renew/', methods: ['PUT'], handle: renew },
  { pattern: '/v1/session/info/', methods: ['GET'], handle: info },
  { pattern: '/v1/session/node/', methods: ['GET'], handle: ofNode },
  { pattern: '/v1/session/list', methods: ['GET'], handle: list },
]);

async function create(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const body = sessionBody(agent.defaults.nodeName);
  // Upstream looks at the length alone: a body in chunks is as good as none.
  const isEmpty = (request.contentLength ?? 0) === 0;
  const wanted = isEmpty ? body.zero : readBody(await request.body(agent.limits.recordBytesMax), body);
  const id = await apply(request, agent, 'create', reconcileChecks(wanted));
  return json(compactJson({ ID: id }));
}

async function destroy(request: HttpRequest, agent: HttpAgent, id: string): Promise<HttpResponse> {
  const gone: Session = { ...sessionBody('').zero, id: required(id, 'Missing session') };
  await apply(request, agent, 'destroy', gone);
  return jsonBoolean(true);
}

function apply(request: HttpRequest, agent: HttpAgent, operation: string, record: Session): Soon<string> {
  const datacenter = datacenterOf(request, agent.defaults);
  const token = tokenOf(request, agent.defaults);
  return agent.caller.call(session.apply, { datacenter, token, operation, session: record });
}

async function renew(request: HttpRequest, agent: HttpAgent, id: string): Promise<HttpResponse> {
  const found = await agent.caller.call(session.renew, sessionQuestion(request, agent, id));
  if (found.sessions === null) return refuseNotFound(`Session id '${id}' not found`);
  return json(longList(found.sessions, sessionJson));
}

function info(request: HttpRequest, agent: HttpAgent, id: string): Promise<HttpResponse> {
  return sessions(request, agent, session.get, sessionQuestion(request, agent, id));
}

function list(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const question = { ...parseQuestion(request, agent.defaults), sessionId: '', session: '' };
  return sessions(request, agent, session.list, question);
}

function ofNode(request: HttpRequest, agent: HttpAgent, node: string): Promise<HttpResponse> {
  const question = { ...parseQuestion(request, agent.defaults), node: required(node, 'Missing node name') };
  return sessions(request, agent, session.nodeSessions, question);
}

function sessionQuestion(request: HttpRequest, agent: HttpAgent, id: string) {
  const options = parseQuestion(request, agent.defaults);
  const sessionId = required(id, 'Missing session');
  return { ...options, sessionId, session: sessionId };
}

async function sessions<Question extends QueryOptions>(
  request: HttpRequest,
  agent: HttpAgent,
  method: Method<Question, Sessions>,
  question: Question,
): Promise<HttpResponse> {
  const found = await ask(request, agent, method, question);
  return json(longList(found.sessions, sessionJson), metaHeaders({ ...found, consistencyLevel: '' }));
}
