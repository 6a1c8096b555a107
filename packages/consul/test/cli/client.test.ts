// How commands reach an agent: addresses, variables, files with tokens and certificates, and what is said
// when nobody answers. Texts are the original's.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { encodeQuery, escapePath } from '../../dist/api/go-url.js';
import { reeveVersion } from '../../dist/cli/version.js';
import { runConsul, spawnConsul } from './consul-command.ts';
import { serveScript } from './scripted-agent.ts';

test('paths and arguments are escaped as by Go, arguments sorted by name', () => {
  assert.equal(escapePath('/v1/kv/a b!*?é%/$&+,:;=@~'), '/v1/kv/a%20b%21%2A%3F%C3%A9%25/$&+,:;=@~');
  const query = encodeQuery({
    wait: '15000ms',
    tag: ['b', 'a'],
    near: undefined,
    filter: 'a == "b"',
    recurse: '',
  });
  assert.equal(query, 'filter=a+%3D%3D+%22b%22&recurse=&tag=b&tag=a&wait=15000ms');
});

test('an agent on a Unix socket is asked like any other', async (t) => {
  const socket = join(folderOf(t), 'agent.sock');
  const server = createServer((_, response) => response.end('[{"Key":"a","Value":"aGk="}]'));
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  assert.equal((await runConsul(['kv', 'get', `-http-addr=unix://${socket}`, 'a'])).stdout, 'hi\n');
});

test('why nobody answers is said in the words of Go', async (t) => {
  const said = async (address: string) => {
    const { stderr, exit } = await runConsul(['kv', 'get', `-http-addr=${address}`, 'a']);
    assert.equal(exit, 1);
    return stderr.replace('Error querying Consul agent: Get ', '');
  };
  assert.equal(
    await said('unix:///nosuch.sock'),
    '"http://%2Fnosuch.sock/v1/kv/a": dial unix /nosuch.sock: connect: no such file or directory\n',
  );
  assert.equal(
    await said('https://127.0.0.1:1'),
    '"https://127.0.0.1:1/v1/kv/a": dial tcp 127.0.0.1:1: connect: connection refused\n',
  );
  const tooHigh = 'dial tcp: address 99999: invalid port';
  assert.equal(await said('127.0.0.1:99999'), `"http://127.0.0.1:99999/v1/kv/a": ${tooHigh}\n`);
  const broken = await runConsul(['kv', 'get', '-token=a\nb', 'a']);
  assert.match(broken.stderr, /: net\/http: invalid header field value "a\\nb" for key X-Consul-Token\n$/);
  assert.equal(await said('unix://'), '"http:///v1/kv/a": http: no Host in request URL\n');
  const { address } = await serveScript(t, () => ({ body: '[]' }));
  assert.equal(
    await said(`https://${address}`),
    `"https://${address}/v1/kv/a": http: server gave HTTP response to HTTPS client\n`,
  );
  assert.equal(await said('ftp://x'), 'Error connecting to Consul agent: Unknown protocol scheme: ftp\n');
});

test('a token is taken from a file before the flag, and from the flag before the environment', async (t) => {
  const { address, calls } = await serveScript(t, () => ({ body: '[]' }));
  const file = join(folderOf(t), 'token');
  writeFileSync(file, ' from-file \n');
  const env = { CONSUL_HTTP_ADDR: address, CONSUL_HTTP_TOKEN: 'from-env', CONSUL_HTTP_AUTH: 'me:secret' };
  await runConsul(['kv', 'get', `-token-file=${file}`, '-token=from-flag', 'a'], env);
  await runConsul(['kv', 'get', '-token=from-flag', 'a'], env);
  await runConsul(['kv', 'get', 'a'], env);
  const tokens = calls.map(({ headers }) => headers['x-consul-token']);
  assert.deepEqual(tokens, ['from-file', 'from-flag', 'from-env']);
  assert.equal(calls[0]?.headers.authorization, `Basic ${Buffer.from('me:secret').toString('base64')}`);
});

test("a question has the headers of Go's client, in its order", async (t) => {
  const { address, heads } = await serveHeads(t);
  const env = { CONSUL_HTTP_ADDR: address, CONSUL_HTTP_TOKEN: 'tell', CONSUL_HTTP_AUTH: 'me:secret' };
  await runConsul(['kv', 'put', 'a', 'value'], env);
  await runConsul(['reload'], { CONSUL_HTTP_ADDR: address });
  await runConsul(['kv', 'get', 'a'], { CONSUL_HTTP_ADDR: address });
  const archive = join(folderOf(t), 'archive');
  writeFileSync(archive, 'archive');
  await runConsul(['snapshot', 'restore', archive], { CONSUL_HTTP_ADDR: address });
  await runConsul(['monitor'], { CONSUL_HTTP_ADDR: address }); // not packed, unlike the original's
  const who = [`Host: ${address}`, 'User-Agent: Go-http-client/1.1'];
  const own = ['Authorization: Basic bWU6c2VjcmV0', 'X-Consul-Token: tell'];
  const gzip = 'Accept-Encoding: gzip';
  assert.deepEqual(heads, [
    ['PUT /v1/kv/a HTTP/1.1', ...who, 'Content-Length: 5', ...own, gzip],
    ['PUT /v1/agent/reload HTTP/1.1', ...who, 'Content-Length: 0', gzip],
    ['GET /v1/kv/a HTTP/1.1', ...who, gzip],
    ['PUT /v1/snapshot HTTP/1.1', ...who, 'Transfer-Encoding: chunked', gzip],
    ['GET /v1/agent/monitor?loglevel=INFO HTTP/1.1', ...who],
  ]);
});

test('SIGQUIT ends a command as it ends a Go program: at once, with exit code 2', async (t) => {
  let send = (_: NodeJS.Signals): void => {};
  const { address } = await serveScript(t, () => void send('SIGQUIT'));
  const { stderr, exit } = await spawnConsul(
    ['kv', 'get', `-http-addr=${address}`, 'a'],
    {},
    {
      onStarted: (kill) => {
        send = kill;
      },
    },
  );
  assert.deepEqual([stderr, exit], ['SIGQUIT: quit\n', 2]);
});

test('an answer that comes packed is unpacked; one that breaks off is no answer', async (t) => {
  const packed = gzipSync('[{"Key":"a","Value":"aGk="}]');
  let body = packed;
  const { address } = await serveScript(t, () => ({ body, encoding: 'gzip' }));
  const get = () => runConsul(['kv', 'get', 'a'], { CONSUL_HTTP_ADDR: address });
  assert.equal((await get()).stdout, 'hi\n');
  body = packed.subarray(0, -9);
  assert.equal((await get()).exit, 1);
});

test('where the agent points is asked too, without a body, and only of the same agent', async (t) => {
  let location = '/v1/kv/a/b';
  const { address, calls } = await serveScript(t, ({ target }) =>
    target === '/v1/kv/a/b' ? { status: 404 } : { status: 301, location },
  );
  const put = (key: string) => runConsul(['kv', 'put', key, 'v'], { CONSUL_HTTP_ADDR: address });
  const failed = 'Error! Failed writing data: Unexpected response code:';
  assert.equal((await put('a//b')).stderr, `${failed} 404 ()\n`);
  const seen = calls.map(({ method, target, body }) => [method, target, body]);
  assert.deepEqual(seen, [
    ['PUT', '/v1/kv/a//b', 'v'],
    ['GET', '/v1/kv/a/b', ''],
  ]);
  location = '//127.0.0.1:1/v1/kv/a/b';
  assert.equal((await put('a//b')).stderr, `${failed} 301 ()\n`);
  location = '/v1/kv/c';
  assert.equal((await put('c')).stderr, `${failed} 301 ()\n`);
  assert.equal(calls.length, 2 + 1 + 11);
});

test('files that are missing or make no sense are named', async (t) => {
  const folder = folderOf(t);
  const file = join(folder, 'x.pem');
  writeFileSync(file, 'no certificate\n');
  const [first, second] = [`-client-cert=${file}`, `-client-key=${file}`];
  const { stderr: pair } = await runConsul(['kv', 'get', first, second, 'a']);
  const unfit = 'tls: failed to find any PEM data in certificate input';
  assert.equal(pair, `Error connecting to Consul agent: ${unfit}\n`);
  const watched = await runConsul(['watch', '-type=nodes', `-ca-file=${file}`]);
  assert.equal(watched.stderr, `Error loading CA File: Couldn't parse PEM in: ${file}\n`);
  const inspected = await runConsul(['snapshot', 'inspect', folder]);
  const unreadable = `failed to decompress snapshot: read ${folder}: is a directory`;
  assert.equal(inspected.stderr, `Error verifying snapshot: ${unreadable}\n`);
  for (const [flag, reason] of [
    ['-token-file=/nosuch', 'Error loading token file: open /nosuch: no such file or directory'],
    ['-ca-file=/nosuch', 'Error loading CA File: open /nosuch: no such file or directory'],
    ['-ca-path=/nosuch', 'lstat /nosuch: no such file or directory'],
    [`-token-file=${folder}`, `Error loading token file: read ${folder}: is a directory`],
    [`-ca-file=${file}`, `Error loading CA File: Couldn't parse PEM in: ${file}`],
    [`-ca-path=${folder}`, `Error loading CA Path: Couldn't parse PEM in: ${file}`],
    [`-ca-path=${file}`, `Error loading CA Path: Couldn't parse PEM in: ${file}`],
    ['-client-cert=/nosuch', 'both client cert and client key must be provided'],
  ] as const) {
    const { stderr } = await runConsul(['kv', 'get', flag, 'a']);
    assert.equal(stderr, `Error connecting to Consul agent: ${reason}\n`);
  }
});

test('an answer that is not what was asked for is refused, not believed', async (t) => {
  for (const [body, reason] of [
    ['{', 'unexpected EOF'],
    ['{}', 'json: cannot unmarshal object into Go value of type []api.AgentMember'],
    ['[{"Name":7}]', 'json: cannot unmarshal number into Go struct field AgentMember.Name of type string'],
  ] as const) {
    const { address } = await serveScript(t, () => ({ body }));
    const { stderr, exit } = await runConsul(['members'], { CONSUL_HTTP_ADDR: address });
    assert.deepEqual([exit, stderr], [1, `Error retrieving members: ${reason}\n`]);
  }
});

test('numbers of 64 bits come through as they are', async (t) => {
  const key = '"Flags": 1';
  const flags = '18446744073709551615';
  const entry = `{"Key":${JSON.stringify(key)},"Flags": ${flags},"Value":null}`;
  const { address } = await serveScript(t, () => ({ body: `[${entry}]` }));
  const { stdout } = await runConsul(['kv', 'get', '-detailed', 'a'], { CONSUL_HTTP_ADDR: address });
  assert.match(stdout, new RegExp(`^Flags {12}${flags}$`, 'm'));
  assert.match(stdout, /^Key {14}"Flags": 1$/m);
});

test('the version is the one of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(reeveVersion, manifest.version);
});

/** An agent that answers `true`, and the lines of each head that came, as they came. */
async function serveHeads(t: TestContext): Promise<{ address: string; heads: readonly string[][] }> {
  const heads: string[][] = [];
  const server = createTcpServer((socket) => {
    socket.on('data', (bytes) => {
      const [head = ''] = `${bytes}`.split('\r\n\r\n');
      if (head.includes(' HTTP/1.1\r\n')) heads.push(head.split('\r\n'));
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ntrue');
    });
    socket.on('error', () => {});
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, heads };
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-consul-client-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
