// Probes against real programs and sockets; the outputs are those of the real Consul.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createNodeRuntime } from '@reeve/runtime/node';
import { type CheckType, noCheckType } from '../../dist/definitions/check-type.js';
import type { CheckResult, Probe } from '../../dist/local/checks/probe.js';
import { createNodeProbes } from '../../dist/local/checks/probes/node-probes.js';

const probes = createNodeProbes(createNodeRuntime({ log: () => {} }).network);
const ended: (() => void)[] = [];
after(() => {
  for (const end of ended) end();
});

function outcome(probe: Probe): Promise<CheckResult> {
  return new Promise((resolve) => void probe(resolve));
}

function check(settings: Partial<CheckType>): CheckType {
  return { ...noCheckType, intervalNs: 1e9, timeoutNs: 5e9, ...settings };
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ended.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function script(...scriptArgs: string[]): Promise<CheckResult> {
  return outcome(probes.script(check({ scriptArgs }), 4_096));
}

function shell(words: string, settings: Partial<CheckType> = {}, bytesMax = 4_096): Promise<CheckResult> {
  return outcome(probes.script(check({ scriptArgs: ['/bin/sh', '-c', words], ...settings }), bytesMax));
}

test('T0-18: a script that ends with 0 is passing, with 1 a warning, otherwise critical', async () => {
  assert.deepEqual(await shell('exit 0'), { status: 'passing', output: '' });
  assert.deepEqual(await shell('echo o; echo e >&2; exit 1'), { status: 'warning', output: 'o\ne\n' });
  assert.deepEqual(await shell('exit 2'), { status: 'critical', output: '' });
  assert.deepEqual(await shell('echo hi; kill -9 $$'), { status: 'critical', output: 'hi\n' });
});

test('T0-18: a script runs in the directory of the agent', async () => {
  assert.equal((await shell('pwd')).output, `${process.cwd()}\n`);
});

test('T0-18: a script that takes too long is killed with all of its group', async () => {
  const long = await shell('echo partial; sleep 60 & sleep 60', { timeoutNs: 0.5e9 });
  assert.deepEqual(long, {
    status: 'critical',
    output: 'Timed out (500ms) running check\n\npartial\n',
    isOutright: true,
    trouble: { level: 'warn', text: 'Timed out running check', fields: { timeout: '500ms' } },
  });
  const silent = await shell('echo $$ > /dev/null; sleep 60', { timeoutNs: 0.3e9 });
  assert.equal(silent.output, 'Timed out (300ms) running check');
});

test('T0-18: of a script the last bytes are kept, and counted', async () => {
  const { output } = await shell('seq 1 2000', {}, 64);
  const tail = '988\n1989\n1990\n1991\n1992\n1993\n1994\n1995\n1996\n1997\n1998\n1999\n2000\n';
  assert.equal(output, `Captured 64 of 8893 bytes\n...\n${tail}`);
});

test('T0-18: a program that cannot be started is critical and says why', async () => {
  const missing = 'fork/exec /nonexistent/prog: no such file or directory';
  assert.deepEqual(await script('/nonexistent/prog'), {
    status: 'critical',
    output: missing,
    isOutright: true,
    trouble: { level: 'err', text: 'Check failed to invoke', fields: { error: missing } },
  });
  assert.equal((await script('/tmp')).output, 'fork/exec /tmp: permission denied');
  const absent = 'exec: "nosuchprog-x": executable file not found in $PATH';
  assert.equal((await script('nosuchprog-x')).output, absent);
  assert.equal((await script('')).output, 'fork/exec : no such file or directory');
  assert.equal((await script('true')).status, 'passing');
});

test('T0-18: a TCP check passes when something takes the connection', async () => {
  const at = await listening(createTcpServer((socket) => socket.destroy()));
  const tcp = (address: string) => outcome(probes.tcp(check({ tcp: address })));
  assert.deepEqual(await tcp(at), { status: 'passing', output: `TCP connect ${at}: Success` });
  const refused = 'dial tcp 127.0.0.1:1: connect: connection refused';
  const trouble = { level: 'warn', text: 'Check socket connection failed', fields: { error: refused } };
  assert.deepEqual(await tcp('127.0.0.1:1'), { status: 'critical', output: refused, trouble });
  assert.equal((await tcp('127.0.0.1')).output, 'dial tcp: address 127.0.0.1: missing port in address');
  assert.equal((await tcp('127.0.0.1:x')).output, 'dial tcp: address tcp/x: unknown port');
  assert.equal((await tcp('127.0.0.1:99999')).output, 'dial tcp: address 99999: invalid port');
});

function webServer(answer: RequestListener): Promise<string> {
  return listening(createServer(answer));
}

function http(url: string, settings: Partial<CheckType> = {}, bytesMax = 4_096): Promise<CheckResult> {
  return outcome(probes.http(check({ http: url, ...settings }), bytesMax));
}

test('T0-18: an HTTP check passes on 2xx, warns on 429, and is critical on anything else', async () => {
  const at = await webServer((request, response) => {
    response.writeHead(Number(request.url?.slice(1)));
    response.end('text');
  });
  const of = async (code: number) => {
    const { status, output } = await http(`http://${at}/${code}`);
    return [status, output];
  };
  const said = (code: number, words: string) =>
    `HTTP GET http://${at}/${code}: ${code} ${words} Output: text`;
  assert.deepEqual(await of(200), ['passing', said(200, 'OK')]);
  assert.deepEqual(await of(201), ['passing', said(201, 'Created')]);
  assert.deepEqual(await of(429), ['warning', said(429, 'Too Many Requests')]);
  assert.deepEqual(await of(404), ['critical', said(404, 'Not Found')]);
  assert.deepEqual(await of(503), ['critical', said(503, 'Service Unavailable')]);
});

test('T0-18: an HTTP check has a method, headers and a body, and names itself', async () => {
  const at = await webServer(async (request, response) => {
    const chunks = await request.toArray();
    const { host, accept, connection } = request.headers;
    const own = [host, accept, connection, request.headers['user-agent'], request.headers['x-a']];
    response.end(JSON.stringify([request.method, ...own, Buffer.concat(chunks).toString()]));
  });
  const seen = async (settings: Partial<CheckType>) =>
    JSON.parse((await http(`http://${at}/`, settings)).output.split('Output: ')[1] ?? '');
  const accept = 'text/plain, text/*, */*';
  assert.deepEqual(await seen({}), ['GET', at, accept, 'close', 'Consul Health Check', null, '']);
  const header = new Map([
    ['Host', ['my.host']],
    ['x-a', ['1', '2']],
    ['User-Agent', ['me']],
  ]);
  const asked = await seen({ method: 'PUT', header, body: 'hello' });
  assert.deepEqual(asked, ['PUT', 'my.host', accept, 'close', 'me', '1, 2', 'hello']);
});

test("T0-18: the headers of an HTTP check are in the order of Go's client", async () => {
  const at = await webServer((request, response) => {
    const pairs = request.rawHeaders.map((word, i, all) => (i % 2 === 0 ? `${word}: ${all[i + 1]}` : ''));
    response.end(pairs.filter(Boolean).join('\n'));
  });
  const seen = async (settings: Partial<CheckType>, who = '') =>
    (await http(`http://${who}${at}/`, settings)).output.split('Output: ')[1]?.split('\n');
  const header = new Map([
    ['X-B', ['1', '2']],
    ['a-thing', ['x']],
  ]);
  const names = [`Host: ${at}`, 'User-Agent: Consul Health Check'];
  const accept = 'Accept: text/plain, text/*, */*';
  const last = ['Accept-Encoding: gzip', 'Connection: close'];
  assert.deepEqual(await seen({ method: 'POST', header, body: 'hello' }), [
    ...[...names, 'Content-Length: 5', accept, 'X-B: 1', 'X-B: 2', 'a-thing: x', ...last],
  ]);
  assert.deepEqual(await seen({ method: 'PUT' }), [...names, 'Content-Length: 0', accept, ...last]);
  const basic = 'Authorization: Basic dXNlcjpwdw==';
  assert.deepEqual(await seen({ method: 'DELETE' }, 'user:pw@'), [...names, accept, basic, ...last]);
  const asking = new Map([
    ['Content-Length', ['77']],
    ['Accept-Encoding', ['br']],
  ]);
  const given = [...names, accept, 'Accept-Encoding: br', 'Connection: close'];
  assert.deepEqual(await seen({ header: asking }), given);
});

test('T0-18: an HTTP body that comes packed is unpacked, unless the check asked for it', async () => {
  const packed = gzipSync('fine');
  const at = await webServer((request, response) => {
    const isCut = request.url === '/cut';
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(isCut ? packed.subarray(0, -8) : packed);
  });
  assert.match((await http(`http://${at}/`)).output, /Output: fine$/);
  const header = new Map([['Accept-Encoding', ['gzip']]]);
  assert.doesNotMatch((await http(`http://${at}/`, { header })).output, /fine/);
  assert.match((await http(`http://${at}/cut`)).output, /Output: fine$/);
});

test('T0-18: an HTTP check follows redirects, ten of them', async () => {
  const at = await webServer((request, response) => {
    if (request.url === '/ok') return response.end('fine');
    return response.writeHead(302, { Location: request.url === '/loop' ? '/loop' : '/ok' }).end();
  });
  const passing = `HTTP GET http://${at}/redir: 200 OK Output: fine`;
  assert.deepEqual(await http(`http://${at}/redir`), { status: 'passing', output: passing });
  assert.equal((await http(`http://${at}/loop`)).output, 'Get "/loop": stopped after 10 redirects');
});

test('T0-18: of an HTTP body the last bytes are kept, whether it ends or not', async () => {
  const at = await webServer((request, response) => {
    if (request.url === '/big') response.end(`${'a'.repeat(5_000)}END`);
    else response.write('part');
  });
  assert.match((await http(`http://${at}/big`, {}, 8)).output, /Output: aaaaaEND$/);
  const slow = await http(`http://${at}/slow`, { timeoutNs: 0.3e9 });
  assert.deepEqual([slow.status, slow.output.slice(-12)], ['passing', 'Output: part']);
});

test('T0-18: an HTTP check that is not answered says why', async () => {
  const at = await webServer((request) => {
    if (request.url === '/drop') request.socket.destroy();
  });
  const output = async (url: string, settings: Partial<CheckType> = {}) => (await http(url, settings)).output;
  const refused = 'Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused';
  assert.equal(await output('http://127.0.0.1:1/'), refused);
  assert.equal(await output(`http://${at}/drop`), `Get "http://${at}/drop": EOF`);
  const late = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  assert.equal(await output(`http://${at}/`, { timeoutNs: 0.3e9 }), `Get "http://${at}/": ${late}`);
  const plain = `Get "https://${at}/": http: server gave HTTP response to HTTPS client`;
  assert.equal(await output(`https://${at}/`), plain);
  assert.equal(await output('http://a b/'), 'parse "http://a b/": invalid character " " in host name');
  assert.equal(await output('http://a/%zz'), 'parse "http://a/%zz": invalid URL escape "%zz"');
  assert.equal(await output('foo://x/'), 'Get "foo://x/": unsupported protocol scheme "foo"');
  assert.equal(await output('127.0.0.1/'), 'Get "127.0.0.1/": unsupported protocol scheme ""');
  assert.equal(await output('http:///x'), 'Get "http:///x": http: no Host in request URL');
  const port = 'dial tcp: address 99999: invalid port';
  assert.equal(await output('http://127.0.0.1:99999/'), `Get "http://127.0.0.1:99999/": ${port}`);
  assert.equal(await output(`http://${at}/`, { method: 'A B' }), 'net/http: invalid method "A B"');
});

type GrpcAnswer = (stream: ServerHttp2Stream, asked: Buffer) => void;

async function grpcServer(answer: GrpcAnswer): Promise<string> {
  const server = createHttp2Server();
  server.on('stream', async (stream, headers) => {
    assert.equal(headers[':path'], '/grpc.health.v1.Health/Check');
    assert.equal(headers['content-type'], 'application/grpc');
    answer(stream, Buffer.concat(await stream.toArray()));
  });
  return listening(server as unknown as Server);
}

function says(status: number): GrpcAnswer {
  return (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, status]));
  };
}

function grpc(target: string, settings: Partial<CheckType> = {}): Promise<CheckResult> {
  return outcome(probes.grpc(check({ grpc: target, ...settings })));
}

test('T1-5: a gRPC check passes when the server says that it serves', async () => {
  const at = await grpcServer(says(1));
  assert.deepEqual(await grpc(at), { status: 'passing', output: `gRPC check ${at}: success` });
  const unhealthy = "gRPC application didn't report service healthy";
  assert.deepEqual(await grpc(await grpcServer(says(2))), { status: 'critical', output: unhealthy });
});

test('T1-5: a gRPC check asks about the service behind the slash', async () => {
  let asked = '';
  const at = await grpcServer((stream, bytes) => {
    asked = bytes.toString('hex');
    says(1)(stream, bytes);
  });
  assert.equal((await grpc(`${at}/my.svc`)).output, `gRPC check ${at}/my.svc: success`);
  assert.equal(asked, '00000000080a066d792e737663');
  await grpc(at);
  assert.equal(asked, '0000000000');
});

test('T1-5: a gRPC check that fails says how, as grpc-go does', async () => {
  const unknown = await grpcServer((stream) => {
    const status = { 'grpc-status': '5', 'grpc-message': 'unknown%20service' };
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
  });
  const output = async (target: string, settings: Partial<CheckType> = {}) =>
    (await grpc(target, settings)).output;
  assert.equal(await output(unknown), 'rpc error: code = NotFound desc = unknown service');
  const web = await grpcServer((stream) => {
    stream.respond({ ':status': 404, 'content-type': 'text/html' });
    stream.end('no');
  });
  const unexpected = 'transport: received the unexpected content-type "text/html"';
  const notFound = `Not Found: HTTP status code 404; ${unexpected}`;
  assert.equal(await output(web), `rpc error: code = Unimplemented desc = ${notFound}`);
  const late = 'rpc error: code = DeadlineExceeded desc = context deadline exceeded';
  assert.equal(await output(await grpcServer(() => {}), { timeoutNs: 0.3e9 }), late);
  const closes = await listening(createTcpServer((socket) => socket.destroy()));
  assert.equal(await output(closes), 'rpc error: code = Unavailable desc = connection closed');
  const unavailable = (why: string) =>
    `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing ${why}"`;
  const refused = 'dial tcp 127.0.0.1:1: connect: connection refused';
  assert.equal(await output('127.0.0.1:1'), unavailable(refused));
  const portless = 'dial tcp: address 127.0.0.1: missing port in address';
  assert.equal(await output('127.0.0.1'), unavailable(portless));
});

test('a probe that is given up finds nothing', async () => {
  const at = await webServer(() => {});
  const found: CheckResult[] = [];
  const giveUps = [
    probes.http(check({ http: `http://${at}/` }), 10)((result) => found.push(result)),
    probes.grpc(check({ grpc: at }))((result) => found.push(result)),
    probes.tcp(check({ tcp: at }))((result) => found.push(result)),
    probes.script(check({ scriptArgs: ['sleep', '60'] }), 10)((result) => found.push(result)),
  ];
  for (const giveUp of giveUps) giveUp();
  assert.equal((await shell('exit 0')).status, 'passing');
  assert.deepEqual(found, []);
});
