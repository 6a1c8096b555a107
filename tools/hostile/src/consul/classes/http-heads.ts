// Heads that are too long, never end, or mean two things.

import { stream } from '../../hostile-class.ts';
import { noise } from '../../wire/messages.ts';
import { type ConsulClass, endless, streamsTo } from '../consul-class.ts';
import { head, httpRequest } from '../wire/http.ts';

/** Everything before a body. */
export const httpHeads: ConsulClass = {
  name: 'http-heads',
  title: 'HTTP: heads of a mebibyte and without end, byte by byte, smuggled, random',
  *inputs({ isBrief }) {
    const name = `X-${'y'.repeat(1_000)}: ${'z'.repeat(1_000)}\r\n`;
    const mebibyte = Buffer.from(`${head('GET', '/v1/kv/a')}${name.repeat(520)}\r\n`, 'latin1');
    for (let left = isBrief ? 20 : 150; left > 0; left--) yield stream('http', [mebibyte]);
    const half = mebibyte.subarray(0, 1_000_000);
    for (let left = isBrief ? 20 : 150; left > 0; left--) yield stream('http', [half]);
    yield endless('http', Buffer.from(head('GET', '/')), Buffer.alloc(65_536, 0x61), 400);
    yield endless('http', Buffer.alloc(0), Buffer.alloc(65_536, 0x0d), 400);
    yield endless('http', Buffer.alloc(0), Buffer.alloc(65_536, 0x0a), 400);
    yield endless(
      'http',
      Buffer.from(`GET /?${'a&'.repeat(30_000)}`),
      Buffer.from('a=b&'.repeat(16_000)),
      20,
    );
    const many = `${'a: b\r\n'.repeat(150_000)}`;
    yield stream('http', [Buffer.from(`${head('GET', '/v1/agent/self')}${many}\r\n`)]);
    const requests = Buffer.concat(
      Array.from({ length: 500 }, () => httpRequest('GET', '/v1/agent/metrics')),
    );
    for (let left = 20; left > 0; left--) yield endless('http', Buffer.alloc(0), requests, isBrief ? 3 : 30);
    yield* streamsTo(
      'http',
      smuggled.map((text) => Buffer.from(text, 'latin1')),
    );
    yield* streamsTo(
      'http',
      Array.from({ length: 100 }, (_, seed) => noise(seed * 13, seed)),
    );
    for (let left = 128; left > 0; left--) yield stream('http', dripOf(mebibyte, isBrief ? 20 : 200), 50);
    for (let left = 200; left > 0; left--) yield stream('http', []);
  },
};

function* dripOf(bytes: Uint8Array, drops: number): Generator<Uint8Array> {
  for (let at = 0; at < drops; at++) yield bytes.subarray(at, at + 1);
}

const smuggled = [
  'GET / HTTP/1.1\r\n\r\n',
  'PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
  'PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /',
  'PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n',
  'PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc',
  'PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n',
  'GET /\0 HTTP/1.1\r\nHost: \0\r\n\r\n',
  'GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
];
