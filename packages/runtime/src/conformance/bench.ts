// The workbench of a case: calls the runtime, records what comes back, and notices callbacks from inside a
// call.
//
// Every call a case makes goes through `call`, and every callback through `callback`, so that the first rule
// of the contract (never call back synchronously) and the second (never throw) are checked everywhere.

import type { Endpoint, Listener, NetworkError, NetworkStream, PacketSocket, Result } from '../network.ts';
import type { Runtime } from '../runtime.ts';
import { RecordedStream } from './recorded-stream.ts';
import type { ConformanceWorld } from './subject.ts';

/** How an implementation breaks the contract. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** One rule, run on a bench. */
export interface BenchCase {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/** A datagram as it arrived. */
export interface ReceivedPacket {
  readonly packet: Uint8Array;
  readonly from: Endpoint;
}

/** Throws unless the condition holds. */
export function check(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new ConformanceError(rule);
}

/** Throws unless two plain values are the same. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [shown, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(shown === wanted, `${what}: expected ${wanted}, got ${shown}`);
}

/** Bytes that tell where they belong: a counter that does not repeat before 64 KiB. */
export function patternBytes(length: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = seed + index + (index >> 8);
  return bytes;
}

/** Throws unless two runs of bytes are the same. */
export function checkBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  const at = expected.findIndex((byte, index) => byte !== actual[index]);
  check(actual.constructor === Uint8Array, `${what}: not plain bytes, so that slice() may not copy`);
  check(actual.length === expected.length, `${what}: ${actual.length} bytes instead of ${expected.length}`);
  check(at < 0, `${what}: byte ${at} is wrong`);
}

/** The runtime of one case. */
export class Bench {
  readonly world: ConformanceWorld;
  readonly runtime: Runtime;
  #callsUnderWay = 0;
  #reentered = false;

  constructor(world: ConformanceWorld) {
    this.world = world;
    this.runtime = world.runtime;
  }

  /** Any port of the machine. */
  get anyPort(): Endpoint {
    return { host: this.world.host, port: 0 };
  }

  /** Calls the runtime. */
  call<T>(call: () => T): T {
    this.#callsUnderWay++;
    try {
      return call();
    } finally {
      this.#callsUnderWay--;
    }
  }

  /** Something the runtime may call, but not from inside a call. */
  callback<Args extends readonly unknown[], T>(callback: (...args: Args) => T): (...args: Args) => T {
    return (...args) => {
      if (this.#callsUnderWay > 0) this.#reentered = true;
      return callback(...args);
    };
  }

  throwIfReentered(): void {
    check(!this.#reentered, 'a callback ran inside the call that caused it');
  }

  /** Lets time pass until the condition holds. */
  async until(condition: () => boolean, what: string): Promise<void> {
    check(await this.world.passUntil(condition, waitMsMax), `waited in vain: ${what}`);
  }

  /** Lets time pass, long enough for what must not happen. */
  async pass(forMs: number): Promise<void> {
    await this.world.passUntil(() => false, forMs);
  }

  /** Makes a call of the runtime that answers by a callback, and waits for the answer. */
  async answer<T, E>(start: (done: (result: Result<T, E>) => void) => void): Promise<Result<T, E>> {
    const answers: Result<T, E>[] = [];
    this.call(() => start(this.callback((result) => answers.push(result))));
    await this.until(() => answers.length > 0, 'the answer to a call');
    const [first] = answers;
    if (first === undefined || answers.length > 1) throw new ConformanceError('a call was answered twice');
    return first;
  }

  /** Like `answer`, for calls that have to succeed. */
  async value<T, E extends Error>(start: (done: (result: Result<T, E>) => void) => void): Promise<T> {
    const result = await this.answer(start);
    if (!result.ok) throw new ConformanceError(`unexpected failure: ${result.error.message}`);
    return result.value;
  }

  /** Like `answer`, for calls that have to fail. */
  async failure<T, E extends Error>(start: (done: (result: Result<T, E>) => void) => void): Promise<E> {
    const result = await this.answer(start);
    if (result.ok) throw new ConformanceError('a call succeeded that has to fail');
    return result.error;
  }

  /** Binds a datagram socket and keeps what it receives. */
  async bindPackets(at = this.anyPort): Promise<{ socket: PacketSocket; received: ReceivedPacket[] }> {
    const received: ReceivedPacket[] = [];
    const onPacket = this.callback((packet: Uint8Array, from: Endpoint) => received.push({ packet, from }));
    const socket = await this.value<PacketSocket, NetworkError>((done) =>
      this.runtime.network.bindPackets(at, onPacket, done),
    );
    return { socket, received };
  }

  /** Listens and records the accepted streams. `prepare` runs inside `accept`. */
  async listen(
    prepare: (accepted: RecordedStream) => void = () => {},
    at = this.anyPort,
  ): Promise<{ listener: Listener; accepted: RecordedStream[] }> {
    const accepted: RecordedStream[] = [];
    const accept = this.callback((stream: NetworkStream) => {
      const recorded = new RecordedStream(this);
      recorded.stream = stream;
      accepted.push(recorded);
      this.call(() => prepare(recorded));
      return recorded.handler;
    });
    const listener = await this.value<Listener, NetworkError>((done) =>
      this.runtime.network.listen(at, accept, done),
    );
    return { listener, accepted };
  }

  /** Dials and records the stream. */
  dial(
    to: Endpoint,
    timeoutMs = 5_000,
    prepare: (dialled: RecordedStream) => void = () => {},
  ): RecordedStream {
    const recorded = new RecordedStream(this);
    prepare(recorded);
    recorded.stream = this.call(() => this.runtime.network.dial(to, timeoutMs, recorded.handler));
    return recorded;
  }

  /** A dialled stream and its accepted end, both open. */
  async connect(
    prepare: { dialled?: (stream: RecordedStream) => void; accepted?: (stream: RecordedStream) => void } = {},
  ): Promise<{ listener: Listener; dialled: RecordedStream; accepted: RecordedStream }> {
    const { listener, accepted } = await this.listen(prepare.accepted);
    const dialled = this.dial(listener.local, 5_000, prepare.dialled);
    await this.until(() => dialled.isOpen && accepted.length > 0, 'a dialled stream is open on both sides');
    const [first] = accepted;
    if (first === undefined) throw new ConformanceError('no stream was accepted');
    return { listener, dialled, accepted: first };
  }
}

/** Longer than anything in here may take on a busy machine. */
const waitMsMax = 20_000;
