// Rules of how streams end: refused, timed out, closed once, destroyed, reset.

import { NetworkError } from '../network.ts';
import { type BenchCase, check, checkEqual, patternBytes } from './bench.ts';

/** The cases about the ends of streams. */
export const streamEndingCases: readonly BenchCase[] = [
  {
    name: 'a refused dial is closed with the words of the original',
    async run(bench) {
      const { listener } = await bench.listen();
      const to = listener.local;
      bench.call(() => listener.close());
      await bench.pass(10);
      const dialled = bench.dial(to);
      bench.call(() => dialled.stream?.write(patternBytes(100)));
      await bench.until(() => dialled.isClosed, 'the refusal');
      await bench.pass(10);
      checkEqual(dialled.events, ['closed'], 'events');
      check(dialled.error instanceof NetworkError, 'not a NetworkError');
      const text = `dial tcp ${to.host}:${to.port}: connect: connection refused`;
      checkEqual([dialled.error.code, dialled.error.message], ['ECONNREFUSED', text], 'error');
    },
  },
  {
    name: 'a dial that nobody answers is closed after its timeout, not before',
    async run(bench) {
      const { silent } = bench.world;
      const dialledAt = bench.runtime.clock.now();
      const dialled = bench.dial(silent, 150);
      await bench.until(() => dialled.isClosed, 'the timeout');
      const passed = bench.runtime.clock.now() - dialledAt;
      check(passed >= 148, `closed after ${passed} ms instead of 150`);
      const text = `dial tcp ${silent.host}:${silent.port}: i/o timeout`;
      checkEqual([dialled.error?.code, dialled.error?.message], ['ETIMEDOUT', text], 'error');
      await bench.pass(50);
      checkEqual(dialled.events, ['closed'], 'events');
    },
  },
  {
    name: 'dialling an impossible port fails through the handler',
    async run(bench) {
      const { host } = bench.world;
      const streams = [0, 65_536, -1].map((port) => bench.dial({ host, port }, 500));
      await bench.until(() => streams.every(({ isClosed }) => isClosed), 'the failures');
      for (const { events, error } of streams) {
        checkEqual(events, ['closed'], 'events');
        check(error instanceof NetworkError, 'not a NetworkError');
      }
    },
  },
  {
    name: 'a dial destroyed before it is open is never heard of again',
    async run(bench) {
      const { listener } = await bench.listen();
      const streams = [bench.dial(bench.world.silent, 50), bench.dial(listener.local, 50)];
      for (const { stream } of streams) bench.call(() => stream?.destroy());
      await bench.pass(100);
      checkEqual(
        streams.map(({ events }) => events),
        [[], []],
        'events',
      );
    },
  },
  {
    name: 'when both sides have ended each is closed once, without an error',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      bench.call(() => dialled.stream?.end());
      bench.call(() => accepted.stream?.end());
      await bench.until(() => dialled.isClosed && accepted.isClosed, 'both sides close');
      await bench.pass(20);
      checkEqual(dialled.events, ['open', 'end', 'closed'], 'events of the dialled side');
      checkEqual(accepted.events, ['end', 'closed'], 'events of the accepted side');
      checkEqual([dialled.error?.message, accepted.error?.message], [undefined, undefined], 'errors');
    },
  },
  {
    name: 'ending inside the handler of the end closes the stream, but not inside that call',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      dialled.onEnd = () => bench.call(() => dialled.stream?.end());
      bench.call(() => accepted.stream?.end());
      await bench.until(() => dialled.isClosed && accepted.isClosed, 'both sides close');
      checkEqual(dialled.events, ['open', 'end', 'closed'], 'events');
    },
  },
  {
    name: 'after destroy no handler fires, even when bytes are waiting',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      accepted.onData = () => bench.call(() => accepted.stream?.destroy());
      bench.call(() => dialled.stream?.write(patternBytes(1 << 20)));
      bench.call(() => dialled.stream?.end());
      await bench.until(() => accepted.receivedBytes > 0, 'the first chunk');
      await bench.pass(30);
      checkEqual([accepted.chunks.length, accepted.events], [1, ['data']], 'chunks and events');
    },
  },
  {
    name: 'a stream that is gone is full',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      checkEqual([dialled.stream?.isFull, accepted.stream?.isFull], [false, false], 'before');
      bench.call(() => dialled.stream?.destroy());
      checkEqual(dialled.stream?.isFull, true, 'after its own destroy');
      await bench.until(() => accepted.hasEnded || accepted.isClosed, 'the other side hears of it');
      bench.call(() => accepted.stream?.end());
      await bench.until(() => accepted.isClosed, 'the other side closes');
      checkEqual(accepted.stream?.isFull, true, 'after the other side’s');
    },
  },
  {
    name: 'a stream destroyed inside accept tells its handler nothing',
    async run(bench) {
      const { listener, accepted } = await bench.listen(({ stream }) => stream?.destroy());
      const dialled = bench.dial(listener.local);
      bench.call(() => dialled.stream?.write(patternBytes(10)));
      await bench.until(() => accepted.length > 0, 'the stream is accepted');
      await bench.until(() => dialled.hasEnded || dialled.isClosed, 'the other side hears of it');
      await bench.pass(20);
      checkEqual(accepted[0]?.events, [], 'events');
    },
  },
  {
    name: 'the other side of a destroyed stream hears an end or a failure, and is closed once',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      bench.call(() => accepted.stream?.destroy());
      await bench.until(() => dialled.hasEnded || dialled.isClosed, 'the other side hears of it');
      bench.call(() => dialled.stream?.end());
      await bench.until(() => dialled.isClosed, 'the other side is closed');
      await bench.pass(20);
      checkEqual(dialled.events.filter((event) => event === 'closed').length, 1, 'times closed');
    },
  },
  {
    name: 'writing to a side that is gone ends in one failure with the name of the error',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      bench.call(() => accepted.stream?.destroy());
      for (let round = 0; round < 200 && !dialled.isClosed; round++) {
        bench.call(() => dialled.stream?.write(patternBytes(1_000)));
        await bench.pass(5);
      }
      check(dialled.error instanceof NetworkError, 'no NetworkError');
      check(['ECONNRESET', 'EPIPE'].includes(dialled.error.code), `unexpected code ${dialled.error.code}`);
      const remote = dialled.stream?.remote;
      const reason = dialled.error.code === 'EPIPE' ? 'broken pipe' : 'connection reset by peer';
      check(/^(read|write) tcp /.test(dialled.error.message), dialled.error.message);
      const tail = `->${remote?.host}:${remote?.port}: ${dialled.error.message.split(' ')[0]}: ${reason}`;
      check(dialled.error.message.endsWith(tail), dialled.error.message);
      checkEqual(dialled.events.at(-1), 'closed', 'last event');
    },
  },
  {
    name: 'a stream that has ended or closed takes every call and does nothing',
    async run(bench) {
      const { dialled, accepted } = await bench.connect();
      const use = () => {
        bench.call(() => dialled.stream?.write(patternBytes(10)));
        bench.call(() => dialled.stream?.end());
      };
      bench.call(() => dialled.stream?.end());
      use();
      bench.call(() => accepted.stream?.end());
      await bench.until(() => dialled.isClosed && accepted.isClosed, 'both sides close');
      use();
      bench.call(() => dialled.stream?.destroy());
      bench.call(() => dialled.stream?.destroy());
      use();
      await bench.pass(20);
      checkEqual([dialled.events, accepted.receivedBytes], [['open', 'end', 'closed'], 0], 'happened');
    },
  },
];
