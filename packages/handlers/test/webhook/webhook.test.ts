// What is posted, and what counts as a failure.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { HandlerEvent } from '@reeve/handler-api';
import webhook from '@reeve/handlers/webhook';
import { contextOf, member, setupContext } from '../handler-context.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const deploy = { kind: 'user', name: 'deploy', payload: bytes('v1'), lTime: 7 } as const;

const bodies: readonly (readonly [event: HandlerEvent, body: unknown])[] = [
  [
    { kind: 'member-failed', members: [member('web1', '10.0.0.1', { role: 'web' }, 'failed')] },
    {
      node: 'self',
      event: 'member-failed',
      members: [{ name: 'web1', address: '10.0.0.1', port: 7946, status: 'failed', tags: { role: 'web' } }],
    },
  ],
  [deploy, { node: 'self', event: 'user', name: 'deploy', ltime: 7, payload: 'v1', payload_base64: 'djE=' }],
  [
    { ...deploy, kind: 'query', payload: Uint8Array.of(0xff), sourceNode: 'web2', respond() {} },
    { node: 'self', event: 'query', name: 'deploy', ltime: 7, payload_base64: '/w==', asked_by: 'web2' },
  ],
];

for (const [event, body] of bodies) {
  test(`a ${event.kind} event is posted as JSON, with the configured headers`, async (t) => {
    const { url, requests } = await serve(t, (_, response) => response.end('thanks'));
    await post(`${url}/hook?a=b`, event, { authorization: 'Bearer x' });
    const [request] = requests;
    assert.equal(request?.line, 'POST /hook?a=b');
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.equal(request?.headers.authorization, 'Bearer x');
    assert.deepEqual(JSON.parse(request?.body ?? ''), body);
  });
}

for (const status of [302, 400, 503]) {
  test(`an answer ${status} is a failure`, async (t) => {
    const { url, requests } = await serve(t, (_, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    await assert.rejects(post(url, deploy), { message: `${url} answered ${status}` });
    assert.equal(requests.length, 1);
  });
}

test('nobody at the other end is a failure that says so', async (t) => {
  const { url, close } = await serve(t, () => {});
  await close();
  await assert.rejects(post(url, deploy), /^Error: http:.*: connect ECONNREFUSED/);
});

test('a post that is told to stop stops', async (t) => {
  const limit = new AbortController();
  const { url } = await serve(t, () => limit.abort(new Error('timed out')));
  await assert.rejects(post(url, deploy, {}, limit.signal), /timed out/);
});

for (const [options, reason] of [
  [{}, /'url' is missing/],
  [{ url: 'ftp://x' }, /'url' must be an address/],
  [{ url: 'nonsense' }, /'url' must be an address/],
  [{ url: 'http://me:secret@x/' }, /must not hold a password/],
  [{ url: 'http://x/', headers: { a: 1 } }, /must be an object of texts/],
  [{ url: 'http://x/', headers: { 'a b': 'c' } }, /a b/],
] as const) {
  test(`options are refused: ${JSON.stringify(options)}`, () => {
    assert.throws(() => webhook.setup?.(options, setupContext), reason);
  });
}

async function post(
  url: string,
  event: HandlerEvent,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<void> {
  const state = await webhook.setup?.({ url, headers }, setupContext);
  assert(state !== undefined);
  await webhook.onEvent?.(event, contextOf(state, [], signal));
}

interface Received {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function serve(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const body = Buffer.concat(chunks).toString();
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  t.after(close);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close };
}
