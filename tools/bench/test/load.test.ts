// What a load says about a server: where answers end, what counts, what makes it worthless.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  AnswerReader,
  dnsQuery,
  formatTables,
  getRequest,
  type LoadJob,
  loadFigures,
  resultsOf,
  runDnsLoad,
  runHttpLoad,
} from '@reeve/bench';

/** After which of these pieces an answer ended. */
function endsAfter(...pieces: readonly string[]): boolean[] {
  const reader = new AnswerReader();
  return pieces.map((piece) => reader.onBytes(Buffer.from(piece)));
}

const head = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n';

test('an answer ends where its length says, however it is cut', () => {
  assert.deepEqual(endsAfter(`${head}true`, `${head}true`), [true, true]);
  const answer = `${head}true`;
  for (let at = 1; at < answer.length; at++)
    assert.deepEqual(endsAfter(answer.slice(0, at), answer.slice(at), answer), [false, true, true]);
});

test('an answer in chunks ends with the last of them, however it is cut', () => {
  const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n[1,20,\r\n3\r\n30]\r\n0\r\n\r\n';
  for (let at = 1; at < answer.length; at++)
    assert.deepEqual(endsAfter(answer.slice(0, at), answer.slice(at), answer), [false, true, true]);
});

test('a status is that of the last answer, and names of headers may be in any case', () => {
  const reader = new AnswerReader();
  reader.onBytes(Buffer.from(`${head}true`));
  assert.equal(reader.status, 200);
  reader.onBytes(Buffer.from('HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n'));
  assert.equal(reader.status, 500);
});

test('more bytes than an answer has are refused', () => {
  assert.throws(() => endsAfter(`${head}trueH`), /longer than it says/);
  assert.throws(() => endsAfter('HTTP/1.1 200 OK\r\n\r\n'), /without an end/);
});

/** A server that answers so, and a load on it. */
async function loadOn(
  t: TestContext,
  answer: (count: number, response: ServerResponse) => void,
): Promise<LoadJob> {
  let count = 0;
  const server: Server = createServer((_, response) => answer(++count, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const requests = Array.from({ length: 10 }, (_, index) => getRequest('127.0.0.1', `/${index}`));
  const job = { protocol: 'http', host: '127.0.0.1', port, requests, underWay: 3 } as const;
  return { ...job, warmUpMs: 0, watchMs: 'each-once', pids: [process.pid] };
}

test('each request is answered once, and no more are sent', async (t) => {
  let asked = 0;
  const job = await loadOn(t, (count, response) => {
    asked = count;
    response.end('[]');
  });
  const { answers, errors, p50Ms, p99Ms } = await runHttpLoad(job);
  assert.deepEqual({ asked, answers, errors }, { asked: 10, answers: 10, errors: 0 });
  assert.ok(p50Ms > 0 && p99Ms >= p50Ms);
});

test('an answer that is none counts as an error, and says which', async (t) => {
  const job = await loadOn(t, (count, response) => {
    response.statusCode = count === 4 ? 503 : 200;
    response.end('[]');
  });
  const { answers, errors, firstError } = await runHttpLoad(job);
  assert.deepEqual(
    { answers, errors, firstError },
    { answers: 9, errors: 1, firstError: 'an answer of status 503' },
  );
});

test('answers of the warm-up do not count', async (t) => {
  const job = await loadOn(t, (_, response) => response.end('[]'));
  const { answers, answersPerSecond } = await runHttpLoad({ ...job, warmUpMs: 100, watchMs: 100 });
  assert.ok(answers > 0);
  assert.ok(
    answersPerSecond <= (1_000 * answers) / 100,
    'the time that counts is not shorter than it should be',
  );
});

test('a server that nobody listens at is an error for each connection', async (t) => {
  const job = await loadOn(t, () => {});
  const { answers, errors } = await runHttpLoad({ ...job, port: 1, underWay: 10 });
  assert.deepEqual({ answers, errors }, { answers: 0, errors: 10 });
});

test('a DNS query is what a resolver sends', () => {
  assert.equal(
    Buffer.from(dnsQuery('web.consul', 'SRV')).toString('hex'),
    '00000100000100000000000003776562' + '06636f6e73756c0000210001',
  );
});

test('an answer without records is an error', async (t) => {
  const { createSocket } = await import('node:dgram');
  const server = createSocket('udp4');
  server.on('message', (query, { port, address }) => {
    query[7] = 0;
    server.send(query, port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { firstError } = await runDnsLoad({
    protocol: 'dns',
    host: '127.0.0.1',
    port: server.address().port,
    requests: [dnsQuery('web.consul', 'A')],
    underWay: 4,
    warmUpMs: 0,
    watchMs: 100,
    pids: [],
  });
  assert.equal(firstError, 'an answer without records');
});

test('a load has one line: its rate, then latencies and cost; what went wrong has no number', () => {
  const figures = loadFigures([{ title: 'GET', ratio: 2 }]);
  const measure = { name: 'get', method: '', rounds: 1, figures, run: () => Promise.resolve({}) };
  const programs = [
    { title: 'Reeve', path: '' },
    { title: 'Consul', path: '' },
  ];
  const samples = [
    { 'GET: rate': [3_000], 'GET: p50': [1], 'GET: p99': [2], 'GET: cpu': [20] },
    { 'GET: rate': [1_000], 'GET: p50': [3], 'GET: p99': [Number.NaN], 'GET: cpu': [40] },
  ];
  assert.equal(
    formatTables(resultsOf(measure, programs, samples)).split('\n')[2],
    '| GET | 3,000 | 1,000 | 3 | ≥ 2 × ✓ | 1 / 3 | 2 / – ✗ | 20 / 40 |',
  );
});
