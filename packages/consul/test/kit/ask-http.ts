// Asks a server's routes without a socket.

import { decodeText } from '@reeve/bytes';
import type { HttpAgent } from '../../dist/http/agent.js';
import type { Respond } from '../../dist/http/connection/service.js';
import { JsonText } from '../../dist/http/json-text.js';
import { LongText } from '../../dist/http/long-text.js';
import { parseQuery, resolveEscapes } from '../../dist/http/query.js';
import { BodyTooLarge } from '../../dist/http/request.js';
import { type HttpSettings, Responder, type Route } from '../../dist/http/respond.js';
import type { HttpResponse } from '../../dist/http/response.js';
import { absentRoutes } from '../../dist/http/routes/absent.js';
import { catalogRoutes } from '../../dist/http/routes/catalog.js';
import { configEntryRoutes } from '../../dist/http/routes/config-entries.js';
import { coordinateRoutes } from '../../dist/http/routes/coordinate.js';
import { disabledAclRoutes } from '../../dist/http/routes/disabled.js';
import { healthRoutes } from '../../dist/http/routes/health.js';
import { intentionRoutes } from '../../dist/http/routes/intentions.js';
import { internalRoutes } from '../../dist/http/routes/internal.js';
import { kvRoute } from '../../dist/http/routes/kv.js';
import { operatorRoutes } from '../../dist/http/routes/operator.js';
import { preparedQueryRoutes } from '../../dist/http/routes/prepared-queries.js';
import { sessionRoutes } from '../../dist/http/routes/session.js';
import { statusRoutes } from '../../dist/http/routes/status.js';
import { txnRoute } from '../../dist/http/routes/txn.js';
import type { Caller } from '../../dist/rpc/methods/index.js';
import { unwatched, usualHttpSettings } from './usual-settings.js';

/** An answer, as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends requests: `ask('PUT /v1/kv/a', 'value')`. Header names are in lower case. */
export type AskHttp = (
  request: string,
  body?: string | Uint8Array,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** The HTTP side of an agent whose servers are `caller`. */
export function httpOf(caller: Caller, changed: Partial<HttpSettings> = {}): AskHttp {
  return askOf(httpAgentOf(caller), routes, changed);
}

/** The agent `dev1` of `dc1`. */
export function httpAgentOf(caller: Caller): HttpAgent {
  return {
    caller,
    defaults: { datacenter: 'dc1', nodeName: 'dev1', token: '', discoveryMaxStaleNs: 0 },
    cache: undefined,
    limits: { recordBytesMax: 1024 * 1024, kvValueBytesMax: 524_288, txnBytesMax: 524_288 },
  };
}

/** What answers the requests of clients, at an agent whose servers are `caller`. */
export function respondOf(caller: Caller): Respond {
  const responder = responderOf(httpAgentOf(caller), routes);
  return (request) => responder.respond(request);
}

function responderOf<Agent>(
  agent: Agent,
  of: readonly Route<Agent>[],
  changed: Partial<HttpSettings> = {},
): Responder<Agent> {
  return new Responder(of, agent, { ...usualHttpSettings, ...changed }, unwatched);
}

/** An agent's routes. */
export function askOf<Agent>(
  agent: Agent,
  routes: readonly Route<Agent>[],
  changed: Partial<HttpSettings> = {},
): AskHttp {
  const responder = responderOf(agent, routes, changed);
  return async (request, body = '', sent = {}) => {
    const [, method = '', target = ''] = /^(\S+) (\S+)$/.exec(request) ?? [];
    const [path = '', rawQuery = ''] = target.split(/\?(.*)/s);
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const {
      status,
      headers,
      body: answer,
    } = await responder.respond({
      method,
      target,
      path: resolveEscapes(path),
      rawQuery,
      query: parseQuery(rawQuery),
      remoteHost: '127.0.0.1',
      remotePort: 40_000,
      contentLength: bytes.length,
      header: (name) => sent[name],
      body: async (bytesMax) => {
        if (bytes.length > bytesMax) throw new BodyTooLarge(bytes.length, bytesMax);
        return bytes;
      },
      async *pieces() {
        yield bytes;
      },
      signal: () => new AbortController().signal,
    });
    const text = typeof answer === 'string' ? answer : decodeText(bytesOf(answer));
    return { status, headers: Object.fromEntries(headers), text };
  };
}

function bytesOf(body: Exclude<HttpResponse['body'], string>): Uint8Array {
  if (body instanceof JsonText) return body.bytes;
  return body instanceof LongText ? Buffer.concat([...body.pieces()]) : (body as Uint8Array);
}

const routes: readonly Route<HttpAgent>[] = [
  ...absentRoutes,
  ...configEntryRoutes,
  ...intentionRoutes,
  ...preparedQueryRoutes,
  ...catalogRoutes,
  ...coordinateRoutes,
  ...disabledAclRoutes,
  ...healthRoutes,
  ...internalRoutes,
  kvRoute,
  ...operatorRoutes,
  ...sessionRoutes,
  ...statusRoutes,
  txnRoute,
];
