// The keys of gossip, for operators: `/v1/operator/keyring`. Upstream: agent/operator_endpoint.go
// (OperatorKeyringEndpoint), agent/keyring.go.

import { compactJson, type JsonOutput, listProblems } from '@reeve/cli';
import { struct, text } from '../../json/decode.ts';
import { internal, type KeyringResponse } from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import { parseBool } from '../query.ts';
import { tokenOf } from '../question.ts';
import { readBody } from '../read-body.ts';
import { refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json, nothingToSay } from '../response.ts';

/** GET lists the keys, POST installs one, PUT makes one the primary, DELETE removes one. */
export const keyringRoute: Route<HttpAgent> = {
  pattern: '/v1/operator/keyring',
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  handle: keyring,
};

async function keyring(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const { method } = request;
  const { key } = method === 'GET' ? { key: '' } : await bodyOf(request, agent);
  const question = {
    ...internal.keyringOperation.request.zero(),
    operation: operations.get(method) ?? '',
    key,
    token: tokenOf(request, agent.defaults),
    relayFactor: relayFactorOf(request),
    localOnly: localOnlyOf(request),
  };
  const { responses } = await agent.caller.call(internal.keyringOperation, question);
  const problems = (responses ?? []).flatMap(problemsOf);
  if (problems.length > 0) throw new Error(listProblems(problems));
  return method === 'GET' ? json(compactJson((responses ?? []).map(poolJson))) : nothingToSay;
}

async function bodyOf(request: HttpRequest, { limits }: HttpAgent): Promise<{ readonly key: string }> {
  return readBody(await request.body(limits.recordBytesMax), keyOnly, 'Bad request: Request decode failed: ');
}

function relayFactorOf({ query }: HttpRequest): number {
  const written = query.get('relay-factor');
  if (written === '') return 0;
  if (!/^[-+]?\d{1,15}$/.test(written)) {
    const reason = `strconv.Atoi: parsing "${written}": invalid syntax`;
    return refuseBadRequest(`Error parsing relay factor: ${reason}`);
  }
  const factor = Number(written);
  if (factor >= 0 && factor <= relaysMax) return factor;
  return refuseBadRequest(`Invalid relay-factor: Relay factor must be in range: [0, ${relaysMax}]`);
}

function localOnlyOf({ query, method }: HttpRequest): boolean {
  const written = query.get('local-only');
  if (written === '') return false;
  const isLocal = parseBool(written);
  if (isLocal === undefined) {
    const reason = `strconv.ParseBool: parsing "${written}": invalid syntax`;
    return refuseBadRequest(`Error parsing local-only: ${reason}`);
  }
  if (!isLocal || method === 'GET') return isLocal;
  return refuseBadRequest('Invalid use of local-only: local-only can only be set for list requests');
}

function problemsOf({ error, wan, datacenter, messages }: KeyringResponse): readonly string[] {
  if (error === '') return [];
  const pool = wan ? 'WAN' : `${datacenter} (LAN)`;
  return [`${pool} error: ${error}`, ...[...(messages ?? [])].map(([from, said]) => `${from}: ${said}`)];
}

function poolJson(pool: KeyringResponse): JsonOutput {
  const { messages } = pool;
  return {
    WAN: pool.wan,
    Datacenter: pool.datacenter,
    Segment: pool.segment,
    ...(messages === null || messages.size === 0 ? {} : { Messages: messages }),
    Keys: pool.keys,
    PrimaryKeys: pool.primaryKeys,
    NumNodes: pool.nodes,
  };
}

const keyOnly = struct<{ readonly key: string }>('agent.keyringArgs', { key: ['Key', text] });
const operations: ReadonlyMap<string, string> = new Map([
  ['GET', 'list'],
  ['POST', 'install'],
  ['PUT', 'use'],
  ['DELETE', 'remove'],
]);
const relaysMax = 5;
