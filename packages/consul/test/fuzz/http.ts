// What is fuzzed of HTTP: heads, chunks, and whole connections.

import assert from 'node:assert/strict';
import type { FuzzTarget } from '@reeve/fuzz';
import type { NetworkStream } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { HttpBudget } from '../../dist/http/connection/client-budget.js';
import { HttpConnection } from '../../dist/http/connection/connection.js';
import { newHttpService, type Respond } from '../../dist/http/connection/service.js';
import { plain } from '../../dist/http/response.js';
import { BadRequest } from '../../dist/http/wire/bad-request.js';
import { ChunkedReader } from '../../dist/http/wire/chunked-reader.js';
import { parseHeaderBlock } from '../../dist/http/wire/header-block.js';
import { parseRequestHead } from '../../dist/http/wire/request-head.js';

const heads = [
  'GET /v1/kv/a%20b?raw&index=1 HTTP/1.1\r\nHost: 127.0.0.1:8500\r\nX-Consul-Token: t\r\n',
  'PUT http://a/v1/kv/b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n',
  'PUT /v1/kv/b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n',
  'GET / HTTP/1.0\r\nConnection: keep-alive\r\nAccept-Encoding: gzip;q=0.5\r\n',
];
const chunks = ['3\r\nabc\r\n0\r\n\r\n', '1;a=b\r\na\r\n00A \r\n0123456789\r\n0\r\nX-T: y\r\n\r\n'];
const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

const requestHeads: FuzzTarget = {
  name: 'HTTP heads',
  promise: 'a damaged head is refused, or says one thing about where its body ends',
  seeds: heads.map(bytesOf),
  open: () => ({
    run: (input) => {
      const text = textOf(input);
      const head = parseRequestHead(text);
      const block = text.slice(text.indexOf('\r\n') + 2);
      assert.deepEqual(parseHeaderBlock(block), head.headers);
      assert.match(head.path, /^[/*]/);
      const { framing, values } = head.headers;
      if (framing.kind === 'length') assert.equal(Number(values.get('content-length')), framing.bytes);
      assert.ok(!(values.has('content-length') && values.has('transfer-encoding')));
      for (const [name, value] of values) assert.doesNotMatch(name + value, /[\r\n\0]|^$/);
    },
  }),
  refuses: (error) => error instanceof BadRequest,
};

const chunked: FuzzTarget = {
  name: 'HTTP chunks',
  promise: 'damaged chunks are refused, or are the same body in any pieces',
  seeds: chunks.map(bytesOf),
  open: () => ({
    run: (input) => {
      const read = (...pieces: readonly Uint8Array[]) => {
        const reader = new ChunkedReader();
        const data: Uint8Array[] = [];
        let taken = 0;
        for (const piece of pieces) taken += reader.push(piece, (part) => data.push(part));
        return [textOf(Buffer.concat(data)), taken, reader.isWhole];
      };
      const half = input.length >> 1;
      assert.deepEqual(read(input.subarray(0, half), input.subarray(half)), read(input));
    },
  }),
  refuses: (error) => error instanceof Error && !(error instanceof assert.AssertionError),
};

const connections: FuzzTarget = {
  name: 'HTTP connections',
  promise: 'damaged requests are answered alike in any pieces, and a connection whose client has ended ends',
  seeds: [
    ...heads.map((head) => `${head}\r\nabc`),
    ...chunks.map((body) => `${heads[2]}\r\n${body}`),
    `${heads[0]}\r\n${heads[3]}\r\n${heads[0]}\r\n`,
  ].map(bytesOf),
  open: () => ({
    run: (input) => {
      const half = input.length >> 1;
      assert.deepEqual(converse(input.subarray(0, half), input.subarray(half)), converse(input));
    },
  }),
};

/** What a client that sends these pieces, and then no more, is sent. */
function converse(...pieces: readonly Uint8Array[]): string {
  let sent = '';
  let hasEnded = false;
  const stream: NetworkStream = {
    remote: { host: '10.0.0.2', port: 1 },
    isFull: false,
    write: (bytes) => {
      assert.ok(!hasEnded);
      sent += textOf(bytes);
    },
    writeAll(pieces) {
      for (const piece of pieces) this.write(piece);
    },
    end: () => {
      hasEnded = true;
    },
    destroy() {},
    pause() {},
    resume() {},
  };
  const { runtime } = new VirtualWorld({ seed: 1 }).host('10.0.0.1');
  const respond: Respond = (request) => plain(`${request.method} ${request.path}`);
  const connection = new HttpConnection(
    newHttpService(runtime, respond),
    stream,
    new HttpBudget().forClient(),
    () => {},
  );
  for (const piece of pieces) connection.onData(piece.slice());
  connection.onEnd();
  // An answer that is packed is still under way.
  assert.ok(hasEnded || /accept-encoding/i.test(pieces.map(textOf).join('')));
  // A route that answers at once does so before it is known whether the body is whole, or broken.
  return sent.replaceAll('Connection: close\r\n', '');
}

/** All of them. */
export const httpTargets: readonly FuzzTarget[] = [requestHeads, chunked, connections];
