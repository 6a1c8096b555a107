// Questions and answers on connections. hashicorp/raft net_transport.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MsgpackReader } from '@reeve/bytes';
import { connectByFirstByte, MemorySnapshots, RaftTransport, type TransportHandler } from '@reeve/raft';
import {
  type Answer,
  type Ask,
  encodeAnswer,
  encodeRequest,
  type Request,
  readAnswer,
} from '@reeve/raft/core';
import type { NetworkStream, StreamHandler } from '@reeve/runtime';
import { type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { entry, server, voters } from './core-kit.ts';

const yes: Answer = { kind: 'append-answer', term: 2, lastIndex: 1, isSuccess: true, noRetryBackoff: false };
const heartbeat: Request = { kind: 'heartbeat', term: 2, leader: '10.0.0.1:8300' };
const append: Request = {
  kind: 'append-entries',
  term: 2,
  leader: '10.0.0.1:8300',
  prevIndex: 1,
  prevTerm: 1,
  entries: [entry(2, 2)],
  leaderCommit: 0,
};

/** A transport that keeps what it hears, on a host that listens. */
class Side {
  readonly transport: RaftTransport;
  readonly host: VirtualHost;
  readonly asked: { readonly ticket: number; readonly request: Request; readonly snapshot: string }[] = [];
  readonly events: string[] = [];
  connections = 0;

  constructor(world: VirtualWorld, ip: string) {
    this.host = world.host(ip);
    const { network, timers, clock } = this.host.runtime;
    const handler: TransportHandler = {
      onAsked: (ticket, request, snapshot) => {
        if (snapshot === undefined) return void this.asked.push({ ticket, request, snapshot: '' });
        snapshot.finish((result) => {
          assert.ok(result.ok);
          this.asked.push({ ticket, request, snapshot: Buffer.from(result.value).toString() });
        });
      },
      onAnswered: (ask, answer) => this.events.push(`${ask.request.kind}: ${answer.kind}`),
      onFailed: (ask, reason) => this.events.push(`${ask.request.kind} failed: ${reason}`),
      onGone: (address) => this.events.push(`${address} gone`),
      onRefused: (reason) => this.events.push(`refused: ${reason}`),
    };
    this.transport = new RaftTransport(
      {
        connect: connectByFirstByte(network, 500),
        timers,
        now: () => clock.now(),
        timeoutMs: 2_000,
        quickTimeoutMs: 500,
        snapshotBytesMax: 100_000,
        receiveSnapshot: (done) => new MemorySnapshots(timers).receive(done),
        isServer: (host) => host.startsWith('10.0.0.'),
      },
      handler,
    );
    network.listen(
      { host: ip, port: 8300 },
      (stream) => this.#accept(stream),
      () => {},
    );
    world.run(1);
  }

  ask(to: number, request: Request, snapshot?: string): void {
    const ask: Ask = { to: server(to), request, round: 0, epoch: 0, askedAtMs: 0 };
    this.transport.ask(ask, snapshot === undefined ? undefined : Buffer.from(snapshot));
  }

  #accept(stream: NetworkStream): StreamHandler {
    this.connections++;
    const handler = this.transport.accept(stream);
    let isFirst = true;
    return {
      onData: (chunk: Uint8Array) => {
        if (isFirst) assert.equal(chunk[0], 1, 'the first byte chooses Raft');
        const rest = isFirst ? chunk.subarray(1) : chunk;
        isFirst = false;
        if (rest.length > 0) handler.onData(rest);
      },
      onEnd: () => handler.onEnd(),
      onClosed: () => handler.onClosed(),
    };
  }
}

function pair(): { readonly world: VirtualWorld; readonly a: Side; readonly b: Side } {
  const world = new VirtualWorld({ seed: 5 });
  return { world, a: new Side(world, '10.0.0.1'), b: new Side(world, '10.0.0.2') };
}

test('entries and heartbeats have connections of their own, each opened once', () => {
  const { world, a, b } = pair();
  for (let i = 0; i < 3; i++) {
    a.ask(2, append);
    a.ask(2, heartbeat);
  }
  world.run(100);
  assert.deepEqual(b.asked.map(({ request }) => request.kind).toSorted(), [
    ...Array(3).fill('append-entries'),
    ...Array(3).fill('heartbeat'),
  ]);
  assert.equal(b.connections, 2);
});

test('answers leave in the order of the questions, whatever order they are given in', () => {
  const { world, a, b } = pair();
  a.ask(2, append);
  a.ask(2, { ...append, entries: [] });
  world.run(100);
  const [first, second] = b.asked;
  b.transport.reply(second?.ticket ?? 0, yes);
  world.run(100);
  assert.deepEqual(a.events, [], 'the first answer is still missing');
  b.transport.reply(first?.ticket ?? 0, yes);
  world.run(100);
  assert.equal(a.events.length, 2);
});

test('a snapshot comes with its question, on a connection of its own', () => {
  const { world, a, b } = pair();
  const snapshot = { index: 9, term: 2, configuration: voters(3), configurationIndex: 1, sizeBytes: 40_000 };
  const request: Request = { kind: 'install-snapshot', term: 2, leader: '10.0.0.1:8300', snapshot };
  a.ask(2, request, 's'.repeat(40_000));
  a.ask(2, append);
  world.run(200);
  assert.equal(b.connections, 2);
  const received = b.asked.find((it) => it.request.kind === 'install-snapshot');
  assert.deepEqual([received?.snapshot, received?.request], ['s'.repeat(40_000), request]);
  b.transport.reply(received?.ticket ?? 0, { kind: 'snapshot-answer', term: 2, isSuccess: true });
  world.run(100);
  assert.deepEqual(a.events, ['install-snapshot: snapshot-answer']);
});

test('when nobody listens all questions fail, and the next opens a new connection', () => {
  const { world, a } = pair();
  a.ask(9, append);
  a.ask(9, append);
  world.run(1_000);
  assert.equal(a.events.length, 2);
  assert.match(a.events[0] ?? '', /^append-entries failed: dial tcp 10\.0\.0\.9:8300: /);
  a.ask(9, append);
  world.run(1_000);
  assert.equal(a.events.length, 3);
});

test('a question that waits too long fails with all behind it; heartbeats wait less', () => {
  const { world, a } = pair();
  a.ask(2, heartbeat);
  a.ask(2, append);
  a.ask(2, append);
  world.run(600);
  assert.deepEqual(a.events, ['heartbeat failed: i/o timeout']);
  world.run(1_500);
  assert.equal(a.events.length, 3);
});

test('when the last connection of a leader closes, that is told once; heartbeats alone keep it', () => {
  const { world, a, b } = pair();
  a.ask(2, heartbeat);
  a.ask(2, append);
  world.run(100);
  a.host.crash();
  world.run(300);
  assert.deepEqual(b.events, ['10.0.0.1:8300 gone']);
});

test('a candidate that goes away is no leader that does', () => {
  const { world, a, b } = pair();
  const candidate = '10.0.0.1:8300';
  a.ask(2, {
    kind: 'request-vote',
    term: 2,
    candidate,
    lastIndex: 1,
    lastTerm: 1,
    isLeadershipTransfer: false,
  });
  world.run(100);
  a.host.crash();
  world.run(300);
  assert.deepEqual(b.events, []);
});

/** A connection that anybody can open to 10.0.0.2; what comes back is kept. */
function dialRaft(world: VirtualWorld, from: string) {
  const heard = { received: new Uint8Array() as Uint8Array, isClosed: false };
  const stream = world.host(from).runtime.network.dial({ host: '10.0.0.2', port: 8300 }, 500, {
    onData: (chunk) => {
      heard.received = Buffer.concat([heard.received, chunk]);
    },
    onEnd: () => stream.end(),
    onClosed: () => {
      heard.isClosed = true;
    },
  });
  stream.write(Uint8Array.of(1));
  return { heard, write: (bytes: Uint8Array) => stream.write(bytes) };
}

/** Opens one and writes. */
function raw(world: VirtualWorld, bytes: Uint8Array, from = '10.0.0.3') {
  const { heard, write } = dialRaft(world, from);
  write(bytes);
  world.run(1_000);
  return heard;
}

test('what is no question costs its connection and one line', () => {
  const { world, b } = pair();
  const heard = raw(world, Buffer.from([9, 9, 9]));
  assert.ok(heard.isClosed);
  assert.deepEqual(b.events, [
    'refused: failed to decode incoming command: unknown rpc type 9: from=10.0.0.3:32768',
  ]);
});

test('a question that claims to be larger than any is refused before it comes', () => {
  const { world, b } = pair();
  const question = Buffer.from(encodeRequest(heartbeat));
  const at = question.indexOf('10.0.0.1:8300') - 1;
  const promise = Buffer.from([0xdb, 0x7f, 0xff, 0xff, 0xff]);
  const claim = Buffer.concat([question.subarray(0, at), promise, Buffer.alloc(100)]);
  assert.ok(raw(world, claim).isClosed);
  assert.match(b.events[0] ?? '', /an object of 2147483\d+ bytes, the limit is 41943040/);
});

test('a snapshot that is too large is refused before it comes', () => {
  const { world, b } = pair();
  const snapshot = { index: 9, term: 2, configuration: voters(3), configurationIndex: 1, sizeBytes: 2 ** 40 };
  const request: Request = { kind: 'install-snapshot', term: 2, leader: 'a:1', snapshot };
  assert.ok(raw(world, encodeRequest(request)).isClosed);
  assert.match(b.events[0] ?? '', /a snapshot of 1099511627776 bytes, the limit is 100000/);
});

test('a question of a version that we do not speak is answered with an error, in its turn', () => {
  const { world } = pair();
  const question = encodeRequest({ kind: 'timeout-now' });
  question[question.length - 1] = 1;
  const { received, isClosed } = raw(world, question);
  const answer = readAnswer(new MsgpackReader(received), 'timeout-now');
  assert.deepEqual([answer, isClosed], ['operation not supported with current protocol version', false]);
});

test('thousands of questions that are answered at once do not nest', () => {
  const { world } = pair();
  const questions = 20_000; // of type 0, of a struct that is nil: of no version
  const { received, isClosed } = raw(world, Buffer.from('cc00c0'.repeat(questions), 'hex'));
  const reader = new MsgpackReader(received);
  let answers = 0;
  for (; reader.remaining > 0; answers++) readAnswer(reader, 'append-entries');
  assert.deepEqual([answers, isClosed], [questions, false]);
});

test('an answer that nobody asked for, or that is none, costs the connection', () => {
  const world = new VirtualWorld({ seed: 5 });
  const a = new Side(world, '10.0.0.1');
  const answers = [Buffer.from([0xc1]), Buffer.concat([encodeAnswer(yes), encodeAnswer(yes)])];
  world.host('10.0.0.2').runtime.network.listen(
    { host: '10.0.0.2', port: 8300 },
    (stream) => {
      let bytes = 0;
      return {
        onData: (chunk) => {
          bytes += chunk.length;
          if (bytes > encodeRequest(heartbeat).length) stream.write(answers.shift() ?? new Uint8Array());
        },
        onEnd: () => stream.end(),
        onClosed: () => {},
      };
    },
    () => {},
  );
  world.run(1);
  a.ask(2, heartbeat);
  world.run(100);
  assert.match(a.events[0] ?? '', /^heartbeat failed: malformed answer/);
  a.ask(2, heartbeat);
  world.run(100);
  assert.deepEqual(a.events.slice(1), ['heartbeat: append-answer']);
});

/** The beginning of a question with so many bytes of entries, which never come to their end. */
const beginningOfAppend = (bytes: number): Uint8Array =>
  encodeRequest({ ...append, entries: [entry(2, 2, 'x'.repeat(bytes + 1_000))] }).subarray(0, bytes);

const installing = (sizeBytes: number, term = 2): Request => ({
  kind: 'install-snapshot',
  term,
  leader: '10.0.0.1:8300',
  snapshot: { index: 9, term, configuration: voters(3), configurationIndex: 1, sizeBytes },
});

test('strangers together take no more memory than one client, and servers are heard all the same', () => {
  const { world, a, b } = pair();
  const part = beginningOfAppend(30 << 20);
  const strangers = [1, 2, 3, 4, 5, 6].map((i) => raw(world, part, `10.9.9.${i}`));
  assert.deepEqual(
    strangers.map(({ isClosed }) => isClosed),
    [false, false, false, true, true, true],
  );
  assert.match(
    b.events[0] ?? '',
    /^refused: its messages take too much memory, \d+ bytes here: from=10\.9\.9\.4:/,
  );
  a.ask(2, { ...append, entries: [entry(2, 2, 'x'.repeat(20 << 20))] });
  world.run(2_000);
  assert.equal(b.asked.length, 1);
});

test('a message that does not end is given up after a minute, a snapshot that comes slowly is not', () => {
  const { world, b } = pair();
  const silent = raw(world, beginningOfAppend(100_000));
  const slow = dialRaft(world, '10.0.0.4');
  slow.write(encodeRequest(installing(60_000)));
  for (let left = 60_000; left > 0; left -= 10_000) {
    world.run(30_000);
    slow.write(new Uint8Array(10_000));
  }
  world.run(100);
  assert.deepEqual([silent.isClosed, slow.heard.isClosed], [true, false]);
  assert.match(b.events.join(), /refused: a message that does not end: from=10\.0\.0\.3:/);
  assert.equal(b.asked.length, 1);
});

test('one snapshot arrives at a time; a server, or a later term, takes the place of another', () => {
  const { world, b } = pair();
  const ask = (from: string, term: number) => {
    const connection = dialRaft(world, from);
    connection.write(encodeRequest(installing(5, term)));
    world.run(100);
    return connection;
  };
  const stranger = ask('10.9.9.1', 2);
  const server = ask('10.0.0.3', 2);
  assert.equal(stranger.heard.isClosed, true);
  assert.equal(ask('10.9.9.2', 99).heard.isClosed, true, 'a stranger pushes no server out');
  assert.equal(server.heard.isClosed, false);
  const later = ask('10.0.0.4', 3);
  assert.equal(server.heard.isClosed, true);
  assert.equal(ask('10.0.0.3', 2).heard.isClosed, true, 'the older term has to wait');
  later.write(Buffer.from('state'));
  world.run(100);
  assert.deepEqual(
    b.asked.map(({ snapshot }) => snapshot),
    ['state'],
  );
  assert.equal(ask('10.0.0.4', 4).heard.isClosed, true, 'what is whole is installed first');
  b.transport.reply(b.asked[0]?.ticket ?? 0, { kind: 'snapshot-answer', term: 3, isSuccess: true });
  assert.equal(ask('10.0.0.4', 4).heard.isClosed, false);
});

test('who does not wait for answers is not read until there are some', () => {
  const { world, b } = pair();
  raw(world, Buffer.concat(Array.from({ length: 1_000 }, () => encodeRequest(heartbeat))));
  assert.equal(b.asked.length, 128);
  for (let next = 0; next < b.asked.length; next++) {
    b.transport.reply(b.asked[next]?.ticket ?? 0, yes);
    world.run(10);
  }
  assert.equal(b.asked.length, 1_000);
});
