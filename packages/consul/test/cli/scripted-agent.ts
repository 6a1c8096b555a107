// An HTTP server that answers by a script and remembers what it was asked.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A request that came. */
export interface ReceivedCall {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is answered; undefined: never. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly body?: string | Uint8Array;
  readonly index?: string;
  /** Where else to ask. */
  readonly location?: string;
  /** How the body is packed. */
  readonly encoding?: string;
}

/** Its address, and all that was asked so far. Closed when the test ends. */
export async function serveScript(
  t: TestContext,
  answer: (call: ReceivedCall) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>,
): Promise<{ readonly address: string; readonly calls: readonly ReceivedCall[] }> {
  const calls: ReceivedCall[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) pieces.push(piece as Uint8Array);
    const { method = '', url: target = '', headers } = request;
    const call = { method, target, headers, body: Buffer.concat(pieces).toString() };
    calls.push(call);
    const answered = await answer(call);
    if (answered === undefined) return;
    const { status = 200, index = '7', location, encoding } = answered;
    const pointing = location === undefined ? {} : { Location: location };
    const packing = encoding === undefined ? {} : { 'Content-Encoding': encoding };
    response.writeHead(status, { 'X-Consul-Index': index, ...pointing, ...packing });
    response.end(answered.body);
  });
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
