// A session with both ends in the test's hands: what a client sends and gets, without a socket.

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Codec,
  concatBytes,
  encodeWith,
  MsgpackObjectStream,
  MsgpackReader,
  rpcDialect,
} from '@reeve/bytes';
import { noMetrics } from '@reeve/runtime';
import { MembersBody } from '../../dist/rpc/members-body.js';
import { RpcSession } from '../../dist/rpc/session.js';
import { type ReplyHeader, replyHeader, requestHeader } from '../../dist/rpc/wire/headers.js';
import { handshakeRequest } from '../../dist/rpc/wire/requests.js';
import type { FakeAgent } from './fake-agent.ts';

/** One client and its session. */
export class Conversation {
  readonly session: RpcSession;
  /** Log lines of the session, `LEVEL text`. */
  readonly log: string[] = [];
  onLog: (line: string) => void = () => {};
  isClosed = false;
  isReading = true;
  /** What the session is told that the system has not taken yet. */
  unsentBytes = 0;
  #written: Uint8Array[] = [];
  #seq = 0n;

  constructor(agent: FakeAgent, authKey = '') {
    const log = (level: string, text: string): void => {
      this.log.push(`${level} ${text}`);
      this.onLog(text);
    };
    const conversation = this;
    this.session = new RpcSession(
      { agent, authKey, log, metrics: noMetrics },
      {
        clientName: '127.0.0.1:5000',
        get unsentBytes() {
          return conversation.unsentBytes;
        },
        write: (bytes) => this.#written.push(bytes),
        setReading: (isReading) => {
          this.isReading = isReading;
        },
        end: () => {
          this.isClosed = true;
        },
      },
      new MembersBody(),
    );
  }

  /** Sends bytes; resolves with what the session has written once at least `bytes` of it are there. */
  async exchange(request: Uint8Array, bytes = 0): Promise<Uint8Array> {
    this.session.onData(request);
    return this.receive(bytes);
  }

  /** What has been written since the last time, waiting for at least `bytes`; fails after half a minute. */
  async receive(bytes = 0): Promise<Uint8Array> {
    const deadline = performance.now() + patienceMs;
    for (let settled = 0; settled < 3; settled++) {
      await nextTurn();
      const length = this.#written.reduce((sum, each) => sum + each.length, 0);
      if (length >= bytes || this.isClosed) continue;
      if (performance.now() > deadline) throw new Error(`only ${length} of ${bytes} bytes came`);
      settled = -1;
    }
    const received = concatBytes(this.#written);
    this.#written = [];
    return received;
  }

  /** Sends a command with the next sequence number and splits what comes into objects. */
  async command<T>(name: string, codec?: Codec<T>, body?: T): Promise<Uint8Array[]> {
    return splitObjects(await this.exchange(this.encode(name, codec, body), 1));
  }

  /** A request with the next sequence number. */
  encode<T>(command: string, codec?: Codec<T>, body?: T): Uint8Array {
    this.#seq += 1n;
    const header = encodeWith(requestHeader, rpcDialect, { command, seq: this.#seq });
    return codec === undefined ? header : concatBytes([header, encodeWith(codec, rpcDialect, body as T)]);
  }

  /** Does what every client does first. */
  async handshake(): Promise<void> {
    const [header] = await this.command('handshake', handshakeRequest, { version: 1 });
    if (readHeader(header).error !== '') throw new Error(readHeader(header).error);
  }
}

/** The objects in some bytes; they must be whole. */
export function splitObjects(bytes: Uint8Array): Uint8Array[] {
  const stream = new MsgpackObjectStream(Number.POSITIVE_INFINITY);
  stream.push(bytes);
  const objects: Uint8Array[] = [];
  for (let object = stream.next(); object !== undefined; object = stream.next()) objects.push(object);
  if (stream.bufferedBytes > 0) throw new Error(`${stream.bufferedBytes} bytes are no whole object`);
  return objects;
}

/** Reads an object. */
export function read<T>(codec: Codec<T>, object: Uint8Array | undefined): T {
  if (object === undefined) throw new Error('an object is missing');
  return codec.decode(new MsgpackReader(object));
}

/** Reads a reply's header. */
export function readHeader(object: Uint8Array | undefined): ReplyHeader {
  return read(replyHeader, object);
}

/** Of a machine that is busy with other things, too. */
const patienceMs = 30_000;
