// Configuration entries of the service mesh, of which there are none: `/v1/config…`.
// Upstream: agent/config_endpoint.go, agent/structs/config_entry.go (DecodeConfigEntry).

import { goWord, isObject, parseFirstJson, quote } from '@reeve/cli';
import type { HttpAgent } from '../agent.ts';
import { refuseNamespace } from '../question.ts';
import { Refusal, refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json, plain } from '../response.ts';
import { refuseUnbuilt, worthOrError } from './nothing.ts';

/** All of `/v1/config`. */
export const configEntryRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/config', methods: ['PUT'], handle: apply },
  { pattern: '/v1/config/', methods: ['GET', 'DELETE'], handle: configEntry },
];

async function apply(request: HttpRequest, agent: HttpAgent): Promise<never> {
  const problem = kindProblem(await request.body(agent.limits.recordBytesMax));
  if (problem !== undefined) refuseBadRequest(`Request decoding failed: ${problem}`);
  refuseNamespace(request);
  const cas = request.query.get('cas');
  if (!/^\d*$/.test(cas)) throw new Error(`strconv.ParseUint: parsing ${quote(cas)}: invalid syntax`);
  return refuseUnbuilt('Configuration entries');
}

function kindProblem(body: Uint8Array): string | undefined {
  try {
    const payload = parseFirstJson(body);
    if (payload !== null && !isObject(payload)) return `'' expected a map, got '${mapWord(payload)}'`;
    const kind = payload?.Kind ?? payload?.kind;
    if (kind === undefined) return 'Payload does not contain a kind/Kind key at the top level';
    if (typeof kind !== 'string') return 'Kind value in payload is not a string';
    return kinds.has(kind) ? undefined : `invalid config entry kind: ${kind}`;
  } catch (error) {
    return (error as Error).message;
  }
}

async function configEntry(request: HttpRequest, agent: HttpAgent, below: string): Promise<HttpResponse> {
  const [, kind = '', name] = /^([^/]*)(?:\/(.*))?$/s.exec(below) ?? [];
  if (request.method === 'DELETE') return remove(request, kind, name);
  refuseNamespace(request);
  if (kind !== '' && !kinds.has(kind)) throw new Error(`invalid config entry kind: ${kind}`);
  const worth = await worthOrError(request, agent);
  if (name === undefined) return json('[]', worth);
  return plain(`Config entry not found for ${quote(kind)} / ${quote(name)}`, worth, 404);
}

function remove(request: HttpRequest, kind: string, name: string | undefined): never {
  if (name === undefined) throw new Refusal(404, 'Must provide both a kind and name to delete', false);
  if (!kinds.has(kind)) throw new Refusal(400, `invalid config entry kind: ${kind}`, false);
  refuseNamespace(request);
  return refuseUnbuilt('Configuration entries');
}

/** What mapstructure calls a value that is no map. */
function mapWord(value: Parameters<typeof goWord>[0]): string {
  const word = goWord(value);
  if (word === 'array') return 'slice';
  return word === 'number' ? 'float64' : word;
}

const kinds = new Set([
  ...['service-defaults', 'proxy-defaults', 'service-router', 'service-splitter', 'service-resolver'],
  ...['ingress-gateway', 'terminating-gateway'],
]);
