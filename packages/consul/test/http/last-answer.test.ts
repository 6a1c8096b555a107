// Short answers, of which the last one is remembered.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LastAnswer } from '../../dist/http/connection/last-answer.js';
import type { HttpResponse } from '../../dist/http/response.js';
import { parseRequestHead } from '../../dist/http/wire/request-head.js';
import type { Occasion } from '../../dist/http/wire/response-head.js';

const headers = [
  ['Vary', 'Accept-Encoding'],
  ['X-Consul-Index', '7'],
] as const;
const response: HttpResponse = { status: 200, headers, body: '' };
const occasion: Occasion = { head: headOf('1.1'), date: 'now', keeps: true };
const body = '"as it is"';

test('the same answer is put together once', () => {
  const last = new LastAnswer();
  const bytes = last.bytesOf(response, body, occasion);
  const head = 'HTTP/1.1 200 OK\r\nVary: Accept-Encoding\r\nX-Consul-Index: 7\r\nDate: now\r\n';
  assert.equal(Buffer.from(bytes).toString(), `${head}Content-Length: 10\r\n\r\n${body}`);
  const same = { ...response, headers: headers.map(([name, value]) => [name, value] as const) };
  assert.equal(last.bytesOf(same, body, { ...occasion, head: headOf('1.1') }), bytes);
});

test('the very same response to a request in the same words is found as it was sent', () => {
  const last = new LastAnswer();
  const bytes = last.bytesOf(response, body, occasion);
  assert.equal(last.find(response, occasion.head)?.bytes, bytes);
  assert.equal(last.find({ ...response }, occasion.head), undefined);
  assert.equal(last.find(response, headOf('1.1')), undefined);
});

test('an answer that differs in anything is another one', () => {
  const [vary, index] = headers;
  const others: readonly (readonly [HttpResponse, string | Uint8Array, Occasion])[] = [
    [{ ...response, status: 404 }, body, occasion],
    [{ ...response, headers: [vary] }, body, occasion],
    [{ ...response, headers: [vary, index, ['X-Cache', 'HIT']] }, body, occasion],
    [{ ...response, headers: [vary, ['X-Consul-Index', '8']] }, body, occasion],
    [{ ...response, headers: [vary, ['X-Consul-Index2', '7']] }, body, occasion],
    [response, '"as it was', occasion],
    [response, Buffer.from(body), occasion],
    [response, body, { ...occasion, date: 'later' }],
    [response, body, { ...occasion, keeps: false }],
    [response, body, { ...occasion, head: headOf('1.0') }],
  ];
  for (const other of others) {
    const last = new LastAnswer();
    const before = last.bytesOf(response, body, occasion);
    assert.notEqual(last.bytesOf(...other), before);
    assert.deepEqual(last.bytesOf(...other), new LastAnswer().bytesOf(...other));
  }
});

function headOf(version: string) {
  return parseRequestHead(`GET / HTTP/${version}\r\nHost: here\r\n`);
}
