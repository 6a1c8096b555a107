// Who may speak to whom in the service mesh, of which there is none: `/v1/connect/intentions…` and
// `/v1/agent/connect/authorize`. Without access control and without intentions everything is allowed.
// Upstream: agent/intentions_endpoint.go, connect_auth.go, agent/consul/intention_endpoint.go.

import { compactJson, quote } from '@reeve/cli';
import { struct, text } from '../../json/decode.ts';
import { intentionBody, intentionProblems } from '../../json/requests/intention.ts';
import type { HttpAgent } from '../agent.ts';
import { refuseNamespace } from '../question.ts';
import { readBody } from '../read-body.ts';
import { Refusal, refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json } from '../response.ts';
import { refuseUnbuilt, worthOfNothing, worthOrError } from './nothing.ts';

/** All about them. */
export const intentionRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/connect/intentions', methods: ['GET', 'POST'], handle: intentions },
  { pattern: '/v1/connect/intentions/', methods: ['GET', 'PUT', 'DELETE'], handle: specific },
  { pattern: '/v1/connect/intentions/match', methods: ['GET'], handle: match },
  { pattern: '/v1/connect/intentions/check', methods: ['GET'], handle: check },
  { pattern: '/v1/agent/connect/authorize', methods: ['POST'], handle: authorize },
];

async function intentions(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  if (request.method === 'GET') return json('[]', await worthOfNothing(request, agent, false));
  const bytes = await request.body(agent.limits.recordBytesMax);
  const intention = readBody(bytes, intentionBody, 'Failed to decode request body: ', 500);
  await worthOrError(request, agent);
  const problems = intentionProblems(intention);
  if (problems.length === 0) return refuseUnbuilt('Intentions');
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  throw new Error(`${count} occurred:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`);
}

async function specific(request: HttpRequest, agent: HttpAgent, id: string): Promise<HttpResponse> {
  if (request.method === 'PUT') {
    const prefix = 'Bad request: Request decode failed: ';
    readBody(await request.body(agent.limits.recordBytesMax), intentionBody, prefix);
  }
  await worthOrError(request, agent);
  const isKnowable = id.length === uuidLength;
  if (request.method === 'GET') {
    return isKnowable ? refuseUnknown() : refuseBadRequest(lookupFailed);
  }
  if (!isKnowable) throw new Error(`Intention lookup failed: ${lookupFailed}`);
  const what = request.method === 'PUT' ? 'modify' : 'delete';
  throw new Error(`Cannot ${what} non-existent intention: '${id}'`);
}

function refuseUnknown(): never {
  throw new Refusal(404, 'Intention not found', false);
}

async function match(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const by = only(request, 'by');
  if (by !== 'source' && by !== 'destination') {
    throw new Error("'by' parameter must be one of 'source' or 'destination'");
  }
  const names = request.query.all('name');
  if (names.length === 0) refuseMissing('name');
  for (const name of names) checkName('name', name);
  await worthOrError(request, agent);
  return json(compactJson(new Map(names.map((name) => [name, null]))));
}

async function check(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const [source, destination] = [only(request, 'source'), only(request, 'destination')];
  const [type = 'consul'] = request.query.all('source-type');
  if (type === 'consul') checkName('source', source);
  checkName('destination', destination);
  await worthOrError(request, agent);
  if (type !== 'consul') throw new Error(`unsupported SourceType: ${quote(type)}`);
  return json('{"Allowed":true}');
}

function only({ query }: HttpRequest, name: string): string {
  const [value, second] = query.all(name);
  return value === undefined || second !== undefined ? refuseMissing(name) : value;
}

function refuseMissing(name: string): never {
  throw new Error(`required query parameter '${name}' not set`);
}

/** A name, perhaps with a namespace before it. */
function checkName(what: string, name: string): void {
  if (name.split('/').length <= 2) return;
  throw new Error(`${what} ${quote(name)} is invalid: input can contain at most one '/'`);
}

async function authorize(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  refuseNamespace(request);
  const bytes = await request.body(agent.limits.recordBytesMax);
  const { target, uri } = readBody(bytes, authorizeBody, 'Bad request: Request decode failed: ');
  if (target === '') refuseBadRequest('Target service must be specified');
  if (![serviceUri, agentUri, signerUri].some((known) => known.test(uri))) {
    refuseBadRequest('ClientCertURI not a valid Connect identifier');
  }
  if (!serviceUri.test(uri)) refuseBadRequest('ClientCertURI not a valid Service identifier');
  await worthOrError(request, agent);
  const text = '{"Authorized":true,"Reason":"ACLs disabled, access is allowed by default"}';
  return json(text, [['X-Cache', 'MISS']]);
}

const authorizeBody = struct<{ target: string; uri: string; serial: string }>('ConnectAuthorizeRequest', {
  target: ['Target', text],
  uri: ['ClientCertURI', text],
  serial: ['ClientCertSerial', text],
});

const serviceUri = /^spiffe:\/\/[^/?#]*\/ns\/[^/?#]+\/dc\/[^/?#]+\/svc\/[^/?#]+(?:[?#].*)?$/;
const agentUri = /^spiffe:\/\/[^/?#]*\/agent\/client\/dc\/[^/?#]+\/id\/[^/?#]+(?:[?#].*)?$/;
const signerUri = /^spiffe:\/\/[^/?#.]+\.[^/?#]*(?:[?#].*)?$/;
const lookupFailed = 'failed intention lookup: index error: UUID must be 36 characters';
const uuidLength = 36;
