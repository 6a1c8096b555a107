// yamux on virtual connections: windows, ends, and what becomes of those who break its rules.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkError, Stream, StreamHandler } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { encodeFrame, flagAck, flagFin, flagRst, flagSyn } from '../../dist/rpc/yamux/frame.js';
import { roomBytes, streamsMax, windowBytes } from '../../dist/rpc/yamux/limits.js';
import { YamuxSession } from '../../dist/rpc/yamux/yamux-session.js';
import type { YamuxStream } from '../../dist/rpc/yamux/yamux-stream.js';

test('opening a stream sends a window update of 0 with SYN, and data follows at once', () => {
  const { sent, session } = againstBytes('dialled');
  const stream = session.open(new Recorder());
  stream?.write(Uint8Array.of(7));
  const expected = [
    encodeFrame(header('window-update', flagSyn, 1, 0)),
    encodeFrame(header('data', 0, 1, 1), Uint8Array.of(7)),
  ];
  assert.deepEqual(sent, expected);
});

test('the dialling side has odd streams, the accepting side even ones', () => {
  for (const [side, first] of [
    ['dialled', 1],
    ['accepted', 2],
  ] as const) {
    const { sent, session } = againstBytes(side);
    session.open(new Recorder());
    session.open(new Recorder());
    assert.deepEqual(
      sent.map((frame) => frame[7]),
      [first, first + 2],
    );
  }
});

test('bytes travel both ways on many streams, however the connection cuts them', () => {
  const { dialled, accepted, world } = pair();
  const clients = [1, 2, 3].map((n) => {
    const recorder = new Recorder();
    const stream = dialled.open(recorder);
    stream?.write(new Uint8Array(n * 100_000).fill(n));
    stream?.end();
    return recorder;
  });
  assert.ok(
    world.runUntil(() => accepted.recorders.length === 3 && accepted.recorders.every((r) => r.ended), 5_000),
  );
  assert.deepEqual(
    accepted.recorders.map(({ bytes }) => bytes),
    [100_000, 200_000, 300_000],
  );
  for (const { stream } of accepted.recorders) stream?.end();
  assert.ok(world.runUntil(() => clients.every((client) => client.closed), 5_000));
  assert.equal(dialled.streamCount, 0);
  assert.equal(accepted.session?.streamCount, 0);
});

test('what does not fit the window waits until the other side has taken half of it', () => {
  const { sent, session } = againstBytes('dialled');
  const stream = session.open(new Recorder());
  stream?.write(new Uint8Array(windowBytes + 10));
  assert.equal(payloadBytes(sent), windowBytes);
  session.onData(encodeFrame(header('window-update', flagAck, 1, 4)));
  assert.equal(payloadBytes(sent), windowBytes + 4);
  session.onData(encodeFrame(header('window-update', 0, 1, 100)));
  assert.equal(payloadBytes(sent), windowBytes + 10);
});

test('the window is given back when half of it has been used', () => {
  const { sent, session } = againstBytes('dialled');
  session.open(new Recorder());
  sent.length = 0;
  const half = new Uint8Array(windowBytes / 2);
  session.onData(encodeFrame(header('data', 0, 1, half.length - 1), half.subarray(1)));
  assert.deepEqual(sent, []);
  session.onData(encodeFrame(header('data', 0, 1, 1), half.subarray(0, 1)));
  assert.deepEqual(sent, [encodeFrame(header('window-update', 0, 1, half.length))]);
});

test('answers wait while too much waits for windows, and none is lost', () => {
  const { world, session, accepted, closed } = againstBytes('accepted');
  for (const id of [1, 3, 5]) session.onData(encodeFrame(header('window-update', flagSyn, id, 0)));
  const [large, second, third] = accepted;
  large?.write(new Uint8Array(roomBytes + windowBytes));
  const told: string[] = [];
  second?.whenRoom(() => told.push('second'));
  third?.whenRoom(() => told.push('third'));
  session.onData(encodeFrame(header('window-update', flagRst, 3, 0)));
  world.run(10);
  assert.deepEqual([told, closed()], [[], false]);
  session.onData(encodeFrame(header('window-update', 0, 1, 1)));
  world.run(10);
  assert.deepEqual(told, ['third']);
});

test('a ping is answered with its number', () => {
  const { sent, session } = againstBytes('accepted');
  session.onData(encodeFrame(header('ping', flagSyn, 0, 34)));
  assert.deepEqual(sent, [encodeFrame(header('ping', flagAck, 0, 34))]);
});

test('a connection that answers no keep-alive is closed, and its streams fail', () => {
  const { world, session, closed } = againstBytes('dialled');
  const recorder = new Recorder();
  session.open(recorder);
  world.run(39_999);
  assert.equal(closed(), false);
  world.run(2);
  assert.equal(closed(), true);
  assert.equal(recorder.closed, true);
});

test('a dropped stream is reset, and what still arrives for it is ignored', () => {
  const { sent, session, closed } = againstBytes('dialled');
  const recorder = new Recorder();
  const stream = session.open(recorder);
  stream?.destroy();
  session.onData(encodeFrame(header('data', 0, 1, 3), Uint8Array.of(1, 2, 3)));
  assert.equal(sent.at(-1)?.[3], 8);
  assert.deepEqual([recorder.bytes, recorder.closed, closed()], [0, false, false]);
});

const offences: Record<string, Uint8Array> = {
  'another version': Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  'an unknown frame type': Uint8Array.of(0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  'a stream that is ours to begin': encodeFrame(header('window-update', flagSyn, 2, 0)),
  'stream 0': encodeFrame(header('window-update', flagSyn, 0, 0)),
  'a stream begun twice': twice(encodeFrame(header('window-update', flagSyn, 1, 0))),
  'more than the window': encodeFrame(header('data', flagSyn, 1, windowBytes + 1)),
  'a window beyond 2^32': encodeFrame(header('window-update', flagSyn, 1, 0xffff_ffff)),
  'a stream that ends twice': twice(encodeFrame(header('window-update', flagFin, 3, 0))),
  'a reason to go away': encodeFrame(header('go-away', 0, 0, 1)),
};

for (const [offence, bytes] of Object.entries(offences)) {
  test(`${offence} closes the connection with one line in the log`, () => {
    const { session, log, closed } = againstBytes('accepted');
    session.onData(encodeFrame(header('window-update', flagSyn, 3, 0)));
    session.onData(bytes);
    session.onData(bytes);
    assert.equal(closed(), true);
    assert.equal(log.length, 1, log.join('\n'));
  });
}

test('streams beyond the limit are reset, the others go on', () => {
  const { sent, session, closed } = againstBytes('accepted');
  for (let i = 0; i <= streamsMax; i++)
    session.onData(encodeFrame(header('window-update', flagSyn, 2 * i + 1, 0)));
  assert.equal(session.streamCount, streamsMax);
  assert.equal(sent.at(-1)?.[3], 8);
  assert.equal(closed(), false);
});

test('after a normal goodbye no stream can be opened, and those there are go on', () => {
  const { session, closed } = againstBytes('dialled');
  const recorder = new Recorder();
  session.open(recorder);
  session.onData(encodeFrame(header('go-away', 0, 0, 0)));
  assert.equal(session.open(new Recorder()), undefined);
  session.onData(encodeFrame(header('data', 0, 1, 2), Uint8Array.of(1, 2)));
  assert.deepEqual([recorder.bytes, closed()], [2, false]);
});

/** Remembers what a stream's handler is told. */
class Recorder implements StreamHandler {
  stream: Stream | undefined;
  bytes = 0;
  ended = false;
  closed = false;

  onData(chunk: Uint8Array): void {
    this.bytes += chunk.length;
  }

  onEnd(): void {
    this.ended = true;
  }

  onClosed(_error?: NetworkError): void {
    this.closed = true;
  }
}

/** A session whose other side is the test: frames out, bytes in. */
function againstBytes(side: 'dialled' | 'accepted') {
  const world = new VirtualWorld({ seed: 1 });
  const sent: Uint8Array[] = [];
  const log: string[] = [];
  const accepted: YamuxStream[] = [];
  let isClosed = false;
  const connection: Stream = {
    remote: { host: '10.0.0.9', port: 8300 },
    write: (bytes) => sent.push(bytes),
    end() {},
    destroy() {},
  };
  const session = new YamuxSession({
    connect: () => connection,
    runtime: { timers: world.host('10.0.0.1').runtime.timers, log: (_level, text) => log.push(text) },
    side,
    accept: (stream) => {
      accepted.push(stream);
      return new Recorder();
    },
    onClosed: () => {
      isClosed = true;
    },
  });
  return { world, session, sent, log, accepted, closed: () => isClosed };
}

/** Two sessions over a connection of the virtual world. */
function pair() {
  const world = new VirtualWorld({ seed: 7 });
  const accepted: { session?: YamuxSession; recorders: Recorder[] } = { recorders: [] };
  const server = world.host('10.0.0.2').runtime;
  const at = { host: '10.0.0.2', port: 8300 };
  server.network.listen(
    at,
    (connection) => {
      accepted.session = new YamuxSession({
        connect: () => connection,
        runtime: server,
        side: 'accepted',
        accept: (stream) => {
          const recorder = new Recorder();
          recorder.stream = stream;
          accepted.recorders.push(recorder);
          return recorder;
        },
        onClosed() {},
      });
      return accepted.session;
    },
    () => {},
  );
  const client = world.host('10.0.0.1').runtime;
  const dialled = new YamuxSession({
    connect: (handler) => client.network.dial(at, 1_000, handler),
    runtime: client,
    side: 'dialled',
    accept: () => new Recorder(),
    onClosed() {},
  });
  world.run(10);
  return { world, dialled, accepted };
}

function header(
  type: 'data' | 'window-update' | 'ping' | 'go-away',
  flags: number,
  streamId: number,
  length: number,
) {
  return { type, flags, streamId, length };
}

function twice(frame: Uint8Array): Uint8Array {
  return Uint8Array.of(...frame, ...frame);
}

function payloadBytes(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, frame) => sum + (frame[1] === 0 ? frame.length - 12 : 0), 0);
}
