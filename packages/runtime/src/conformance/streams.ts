// Rules of streams while they live: connecting, bytes, half-closing. How they end is in stream-endings.ts.

import type { Endpoint, Listener, NetworkError, PacketSocket, Stream } from '../network.ts';
import { type Bench, type BenchCase, check, checkBytes, checkEqual, patternBytes } from './bench.ts';
import type { RecordedStream } from './recorded-stream.ts';

/** The cases about living streams. */
export const streamCases: readonly BenchCase[] = [
  {
    name: 'a dialled stream opens; both sides know the other',
    async run(bench) {
      const { listener, dialled, accepted } = await bench.connect();
      checkEqual(dialled.stream?.remote, listener.local, 'remote of the dialled side');
      checkEqual(accepted.stream?.remote.host, bench.world.host, 'remote of the accepted side');
      check((accepted.stream?.remote.port ?? 0) > 0, 'the accepted side does not know the port');
      checkEqual([dialled.events, accepted.events], [['open'], []], 'events');
    },
  },
  {
    name: 'what is written before the stream is open is sent when it is',
    async run(bench) {
      const { listener, accepted } = await bench.listen();
      const dialled = bench.dial(listener.local);
      bench.call(() => dialled.stream?.write(patternBytes(1_000)));
      bench.call(() => dialled.stream?.end());
      await bench.until(() => accepted[0]?.hasEnded === true, 'the end');
      checkBytes(accepted[0]?.received() ?? new Uint8Array(), patternBytes(1_000), 'bytes');
      checkEqual(accepted[0]?.events, ['data', 'end'], 'events');
    },
  },
  {
    name: 'an accepted stream can be written to inside accept',
    async run(bench) {
      const { listener } = await bench.listen(({ stream }) => {
        stream?.write(patternBytes(100));
        stream?.end();
      });
      const dialled = bench.dial(listener.local);
      await bench.until(() => dialled.hasEnded, 'the end');
      checkBytes(dialled.received(), patternBytes(100), 'bytes');
      checkEqual(dialled.events, ['open', 'data', 'end'], 'events');
    },
  },
  {
    name: '5 MiB each way arrive whole and in order, however chunks are cut',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      const [there, back] = [patternBytes(5 << 20, 1), patternBytes(5 << 20, 2)];
      bench.call(() => dialled.stream?.write(there));
      bench.call(() => accepted.stream?.write(back));
      bench.call(() => dialled.stream?.end());
      bench.call(() => accepted.stream?.end());
      await bench.until(() => dialled.isClosed && accepted.isClosed, 'both sides close');
      checkBytes(accepted.received(), there, 'bytes there');
      checkBytes(dialled.received(), back, 'bytes back');
      check(dialled.chunks.length > 1, 'so much never comes in one chunk');
    },
  },
  {
    name: 'many small writes are bytes in a row, not messages',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      const bytes = patternBytes(20_000);
      for (let at = 0; at < bytes.length; at += 7) {
        bench.call(() => dialled.stream?.write(bytes.slice(at, at + 7)));
      }
      bench.call(() => dialled.stream?.write(new Uint8Array()));
      bench.call(() => dialled.stream?.end());
      await bench.until(() => accepted.hasEnded, 'the end');
      checkBytes(accepted.received(), bytes, 'bytes');
      check(
        accepted.chunks.every(({ length }) => length > 0),
        'an empty chunk was handed over',
      );
    },
  },
  {
    name: 'pieces that are written together are bytes in a row, behind and before others',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      const bytes = patternBytes(200_000);
      bench.call(() => accepted.stream?.write(bytes.slice(0, 10)));
      const pieces = [bytes.slice(10, 400), new Uint8Array(), bytes.slice(400, 190_000)];
      bench.call(() => accepted.stream?.writeAll(pieces));
      bench.call(() => accepted.stream?.write(bytes.slice(190_000)));
      bench.call(() => accepted.stream?.end());
      await bench.until(() => dialled.hasEnded, 'the end');
      checkBytes(dialled.received(), bytes, 'bytes');
      bench.call(() => accepted.stream?.writeAll([bytes, bytes])); // behind the end: nothing
    },
  },
  {
    name: 'each chunk comes in memory of its own',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      bench.call(() => dialled.stream?.write(patternBytes(1_000)));
      await bench.until(() => accepted.receivedBytes === 1_000, 'the first bytes');
      const kept = accepted.received();
      accepted.chunks.length = 0;
      bench.call(() => dialled.stream?.write(new Uint8Array(300_000).fill(7)));
      await bench.until(() => accepted.receivedBytes === 301_000, 'more bytes');
      for (const chunk of accepted.chunks.slice(1)) new Uint8Array(chunk.buffer).fill(9);
      check(
        accepted.chunks[0]?.every((byte) => byte === 7) === true,
        'a chunk changed after it was handed over',
      );
      checkBytes(kept, patternBytes(1_000), 'what was kept');
    },
  },
  {
    name: 'after one side has ended the other may go on sending',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      bench.call(() => dialled.stream?.write(patternBytes(10)));
      bench.call(() => dialled.stream?.end());
      await bench.until(() => accepted.hasEnded, 'the end of one direction');
      await bench.pass(20);
      checkEqual([dialled.isClosed, accepted.isClosed], [false, false], 'closed too early');
      bench.call(() => accepted.stream?.write(patternBytes(100_000)));
      await bench.until(() => dialled.receivedBytes === 100_000, 'bytes of the other direction');
      checkBytes(dialled.received(), patternBytes(100_000), 'bytes');
      bench.call(() => accepted.stream?.end());
      await bench.until(() => dialled.isClosed && accepted.isClosed, 'both sides close');
      checkEqual(dialled.events, ['open', 'data', 'end', 'closed'], 'events of the side that ended first');
      checkEqual(accepted.events, ['data', 'end', 'closed'], 'events of the other side');
    },
  },
  {
    name: 'a paused stream hands over neither bytes nor their end until it is resumed',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      await checkPause(bench, accepted, dialled);
      await checkPause(bench, dialled, accepted);
    },
  },
  {
    name: 'a stream that is full says when it has sent everything',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      await checkFull(bench, accepted, dialled);
      await checkFull(bench, dialled, accepted);
    },
  },
  {
    name: '200 streams at once each carry their own bytes',
    async run(bench) {
      const { listener } = await bench.listen((accepted) => {
        accepted.onData = (chunk) => accepted.stream?.write(chunk);
        accepted.onEnd = () => accepted.stream?.end();
      });
      const streams = Array.from({ length: 200 }, (_, index) => echo(bench, listener.local, index));
      await bench.until(() => streams.every(({ isClosed }) => isClosed), 'all streams close');
      for (const [index, stream] of streams.entries()) {
        checkEqual(stream.error?.message, undefined, 'error');
        checkBytes(stream.received(), patternBytes(3_000, index), `stream ${index}`);
      }
    },
  },
  {
    name: 'listening on a port that is taken fails through the handler, and it is free after a close',
    async run(bench) {
      const { listener } = await bench.listen();
      const at = listener.local;
      const error = await listenFailure(bench, at);
      const text = `listen tcp ${at.host}:${at.port}: bind: address already in use`;
      checkEqual([error.code, error.message], ['EADDRINUSE', text], 'error');
      bench.call(() => listener.close());
      await bench.pass(10);
      checkEqual((await bench.listen(() => {}, at)).listener.local, at, 'bound again');
    },
  },
  {
    name: 'listening on an address of another machine fails through the handler',
    async run(bench) {
      const host = bench.world.foreignHost;
      const error = await listenFailure(bench, { host, port: 7946 });
      const text = `listen tcp ${host}:7946: bind: cannot assign requested address`;
      checkEqual([error.code, error.message], ['EADDRNOTAVAIL', text], 'error');
    },
  },
  {
    name: 'binding an impossible port fails through the handler',
    async run(bench) {
      const { host } = bench.world;
      const streams = await listenFailure(bench, { host, port: 65_536 });
      const packets = await bench.failure<PacketSocket, NetworkError>((done) =>
        bench.runtime.network.bindPackets({ host, port: -1 }, () => {}, done),
      );
      checkEqual([streams.code, packets.code], ['EINVAL', 'EINVAL'], 'codes');
    },
  },
  {
    name: 'a stream and a datagram socket may have the same port',
    async run(bench) {
      const { listener } = await bench.listen();
      checkEqual((await bench.bindPackets(listener.local)).socket.local, listener.local, 'local');
    },
  },
  {
    name: 'a closed listener accepts nothing, while its streams go on',
    async run(bench) {
      const { listener, dialled, accepted } = await bench.connect();
      bench.call(() => listener.close());
      bench.call(() => listener.close());
      await bench.pass(10);
      const late = bench.dial(listener.local);
      await bench.until(() => late.isClosed, 'the late dial fails');
      checkEqual(late.error?.code, 'ECONNREFUSED', 'code');
      bench.call(() => dialled.stream?.write(patternBytes(10)));
      await bench.until(() => accepted.receivedBytes === 10, 'bytes on the old stream');
    },
  },
  {
    name: 'a listener closed inside accept accepts no more',
    async run(bench) {
      let accepted = 0;
      const accept = (stream: Stream) => {
        accepted++;
        bench.call(() => listener.close());
        bench.call(() => stream.end());
        return { onData() {}, onEnd() {}, onClosed() {} };
      };
      const listener = await bench.value<Listener, NetworkError>((done) =>
        bench.runtime.network.listen(bench.anyPort, accept, done),
      );
      const streams = Array.from({ length: 20 }, () => bench.dial(listener.local, 2_000));
      await bench.until(() => streams.every(({ isOpen, isClosed }) => isOpen || isClosed), 'the dials end');
      await bench.pass(30);
      checkEqual(accepted, 1, 'accepted');
    },
  },
];

function echo(bench: Bench, to: Endpoint, index: number): RecordedStream {
  const stream = bench.dial(to, 20_000);
  bench.call(() => stream.stream?.write(patternBytes(3_000, index)));
  bench.call(() => stream.stream?.end());
  return stream;
}

function listenFailure(bench: Bench, at: Endpoint): Promise<NetworkError> {
  return bench.failure<Listener, NetworkError>((done) =>
    bench.runtime.network.listen(at, () => ({ onData() {}, onEnd() {}, onClosed() {} }), done),
  );
}

async function checkPause(bench: Bench, paused: RecordedStream, sender: RecordedStream): Promise<void> {
  const before = [...paused.events];
  bench.call(() => paused.stream?.pause());
  bench.call(() => sender.stream?.write(patternBytes(100_000)));
  bench.call(() => sender.stream?.end());
  await bench.pass(50);
  checkEqual(paused.events, before, 'events while it was paused');
  bench.call(() => paused.stream?.resume());
  await bench.until(() => paused.hasEnded, 'the end');
  checkBytes(paused.received(), patternBytes(100_000), 'bytes');
}

async function checkFull(bench: Bench, sender: RecordedStream, receiver: RecordedStream): Promise<void> {
  let written = 0;
  for (; written < 64 << 20 && sender.stream?.isFull === false; written += 1 << 16) {
    bench.call(() => sender.stream?.write(new Uint8Array(1 << 16)));
  }
  await bench.until(() => sender.stream?.isFull === false, 'room');
  await bench.until(() => receiver.receivedBytes === written, 'all bytes');
  const wasFull = written < 64 << 20; // the virtual system is never full
  checkEqual(sender.drains > 0, wasFull, 'told');
}
