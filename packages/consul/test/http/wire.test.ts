// Heads and chunks, as bytes. The answers were recorded from Consul 1.8.7 (Go 1.15's net/http), except where
// a test says that we are stricter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packed } from '../../dist/http/gzip.js';
import { type Header, plain, saidLength } from '../../dist/http/response.js';
import { BadRequest } from '../../dist/http/wire/bad-request.js';
import { ChunkedReader } from '../../dist/http/wire/chunked-reader.js';
import { PendingBytes } from '../../dist/http/wire/pending-bytes.js';
import { parseRequestHead } from '../../dist/http/wire/request-head.js';
import { DateHeader, responseHead } from '../../dist/http/wire/response-head.js';

test('a head is a method, a target, and headers by name in any case', () => {
  const head = parse(
    'GET /v1/kv/a%20b?raw&x=1 HTTP/1.1',
    'Host: a',
    'X-Consul-Token: \t t t \t',
    'x: 1',
    'X: 2',
  );
  assert.deepEqual([head.method, head.path, head.rawQuery], ['GET', '/v1/kv/a%20b', 'raw&x=1']);
  assert.deepEqual(
    [...head.headers.values],
    [
      ['host', 'a'],
      ['x-consul-token', 't t'],
      ['x', '1'],
    ],
  );
});

test('a target may be absolute; whoever it names, we are meant', () => {
  assert.equal(parse('GET http://x:1/v1/kv/a?b HTTP/1.1', 'Host: a').path, '/v1/kv/a');
  assert.equal(parse('GET http://x?b HTTP/1.1', 'Host: a').rawQuery, 'b');
});

test('HTTP/1.1 keeps a connection unless told otherwise, HTTP/1.0 the other way round', () => {
  const keeps = (version: string, connection: string) =>
    parse(`GET / HTTP/${version}`, 'Host: a', `Connection: ${connection}`).keepsAlive;
  assert.deepEqual([keeps('1.1', ''), keeps('1.1', 'foo, CLOSE')], [true, false]);
  assert.deepEqual([keeps('1.0', ''), keeps('1.0', 'Keep-Alive')], [false, true]);
});

const refused: readonly (readonly [why: string, reason: string, ...lines: string[]])[] = [
  ['a first line without a version', '', 'GET /'],
  ['two spaces in the first line', '', 'GET  / HTTP/1.1', 'Host: a'],
  ['a space behind the version', '', 'GET / HTTP/1.1 ', 'Host: a'],
  ['a method that is no token', '', 'G(T / HTTP/1.1', 'Host: a'],
  ['a space in a target', '', 'GET /a b HTTP/1.1', 'Host: a'],
  ['a control character in a target', '', 'GET /a\x01 HTTP/1.1', 'Host: a'],
  ['a target that is neither a path nor absolute', '', 'GET v1/kv HTTP/1.1', 'Host: a'],
  ['a broken escape in a path', '', 'GET /v1/kv/%zz HTTP/1.1', 'Host: a'],
  ['another protocol', '', 'GET / HTTX/1.1', 'Host: a'],
  ['version 0.9', ': unsupported protocol version', 'GET / HTTP/0.9', 'Host: a'],
  ['version 2.0', ': unsupported protocol version', 'GET / HTTP/2.0', 'Host: a'],
  ['no Host', ': missing required Host header', 'GET / HTTP/1.1'],
  ['two Hosts', ': too many Host headers', 'GET / HTTP/1.1', 'Host: a', 'Host: a'],
  ['a Host with a slash', ': malformed Host header', 'GET / HTTP/1.1', 'Host: a/b'],
  ['a header line without a colon', '', 'GET / HTTP/1.1', 'Host: a', 'XA'],
  ['a space before a colon', ': invalid header name', 'GET / HTTP/1.1', 'Host: a', 'X : b'],
  ['a header name that is no token', ': invalid header name', 'GET / HTTP/1.1', 'Host: a', 'X(: b'],
  ['a NUL in a header', ': invalid header value', 'GET / HTTP/1.1', 'Host: a', 'X: a\x00b'],
  ['a carriage return in a header', ': invalid header value', 'GET / HTTP/1.1', 'Host: a', 'X: a\rb'],
  ['two lengths', '', 'PUT / HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Content-Length: 4'],
  ['a list of lengths', '', 'PUT / HTTP/1.1', 'Host: a', 'Content-Length: 3, 3'],
  ['a length with a sign', '', 'PUT / HTTP/1.1', 'Host: a', 'Content-Length: +3'],
  ['a length in hex', '', 'PUT / HTTP/1.1', 'Host: a', 'Content-Length: 0x3'],
  ['a length beyond all numbers', '', 'PUT / HTTP/1.1', 'Host: a', 'Content-Length: 99999999999999999999'],
];

for (const [why, reason, ...lines] of refused) {
  test(`refused: ${why}`, () => {
    assert.throws(
      () => parse(...lines),
      (error) => error instanceof BadRequest && error.message === `400 Bad Request${reason}`,
    );
  });
}

const strict: readonly (readonly [why: string, ...lines: string[]])[] = [
  ['a length beside chunks', 'PUT / HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Transfer-Encoding: chunked'],
  ['chunks in HTTP/1.0', 'PUT / HTTP/1.0', 'Transfer-Encoding: chunked'],
  ['a header line that goes on in the next', 'GET / HTTP/1.1', 'Host: a', 'X: b', ' c'],
  ['a header without a name', 'GET / HTTP/1.1', 'Host: a', ': b'],
];

for (const [why, ...lines] of strict) {
  test(`refused, stricter than the original: ${why}`, () => assert.throws(() => parse(...lines), BadRequest));
}

test('of encodings only chunked is known, and only once', () => {
  for (const encodings of [['gzip'], ['gzip, chunked'], ['chunked', 'chunked'], ['identity']]) {
    const lines = encodings.map((encoding) => `Transfer-Encoding: ${encoding}`);
    assert.throws(
      () => parse('PUT / HTTP/1.1', 'Host: a', ...lines),
      (error) =>
        error instanceof BadRequest &&
        error.response ===
          'HTTP/1.1 501 Not Implemented\r\nContent-Type: text/plain; charset=utf-8\r\n' +
            'Connection: close\r\n\r\nUnsupported transfer encoding',
    );
  }
});

test('the same length twice is that length, an empty one none, and zeros before it nothing', () => {
  const framing = (...lengths: string[]) =>
    parse('PUT / HTTP/1.1', 'Host: a', ...lengths.map((length) => `Content-Length: ${length}`)).headers
      .framing;
  assert.deepEqual(framing('3', '3'), { kind: 'length', bytes: 3 });
  assert.deepEqual(framing('00003'), { kind: 'length', bytes: 3 });
  assert.deepEqual(framing(''), { kind: 'none' });
});

test('what the head before said is not parsed again', () => {
  const first = parse('GET / HTTP/1.1', 'Host: a');
  assert.equal(parseRequestHead(first.text, first), first);
  const second = parseRequestHead('PUT /b HTTP/1.1\r\nHost: a\r\n', first);
  assert.deepEqual([second.method, second.path], ['PUT', '/b']);
  assert.equal(second.headers, first.headers);
  assert.notEqual(parseRequestHead('PUT /b HTTP/1.1\r\nHost: b\r\n', first).headers, first.headers);
});

test('a head of a megabyte of blanks, or of ten thousand headers, is parsed in linear time', () => {
  const begun = process.cpuUsage().user;
  parse('GET / HTTP/1.1', 'Host: a', `X: a${' '.repeat(1 << 20)}b`);
  const headers = Array.from({ length: 9_999 }, (_, i) => `X${i}: ${'a'.repeat(90)}\r\n`).join('');
  parseRequestHead(`GET / HTTP/1.1\r\nHost: a\r\n${headers}`);
  assert.ok(process.cpuUsage().user - begun < 2e6);
});

test('a head ends at an empty line, in whatever pieces it comes', () => {
  const text = 'GET / HTTP/1.1\r\nHost: a\r\n\r\nrest';
  for (let cut = 1; cut < text.length; cut++) {
    const bytes = new PendingBytes();
    bytes.append(Buffer.from(text.slice(0, cut)));
    const early = bytes.takeHead();
    bytes.append(Buffer.from(text.slice(cut)));
    assert.equal(early ?? bytes.takeHead(), 'GET / HTTP/1.1\r\nHost: a\r\n');
    assert.equal(Buffer.from(bytes.view).toString(), 'rest');
  }
});

test('a bare line feed ends a head, and makes it none', () => {
  for (const text of ['GET / HTTP/1.1\nHost: a\n\n', 'GET / HTTP/1.1\r\nHost: a\n\r\n', '\n']) {
    const bytes = new PendingBytes();
    bytes.append(Buffer.from(text));
    const head = bytes.takeHead() ?? 'none';
    assert.throws(() => parseRequestHead(head), BadRequest);
  }
});

test('chunks are joined, whatever pieces they come in; extensions and trailers are dropped', () => {
  const text = '3;a=b\r\nabc\r\n0000000000000002 \r\nde\r\n0\r\nX-T: y\r\n\r\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const reader = new ChunkedReader();
    let data = '';
    const onData = (piece: Uint8Array) => {
      data += Buffer.from(piece);
    };
    reader.push(Buffer.from(text.slice(0, cut)), onData);
    const taken = reader.push(Buffer.from(`${text.slice(cut)}next`), onData);
    assert.deepEqual([data, reader.isWhole, taken], ['abcde', true, text.length - cut]);
  }
});

test('broken chunks are refused in the words of the original', () => {
  const refusals: readonly (readonly [string, string])[] = [
    ['zz\r\n', 'invalid byte in chunk length'],
    ['00000000000000003\r\n', 'http chunk length too large'],
    ['3\r\nabcd', 'malformed chunked encoding'],
    ['3\r\nabc\n', 'malformed chunked encoding'],
    ['0\r\nnonsense\r\n', 'malformed MIME header: missing colon: "nonsense"'],
    [`3;${'x'.repeat(5_000)}`, 'header line too long'],
  ];
  for (const [text, message] of refusals) {
    assert.throws(() => new ChunkedReader().push(Buffer.from(text), () => {}), { message });
  }
});

test('a bare line feed behind the length of a chunk is refused, as by later versions of Go', () => {
  const reader = new ChunkedReader();
  const message = 'chunked line ends with bare LF';
  assert.throws(() => reader.push(Buffer.from('3\nabc'), () => {}), { message });
});

test('extensions and trailers without end are refused, however little data is between them', () => {
  const message = 'chunked encoding contains too much non-data';
  for (const piece of [`1;${'x'.repeat(2_000)}\r\na\r\n`, `0\r\n${'X: y\r\n'.repeat(1_000)}`]) {
    const reader = new ChunkedReader();
    assert.throws(
      () => {
        for (let i = 0; i < 10_000; i++)
          reader.push(Buffer.from(i === 0 ? piece : piece.replace(/^0\r\n/, '')), () => {});
      },
      { message },
    );
  }
});

test('many small chunks are a body like any other', () => {
  const reader = new ChunkedReader();
  let bytes = 0;
  for (let i = 0; i < 100_000; i++) {
    reader.push(Buffer.from('1\r\na\r\n'), (piece) => {
      bytes += piece.length;
    });
  }
  assert.equal(bytes, 100_000);
});

const occasion = { head: { isOld: false }, date: 'now', keeps: true };

test('headers go out by name, then date, length and what becomes of the connection', () => {
  const headers = [
    ['X-B', '1'],
    ['A', 'x\r\nInjected: y'],
  ] as const;
  assert.equal(
    responseHead({ status: 404, headers }, { length: 3 }, { ...occasion, keeps: false }),
    'HTTP/1.1 404 Not Found\r\nA: x  Injected: y\r\nX-B: 1\r\n' +
      'Date: now\r\nContent-Length: 3\r\nConnection: close\r\n\r\n',
  );
});

test('a length that a route says goes where its name belongs', () => {
  const headers = [['X-B', '1'], saidLength, ['A', 'x']] as const;
  assert.equal(
    responseHead({ status: 200, headers }, { length: 3 }, occasion),
    'HTTP/1.1 200 OK\r\nA: x\r\nContent-Length: 3\r\nX-B: 1\r\nDate: now\r\n\r\n',
  );
});

test('a content type that nobody gave goes behind the length, unless the answer is packed', () => {
  const { headers } = plain('no', [['X-B', '1']]);
  const type = 'Content-Type: text/plain; charset=utf-8\r\n';
  const of = (all: readonly Header[]) =>
    responseHead({ status: 404, headers: all }, { length: 2 }, { ...occasion, keeps: false });
  const [status, end] = ['HTTP/1.1 404 Not Found\r\n', 'Connection: close\r\n\r\n'];
  assert.equal(of(headers), `${status}X-B: 1\r\nDate: now\r\nContent-Length: 2\r\n${type}${end}`);
  const encoding = 'Content-Encoding: gzip\r\n';
  assert.equal(
    of([...headers, packed]),
    `${status}${encoding}${type}X-B: 1\r\nDate: now\r\nContent-Length: 2\r\n${end}`,
  );
});

test('the date is that of the second', () => {
  const dates = new DateHeader();
  assert.equal(dates.at(1_606_034_100_999), 'Sun, 22 Nov 2020 08:35:00 GMT');
  assert.equal(dates.at(1_606_034_101_000), 'Sun, 22 Nov 2020 08:35:01 GMT');
});

function parse(...lines: readonly string[]) {
  return parseRequestHead(lines.map((line) => `${line}\r\n`).join(''));
}
