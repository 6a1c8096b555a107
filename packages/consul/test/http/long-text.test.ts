// Answers that are too long for one turn of the event loop: they are worked out while they are sent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Share } from '../../dist/clients/share.js';
import { indentedJson } from '../../dist/http/json-text.js';
import { LongText, longList } from '../../dist/http/long-text.js';
import { json } from '../../dist/http/response.js';
import { respondOf } from '../kit/ask-http.js';
import { answer, HttpClient } from '../kit/http-client.js';
import { startLoneServer } from '../kit/lone-server.js';

const get = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';

/** A list of so many records of a kibibyte, and how many of them have been worked out. */
function listOf(count: number) {
  const items = Array.from({ length: count }, (_, i) => i);
  const list = {
    formatted: 0,
    text: JSON.stringify(items.map((i) => ({ id: i, text: 'é'.repeat(1_024) }))),
    make: () =>
      longList(items, (i) => {
        list.formatted++;
        return JSON.stringify({ id: i, text: 'é'.repeat(1_024) });
      }),
  };
  return list;
}

/** Lets pieces be worked out until nothing happens any more. */
async function untilQuiet(client: HttpClient): Promise<void> {
  for (let before = -1; before !== client.writes; ) {
    before = client.writes;
    await client.pass(1);
    await client.pass(1);
  }
}

/** What chunks are made of, and the length of the longest. */
function bodyOf(received: string): { readonly body: Buffer; readonly longest: number } {
  const at = received.indexOf('\r\n\r\n') + 4;
  const pieces: string[] = [];
  let longest = 0;
  for (let rest = received.slice(at); ; ) {
    const [line = ''] = /^[0-9a-f]+/.exec(rest) ?? [];
    const length = Number.parseInt(line, 16);
    const from = line.length + 2;
    assert.equal(rest.slice(from + length, from + length + 2), '\r\n');
    if (length === 0) return { body: Buffer.from(pieces.join(''), 'latin1'), longest };
    longest = Math.max(longest, length);
    pieces.push(rest.slice(from, from + length));
    rest = rest.slice(from + length + 2);
  }
}

test('T1-16: a long list is worked out a piece a turn, and others are answered in between', async () => {
  const list = listOf(3_000);
  const client = new HttpClient(({ path }) => json(path === '/a' ? list.make() : '1'));
  const other = new HttpClient(undefined, undefined, client);
  await client.send(get);
  let turns = 0;
  for (; !client.received.endsWith('\r\n0\r\n\r\n') && turns < 1_000; turns++) {
    const before = list.formatted;
    other.received = '';
    await other.send(get.replace('/a', '/b'));
    assert.equal(other.received, answer('1'));
    await client.pass(1);
    assert.ok(list.formatted - before < 300, `${list.formatted - before} records in one turn`);
  }
  assert.ok(turns > 10, `${turns} turns`);
  assert.match(client.received, /\r\nTransfer-Encoding: chunked\r\n\r\n/);
  const { body, longest } = bodyOf(client.received);
  assert.equal(body.toString(), list.text);
  assert.ok(longest < 600_000, `a chunk of ${longest} bytes`);
  client.received = '';
  await client.send(get.replace('/a', '/b'));
  assert.equal(client.received, answer('1'), 'the connection stays');
});

test('T1-16: a long list is the same as with the original, indented, packed, and over HTTP/1.0', async () => {
  const list = listOf(1_000);
  const respond = ({ rawQuery }: { readonly rawQuery: string }) => {
    const text = list.make();
    return json(rawQuery === 'pretty' && text instanceof LongText ? text.indented : text);
  };
  const pretty = new HttpClient(respond);
  await pretty.send(get.replace('/a', '/a?pretty'));
  await untilQuiet(pretty);
  assert.equal(bodyOf(pretty.received).body.toString(), indentedJson(list.text));

  const old = new HttpClient(respond);
  await old.send('GET /a HTTP/1.0\r\n\r\n');
  await untilQuiet(old);
  const [head = '', body = ''] = old.received.split(/\r\n\r\n(.*)/s);
  assert.doesNotMatch(head, /Content-Length|Transfer-Encoding/);
  assert.equal(Buffer.from(body, 'latin1').toString(), list.text);
  assert.ok(old.hasEnded, 'there is no other end');

  const packing = new HttpClient(respond);
  await packing.send(get.replace('\r\n\r\n', '\r\nAccept-Encoding: gzip\r\n\r\n'));
  for (const end = Date.now() + 30_000; !packing.received.endsWith('\r\n0\r\n\r\n') && Date.now() < end; ) {
    await packing.pass(1);
  }
  assert.match(packing.received, /\r\nContent-Encoding: gzip\r\n/);
  assert.equal(gunzipSync(bodyOf(packing.received).body).toString(), list.text);
});

test('of a long list nothing more is worked out than the client takes', async () => {
  const list = listOf(3_000);
  const client = new HttpClient(() => json(list.make()));
  client.isFull = true;
  await client.send(get);
  for (let i = 0; i < 20; i++) await client.pass(10);
  const { formatted } = list;
  assert.ok(formatted < 600, `${formatted} records were worked out`);
  client.isFull = false;
  await client.drain();
  client.isFull = true;
  for (let i = 0; i < 20; i++) await client.pass(10);
  assert.ok(list.formatted > formatted && list.formatted < formatted + 600, `${list.formatted} are, now`);
  client.isFull = false;
  await client.drain();
  await untilQuiet(client);
  assert.equal(bodyOf(client.received).body.toString(), list.text);
});

test('a client that goes away in the middle of a long list leaves nothing behind', async () => {
  for (const encoding of ['', 'Accept-Encoding: gzip\r\n']) {
    const list = listOf(10_000);
    const answers = new CountedShare();
    const budget = { bodies: new Share(1_000), answers };
    const client = new HttpClient(() => json(list.make()), budget);
    client.isFull = encoding === '';
    await client.send(get.replace('\r\n\r\n', `\r\n${encoding}\r\n`));
    for (let i = 0; i < 5; i++) await client.pass(1);
    assert.ok(answers.held > 10_000 * 8, 'what it holds is counted');
    const { formatted } = list;
    client.connection.onClosed();
    for (const end = Date.now() + 10_000; answers.held > 0 && Date.now() < end; ) await client.pass(1);
    assert.deepEqual([answers.held, client.isGone], [0, true]);
    for (let i = 0; i < 20; i++) await client.pass(10);
    assert.ok(list.formatted - formatted < 600, 'it is not worked out any further');
  }
});

class CountedShare extends Share {
  held = 0;

  constructor() {
    super(Number.POSITIVE_INFINITY);
  }

  override change(by: number): void {
    this.held += by;
    super.change(by);
  }
}

test('T0-9: a long list is one state, whatever is written while it is sent', async () => {
  const server = startLoneServer();
  const client = new HttpClient(respondOf(server.caller));
  const writer = new HttpClient(respondOf(server.caller));
  const put = (key: number, value: string) =>
    writer.send(`PUT /v1/kv/${key} HTTP/1.1\r\nHost: a\r\nContent-Length: ${value.length}\r\n\r\n${value}`);
  const keys = Array.from({ length: 40 }, (_, i) => i + 10);
  for (const key of keys) await put(key, 'old'.repeat(10_000));
  await client.send('GET /v1/kv/?recurse HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.pass(1);
  for (const key of keys.slice(0, 20)) await put(key, 'new');
  await writer.send('DELETE /v1/kv/4?recurse HTTP/1.1\r\nHost: a\r\n\r\n');
  await untilQuiet(client);
  const entries = JSON.parse(bodyOf(client.received).body.toString()) as { Key: string; Value: string }[];
  assert.deepEqual(
    entries.map(({ Key }) => Number(Key)),
    keys,
  );
  for (const { Value } of entries)
    assert.equal(Buffer.from(Value, 'base64').subarray(0, 3).toString(), 'old');
});
