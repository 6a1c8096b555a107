// Asks a server's routes without a socket.

import { BodyTooLarge } from '../../dist/http/request.js';
import { Responder } from '../../dist/http/respond.js';
import { catalogRoutes } from '../../dist/http/routes/catalog.js';
import { healthRoutes } from '../../dist/http/routes/health.js';
import { kvRoute } from '../../dist/http/routes/kv.js';
import { operatorRoutes } from '../../dist/http/routes/operator.js';
import { sessionRoutes } from '../../dist/http/routes/session.js';
import { statusRoutes } from '../../dist/http/routes/status.js';
import type { Caller } from '../../dist/rpc/methods/index.js';

/** An answer, as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends requests: `ask('PUT /v1/kv/a', 'value')`. */
export type AskHttp = (request: string, body?: string | Uint8Array) => Promise<Answer>;

/** The HTTP side of an agent whose servers are `caller`. */
export function httpOf(caller: Caller): AskHttp {
  const agent = {
    caller,
    defaults: { datacenter: 'dc1', nodeName: 'dev1', token: '', discoveryMaxStaleNs: 0 },
    limits: { recordBytesMax: 1024 * 1024, kvValueBytesMax: 524_288, txnBytesMax: 524_288 },
  };
  const settings = {
    responseHeaders: [],
    blockEndpoints: [],
    mayWrite: undefined,
    refusesUnprintable: true,
    translatesAddresses: false,
    alwaysPretty: false,
    uiPath: undefined,
  };
  const routes = [
    kvRoute,
    ...catalogRoutes,
    ...healthRoutes,
    ...operatorRoutes,
    ...sessionRoutes,
    ...statusRoutes,
  ];
  const responder = new Responder(routes, agent, settings, () => {});
  return async (request, body = '') => {
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
      path: decodeURIComponent(path),
      rawQuery,
      remoteHost: '127.0.0.1',
      contentLength: bytes.length,
      header: () => undefined,
      body: async (bytesMax) => {
        if (bytes.length > bytesMax) throw new BodyTooLarge(bytes.length, bytesMax);
        return bytes;
      },
      signal: () => new AbortController().signal,
    });
    const text = typeof answer === 'string' ? answer : Buffer.from(answer as Uint8Array).toString();
    return { status, headers: Object.fromEntries(headers), text };
  };
}
