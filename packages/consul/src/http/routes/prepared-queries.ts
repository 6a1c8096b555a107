// Prepared queries, of which there are none: `/v1/query…`. Who asks is told so in upstream's words, as by a
// cluster where nobody has made any; who wants to make one is refused, for what is wrong with it if anything
// is. Upstream: agent/prepared_query_endpoint.go.

import { quote } from '@reeve/cli';
import { preparedQueryBody, preparedQueryProblem } from '../../json/requests/prepared-query.ts';
import type { HttpAgent } from '../agent.ts';
import { parseBool } from '../query.ts';
import { metaHeaders, parseQuestion } from '../question.ts';
import { readBody } from '../read-body.ts';
import { FailedWithHeaders, refuseNotFound } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json, plain } from '../response.ts';
import { refuseUnbuilt, worthOfNothing, worthOrError } from './nothing.ts';

/** All of `/v1/query`. */
export const preparedQueryRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/query', methods: ['GET', 'POST'], handle: general },
  { pattern: '/v1/query/', methods: [], handle: specific },
];

async function general(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  if (request.method === 'GET') return json('[]', await worthOfNothing(request, agent, true));
  const query = readBody(await request.body(agent.limits.recordBytesMax), preparedQueryBody);
  await worthOrError(request, agent); // there is somebody who leads the datacenter
  if (query !== null && query.id !== '')
    throw new Error('ID must be empty when creating a new prepared query');
  const problem = query === null ? undefined : preparedQueryProblem(query);
  if (problem !== undefined) throw new Error(`Invalid prepared query: ${problem}`);
  return refuseUnbuilt('Prepared queries');
}

async function specific(request: HttpRequest, agent: HttpAgent, below: string): Promise<HttpResponse> {
  const isRun = /(?:^|\/)(?:execute|explain)$/.test(below);
  const methods = isRun ? ['GET'] : ['GET', 'PUT', 'DELETE'];
  if (request.method === 'OPTIONS') return json('{}', [['Allow', ['OPTIONS', ...methods].join(',')]]);
  if (!methods.includes(request.method)) {
    return plain(`method ${request.method} not allowed`, [['Allow', methods.join(',')]], 405);
  }
  if (request.method !== 'GET') return change(request, agent, below);
  parseQuestion(request, agent.defaults);
  if (isRun) checkRun(request, below.endsWith('/execute'));
  await worthOfNothing(request, agent, false);
  if (!isRun && below.length !== uuidLength) {
    const nothing = { index: 0, lastContactNs: 0, knownLeader: false, consistencyLevel: '' };
    throw new FailedWithHeaders(new Error(lookupFailed), metaHeaders(nothing));
  }
  return refuseNotFound('Query not found');
}

async function change(request: HttpRequest, agent: HttpAgent, id: string): Promise<never> {
  const bytes = request.method === 'PUT' ? await request.body(agent.limits.recordBytesMax) : noBytes;
  if (bytes.length > 0) readBody(bytes, preparedQueryBody);
  await worthOrError(request, agent);
  if (id.length !== uuidLength) throw new Error(`Prepared Query lookup failed: ${lookupFailed}`);
  throw new Error(`Cannot modify non-existent prepared query: '${id}'`);
}

function checkRun({ query }: HttpRequest, isExecution: boolean): void {
  const limit = query.get('limit');
  if (!/^([-+]?\d+)?$/.test(limit)) {
    throw new Error(`Bad limit: strconv.Atoi: parsing ${quote(limit)}: invalid syntax`);
  }
  const connect = query.get('connect');
  if (isExecution && connect !== '' && parseBool(connect) === undefined) {
    const reason = `strconv.ParseBool: parsing ${quote(connect)}: invalid syntax`;
    throw new Error(`Error parsing 'connect' value: ${reason}`);
  }
}

const lookupFailed = 'failed prepared query lookup: index error: UUID must be 36 characters';
const uuidLength = 36;
const noBytes = new Uint8Array(0);
