// net/rpc over the server port, on virtual connections: calls, their errors, and what a port refuses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '@reeve/bytes';
import type { Result, StreamHandler } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { PortBudget } from '../../dist/rpc/client-budget.js';
import { CallError } from '../../dist/rpc/connection.js';
import { ConnectionPool } from '../../dist/rpc/connection-pool.js';
import { requestBytesMax } from '../../dist/rpc/net-rpc/limits.js';
import { type ServeCall, ServedStream } from '../../dist/rpc/net-rpc/served-stream.js';
import { listenForCalls, type PortLimits } from '../../dist/rpc/server-port.js';
import { encodeFrame, flagRst, flagSyn, headerBytes } from '../../dist/rpc/yamux/frame.js';
import { YamuxSession } from '../../dist/rpc/yamux/yamux-session.js';
import { usualPortLimits } from '../kit/usual-settings.js';

test('the answer to a call has the bytes of the real program', () => {
  const { world, dial } = start(answerWith({ ok: true, value: Uint8Array.of(0xc2) }));
  const { received, stream } = dial();
  // From testdata/golden/consul/rpc/client-agent-to-server.txt, stream 5 (Seq 18, KVS.Apply).
  stream.write(
    Uint8Array.of(0, ...hex('82a353657112ad536572766963654d6574686f64a94b56532e4170706c79'), 0x80),
  );
  world.run(100);
  const expected = hex('83a54572726f72a0a353657112ad536572766963654d6574686f64a94b56532e4170706c79c2');
  assert.deepEqual(Buffer.concat(received), Buffer.from(expected));
});

test('calls are answered each for itself, however long another takes', () => {
  const waiting: (() => void)[] = [];
  const { world, call } = start(({ body }, answer) => {
    const reply = () => answer({ ok: true, value: () => body });
    if (body[0] === 1) waiting.push(reply);
    else reply();
    return () => {};
  });
  const slow = call('Slow.Call', Uint8Array.of(1));
  const quick = call('Quick.Call', Uint8Array.of(2));
  world.run(100);
  assert.deepEqual([slow.reply, quick.reply], [undefined, { ok: true, value: Uint8Array.of(2) }]);
  for (const reply of waiting) reply();
  world.run(100);
  assert.deepEqual(slow.reply, { ok: true, value: Uint8Array.of(1) });
});

test('a stream is used again by the next call', () => {
  const { world, call, connections } = start(answerWith({ ok: true, value: nil }));
  for (let i = 0; i < 5; i++) {
    const asked = call('Status.Ping', nil);
    world.run(100);
    assert.equal(asked.reply?.ok, true);
  }
  assert.equal(connections(), 1);
});

test('a stream that the server has closed is not used again', () => {
  const world = new VirtualWorld({ seed: 7 });
  const at = { host: '10.0.0.2', port: 8300 };
  const { runtime } = world.host(at.host);
  const streams: { destroy(): void }[] = [];
  const serve = answerWith({ ok: true, value: nil });
  runtime.network.listen(
    at,
    (connection) => {
      const session = new YamuxSession({
        runtime,
        side: 'accepted',
        connect: () => connection,
        accept: (stream) => {
          streams.push(stream);
          return new ServedStream(stream, serve, runtime, new PortBudget().forClient().requests);
        },
        onClosed: () => {},
      });
      const onData = (chunk: Uint8Array) => session.onData(chunk[0] === 4 ? chunk.subarray(1) : chunk);
      return { onData, onEnd: () => session.onEnd(), onClosed: (error) => session.onClosed(error) };
    },
    () => {},
  );
  const pool = new ConnectionPool(world.host('10.0.0.1').runtime);
  world.run(1);
  const replies: Result<Uint8Array>[] = [];
  for (let call = 0; call < 2; call++) {
    pool.call(at, 'Status.Ping', nil, (reply) => replies.push(reply));
    world.run(100);
    streams[call]?.destroy();
    world.run(100);
  }
  assert.deepEqual([streams.length, replies.map(({ ok }) => ok)], [2, [true, true]]);
});

test('requests whose end does not come take no more than the budget of their client', () => {
  const { world, dial, log } = start(answerWith({ ok: true, value: nil }));
  const half = new Uint8Array(requestBytesMax - 1_000);
  new DataView(half.buffer).setUint8(0, 0xc6); // bytes, so many:
  new DataView(half.buffer).setUint32(1, half.length);
  const connections = Array.from({ length: 6 }, () => dial());
  for (const { stream } of connections) stream.write(concatBytes([Uint8Array.of(0), half]));
  world.run(60_000);
  const refused = connections.filter(({ closed }) => closed());
  assert.equal(refused.length, 2, log.join('\n'));
  for (const { stream } of connections) stream.destroy();
  world.run(1_000);
  const next = dial();
  next.stream.write(concatBytes([Uint8Array.of(0), half]));
  world.run(60_000);
  assert.equal(next.closed(), false);
});

test('who sends ever more requests behind one that waits is hung up on', () => {
  const { world, dial, log } = start(() => () => {});
  const { stream, closed } = dial();
  const request = [...hex('82a353657101ad536572766963654d6574686f64a158'), 0x80];
  stream.write(Uint8Array.of(0, ...request));
  stream.write(new Uint8Array(requestBytesMax).fill(0x80));
  world.run(60_000);
  assert.equal(closed(), false);
  stream.write(Uint8Array.of(0x80));
  world.run(60_000);
  assert.equal(closed(), true);
  assert.match(log.join('\n'), /bytes of requests wait behind one/);
});

test('any number of calls that come at once and are answered at once is served', () => {
  let served = 0;
  const { handler } = accepted((_call, answer) => {
    served++;
    answer({ ok: true, value: () => nil });
    return () => {};
  });
  handler.onData(Uint8Array.of(0, ...new Uint8Array(100_000).fill(0x80)));
  assert.equal(served, 50_000);
});

test('a client has so many streams, over however many connections; another has its own', () => {
  const { world, dial } = start(answerWith({ ok: true, value: nil }));
  const open = (from?: string) => {
    const { stream, received } = dial(from);
    const begun = Array.from({ length: 12_000 }, (_, at) =>
      encodeFrame({ type: 'window-update', flags: flagSyn, streamId: 2 * at + 1, length: 0 }),
    );
    stream.write(concatBytes([Uint8Array.of(4), ...begun]));
    world.run(5_000);
    return flagsIn(received).filter((flags) => (flags & flagRst) !== 0).length;
  };
  assert.deepEqual([open(), open(), open(), open('10.0.0.9')], [0, 0, 3_231, 0]);
});

test('answers that a client does not take wait for it, over however many connections', () => {
  let encoded = 0;
  const megabyte = new Uint8Array(1_000_000);
  const { world, dial } = start((_call, answer) => {
    const encode = () => {
      encoded++;
      return megabyte;
    };
    answer({ ok: true, value: encode });
    return () => {};
  });
  const request = Uint8Array.of(...hex('82a353657101ad536572766963654d6574686f64a161'), 0x80);
  const deaf = Array.from({ length: 4 }, () => dial());
  for (const { stream } of deaf) {
    const calls = Array.from({ length: 60 }, (_, at) =>
      encodeFrame({ type: 'data', flags: flagSyn, streamId: 2 * at + 1, length: request.length }, request),
    );
    stream.write(concatBytes([Uint8Array.of(4), ...calls]));
  }
  world.run(10_000);
  assert.ok(encoded > 60 && encoded < 110, `${encoded}`);
  for (const { stream } of deaf.slice(1)) stream.destroy();
  const before = encoded;
  world.run(10_000);
  assert.ok(encoded >= before + 50, 'who goes makes room for the others');
});

test('who does not take answers is not listened to, and served no further', () => {
  const served: string[] = [];
  const { stream, handler } = accepted(({ method }, answer) => {
    served.push(method);
    stream.isFull = true;
    answer({ ok: true, value: () => nil });
    return () => {};
  });
  const request = (name: string) => [...hex(`82a353657101ad536572766963654d6574686f64a1${name}`), 0x80];
  handler.onData(Uint8Array.of(0, ...request('61'), ...request('62')));
  assert.deepEqual([served, stream.isPaused], [['a'], true]);
  stream.isFull = false;
  handler.onDrain?.();
  assert.deepEqual([served, stream.isPaused], [['a', 'b'], false]);
});

test('a long answer is encoded a piece a turn, as it is taken, and the next call waits for its end', () => {
  const served: string[] = [];
  const { stream, handler, world } = accepted(({ method }, answer) => {
    served.push(method);
    answer({ ok: true, value: method === 'a' ? () => numbered(served) : () => nil });
    return () => {};
  });
  const request = (name: string) => [...hex(`82a353657101ad536572766963654d6574686f64a1${name}`), 0x80];
  handler.onData(Uint8Array.of(0, ...request('61'), ...request('62')));
  assert.deepEqual(served, ['a', 'piece 1']);
  stream.isFull = true;
  world.run(1_000);
  assert.deepEqual(served, ['a', 'piece 1', 'piece 2'], 'it was on its way already');
  stream.isFull = false;
  handler.onDrain?.();
  assert.equal(served.length, 3, 'it has a turn of its own');
  world.run(1_000);
  assert.deepEqual(served, ['a', 'piece 1', 'piece 2', 'piece 3', 'b']);
  const header = hex('83a54572726f72a0a353657101ad536572766963654d6574686f64a1');
  const answers = [...header, 0x61, 1, 2, 3, ...header, 0x62, 0xc0];
  assert.deepEqual([...concatBytes(stream.written)], answers);
});

test('a caller that goes away in the middle of a long answer leaves nothing behind', () => {
  for (const isFull of [false, true]) {
    const served: string[] = [];
    const { stream, handler, world } = accepted((_call, answer) => {
      answer({ ok: true, value: () => numbered(served) });
      return () => {};
    });
    stream.isFull = false;
    handler.onData(Uint8Array.of(0, ...hex('82a353657101ad536572766963654d6574686f64a161'), 0x80));
    stream.isFull = isFull;
    handler.onClosed();
    handler.onDrain?.();
    world.run(1_000);
    assert.deepEqual(served, ['piece 1']);
  }
});

/** Three pieces of one byte; tells of each. */
function* numbered(told: string[]): Generator<Uint8Array, Uint8Array> {
  for (const at of [1, 2]) {
    told.push(`piece ${at}`);
    yield Uint8Array.of(at);
  }
  told.push('piece 3');
  return Uint8Array.of(3);
}

test('the text of a failed call has a prefix for the hop', () => {
  const { world, call } = start(answerWith({ ok: false, error: new Error('No cluster leader') }));
  const asked = call('KVS.Get', nil);
  world.run(100);
  assert.equal(errorText(asked.reply), 'rpc error making call: No cluster leader');
});

test('a server that does not listen is told in the words of the original', () => {
  const world = new VirtualWorld({ seed: 3 });
  const pool = new ConnectionPool(world.host('10.0.0.1').runtime);
  let reply: Result<Uint8Array> | undefined;
  world.host('10.0.0.2');
  pool.call({ host: '10.0.0.2', port: 8300 }, 'Status.Ping', nil, (result) => {
    reply = result;
  });
  world.run(20_000);
  assert.equal(
    errorText(reply),
    'rpc error getting client: failed to get conn: dial tcp 10.0.0.2:8300: connect: connection refused',
  );
});

test('a call whose server dies ends with EOF, and may be asked again', () => {
  const { world, call, server } = start(() => () => {});
  const asked = call('KVS.Get', nil);
  world.run(100);
  server.crash();
  world.run(60_000);
  assert.equal(errorText(asked.reply), 'rpc error making call: EOF');
  const { reply } = asked;
  assert.ok(reply?.ok === false && reply.error instanceof CallError && reply.error.isConnectionLost);
});

test('a caller that goes away frees what serves it', () => {
  let given = 0;
  const { world, call } = start(() => () => {
    given++;
  });
  const asked = call('KVS.Get', nil);
  world.run(100);
  asked.giveUp();
  world.run(100);
  assert.equal(given, 1);
  assert.equal(asked.reply, undefined);
});

test('requests on one stream are served one after the other', () => {
  const answers: (() => void)[] = [];
  const { world, dial } = start((_call, answer) => {
    answers.push(() => answer({ ok: true, value: () => nil }));
    return () => {};
  });
  const { stream } = dial();
  const request = [...hex('82a353657101ad536572766963654d6574686f64a158'), 0x80];
  stream.write(Uint8Array.of(0, ...request, ...request));
  world.run(100);
  assert.equal(answers.length, 1);
  answers[0]?.();
  world.run(100);
  assert.equal(answers.length, 2);
});

const nonsense: Record<string, readonly number[]> = {
  'an unknown first byte': [9],
  'a header that is no map': [0, 0xc3],
  'a text as long as the address space': [0, 0xdb, 0xff, 0xff, 0xff, 0xff],
  'a retired first byte': [2],
};

for (const [what, bytes] of Object.entries(nonsense)) {
  test(`${what} closes the connection with one line in the log`, () => {
    const { world, dial, log } = start(answerWith({ ok: true, value: nil }));
    const { stream, closed } = dial();
    stream.write(Uint8Array.from(bytes));
    world.run(100);
    assert.equal(closed(), true);
    assert.equal(log.length, 1, log.join('\n'));
  });
}

test('a connection that says nothing is closed after rpc_handshake_timeout', () => {
  const { world, dial } = start(() => () => {});
  const { closed } = dial();
  world.run(4_900);
  assert.equal(closed(), false);
  world.run(200);
  assert.equal(closed(), true);
});

test('an address has at most rpc_max_conns_per_client connections at a time', () => {
  const { world, dial } = start(() => () => {}, { ...usualPortLimits, connectionsPerClientMax: 2 });
  const connections = [dial(), dial(), dial()];
  for (const { stream } of connections) stream.write(Uint8Array.of(0));
  world.run(100);
  assert.deepEqual(
    connections.map(({ closed }) => closed()),
    [false, false, true],
  );
  connections[0]?.stream.destroy();
  world.run(100);
  const next = dial();
  next.stream.write(Uint8Array.of(0));
  world.run(100);
  assert.equal(next.closed(), false);
});

test('a port that is closed hangs up, and calls under way are given up', () => {
  let given = 0;
  const { world, call, dial, close } = start(() => () => {
    given++;
  });
  const asked = call('KVS.Get', nil);
  const silent = dial();
  world.run(100);
  close();
  world.run(100);
  assert.equal(given, 1);
  assert.equal(errorText(asked.reply), 'rpc error making call: EOF');
  assert.equal(silent.closed(), true);
});

const nil = Uint8Array.of(0xc0);

/** A server that answers with `serve`, and means to call it. */
function start(serve: ServeCall, limits: PortLimits = usualPortLimits) {
  const world = new VirtualWorld({ seed: 5 });
  const server = world.host('10.0.0.2');
  const at = { host: '10.0.0.2', port: 8300 };
  const log: string[] = [];
  const runtime = { ...server.runtime, log: (_level: string, text: string) => log.push(text) };
  const refuse = (stream: { destroy(): void }) => {
    stream.destroy();
    return { onData() {}, onEnd() {}, onClosed() {} };
  };
  let close = (): void => {};
  listenForCalls(runtime, at, { serve, acceptRaft: refuse, acceptSnapshot: refuse }, limits, (result) => {
    if (result.ok) close = () => result.value.close();
  });
  const client = world.host('10.0.0.1').runtime;
  let dialled = 0;
  const network = Object.create(client.network, {
    dial: {
      value: (...args: Parameters<typeof client.network.dial>) => {
        dialled++;
        return client.network.dial(...args);
      },
    },
  });
  const pool = new ConnectionPool({ ...client, network });
  world.run(1);

  const call = (method: string, body: Uint8Array) => {
    const asked: { reply?: Result<Uint8Array>; giveUp: () => void } = { giveUp() {} };
    asked.giveUp = pool.call(at, method, body, (reply) => {
      asked.reply = reply;
    });
    return asked;
  };
  const dial = (from = '10.0.0.1') => {
    let isClosed = false;
    const received: Uint8Array[] = [];
    const stream = world.host(from).runtime.network.dial(at, 1_000, {
      onData: (chunk) => received.push(chunk),
      onEnd: () => {
        isClosed = true;
      },
      onClosed: () => {
        isClosed = true;
      },
    });
    return { stream, received, closed: () => isClosed };
  };
  return { world, server, log, call, dial, close: () => close(), connections: () => dialled };
}

/** A connection to a port that is there only as far as this test needs it. */
function accepted(serve: ServeCall) {
  const world = new VirtualWorld({ seed: 9 });
  const { runtime } = world.host('10.0.0.2');
  const written: Uint8Array[] = [];
  const stream = {
    written,
    remote: { host: '10.0.0.1', port: 4_000 },
    isFull: false,
    isPaused: false,
    write(bytes: Uint8Array) {
      written.push(bytes);
    },
    writeAll() {},
    end() {},
    destroy() {},
    pause() {
      stream.isPaused = true;
    },
    resume() {
      stream.isPaused = false;
    },
  };
  const refuse = () => assert.fail('it is no such connection');
  const handlers = { serve, acceptRaft: refuse, acceptSnapshot: refuse };
  let handler: StreamHandler | undefined;
  const listen: typeof runtime.network.listen = (_at, accept) => {
    handler = accept(stream);
  };
  const network = Object.create(runtime.network, { listen: { value: listen } });
  listenForCalls({ ...runtime, network }, stream.remote, handlers, usualPortLimits, () => {});
  assert.ok(handler !== undefined);
  return { stream, handler, world };
}

/** Answers every call at once. */
function answerWith(reply: Result<Uint8Array>): ServeCall {
  return (_call, answer) => {
    answer(reply.ok ? { ok: true, value: () => reply.value } : reply);
    return () => {};
  };
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** The flags of all frames without payload. */
function flagsIn(received: readonly Uint8Array[]): number[] {
  const bytes = Buffer.concat(received);
  return Array.from({ length: bytes.length / headerBytes }, (_, at) =>
    bytes.readUInt16BE(at * headerBytes + 2),
  );
}

function errorText(reply: Result<Uint8Array> | undefined): string | undefined {
  return reply?.ok === false ? reply.error.message : undefined;
}
