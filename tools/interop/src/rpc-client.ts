// Serf's RPC without a command line: user events with any bytes as payload (an argument can hold neither a
// zero byte nor bytes that are no text), and many requests on one connection.
//
// Written for these tests and not shared with the program under test, so that both cannot be wrong in the
// same way.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  boolean,
  bytes,
  concatBytes,
  encodeWith,
  field,
  list,
  MsgpackReader,
  rpcDialect,
  struct,
  TruncatedError,
  text,
  uint64,
} from '@reeve/bytes';
import type { AgentPlace } from './agent.ts';

/** What follows the header of a request. */
export type RpcBody = Uint8Array;

/** How a command is answered: by a header alone, or by a header and a body. */
export type ReplyShape = 'header' | 'body';

/** One connection to an agent. Any number of requests may be under way; they are answered in their order. */
export class RpcConnection {
  readonly #socket: Socket;
  // Both bounded by what the owner asks for.
  readonly #waiting = new Map<number, Waiting>();
  readonly #streams = new Map<number, (record: Uint8Array) => void>();
  #input: Uint8Array = new Uint8Array(0);
  #lastSeq = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the agent closed the connection')));
  }

  /** Connects and shakes hands. */
  static async open(agent: Pick<AgentPlace, 'rpc'>): Promise<RpcConnection> {
    const [host = '', port = ''] = agent.rpc.split(':');
    const socket = connect({ host, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    const connection = new RpcConnection(socket);
    await connection.request('handshake', 'header', rpcBody.handshake(1));
    return connection;
  }

  /** Sends a request; resolves with the reply's body, empty if such replies have none. */
  request(command: string, shape: ReplyShape, body: RpcBody = noBody): Promise<Uint8Array> {
    const seq = ++this.#lastSeq;
    const header = encodeWith(requestHeader, rpcDialect, { command, seq });
    this.#socket.write(concatBytes([header, body]));
    return new Promise((resolve, reject) => {
      this.#waiting.set(seq, { command, shape, resolve, reject });
    });
  }

  /** Asks for a stream of events: `user:deploy`. Each goes to `onRecord` the moment it arrives, encoded. */
  async stream(filter: string, onRecord: (record: Uint8Array) => void): Promise<void> {
    const asked = this.request('stream', 'header', rpcBody.stream(filter));
    this.#streams.set(this.#lastSeq, onRecord);
    await asked;
  }

  /** Hangs up. */
  close(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Uint8Array): void {
    this.#input = this.#input.length === 0 ? chunk : concatBytes([this.#input, chunk]);
    const reader = new MsgpackReader(this.#input);
    let taken = 0;
    try {
      for (; reader.remaining > 0; taken = reader.offset) this.#take(reader);
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error; // the rest is still to come
    }
    this.#input = this.#input.subarray(taken);
  }

  /** One reply or record. Nothing changes before all of it is there. */
  #take(reader: MsgpackReader): void {
    const { seq, error } = responseHeader.decode(reader);
    const waiting = this.#waiting.get(seq);
    const hasBody = waiting === undefined || waiting.shape === 'body';
    const bodyStart = reader.offset;
    if (hasBody) reader.skip();
    const body = reader.buffer.subarray(bodyStart, reader.offset);
    if (waiting === undefined) return this.#streams.get(seq)?.(body);
    this.#waiting.delete(seq);
    if (error === '') waiting.resolve(body);
    else waiting.reject(new Error(`${waiting.command}: ${error}`));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** The bodies of some requests. */
export const rpcBody = {
  handshake: (version: number): RpcBody => encodeWith(handshakeBody, rpcDialect, { version }),
  event: (name: string, payload: Uint8Array, coalesce: boolean): RpcBody =>
    encodeWith(eventBody, rpcDialect, { name, payload, coalesce }),
  join: (existing: readonly string[], replay: boolean): RpcBody =>
    encodeWith(joinBody, rpcDialect, { existing, replay }),
  stream: (type: string): RpcBody => encodeWith(streamBody, rpcDialect, { type }),
};

/** Sends a user event through an agent's RPC. */
export async function sendEvent(
  agent: AgentPlace,
  name: string,
  payload: Uint8Array,
  coalesce = false,
): Promise<void> {
  const connection = await RpcConnection.open(agent);
  try {
    await connection.request('event', 'header', rpcBody.event(name, payload, coalesce));
  } finally {
    connection.close();
  }
}

interface Waiting {
  readonly command: string;
  readonly shape: ReplyShape;
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

const requestHeader = struct<{ command: string; seq: number }>({
  command: field('Command', text),
  seq: field('Seq', uint64),
});
const responseHeader = struct<{ error: string; seq: number }>({
  error: field('Error', text),
  seq: field('Seq', uint64),
});
const handshakeBody = struct<{ version: number }>({ version: field('Version', uint64) });
const eventBody = struct<{ name: string; payload: Uint8Array; coalesce: boolean }>({
  name: field('Name', text),
  payload: field('Payload', bytes),
  coalesce: field('Coalesce', boolean),
});
const joinBody = struct<{ existing: readonly string[]; replay: boolean }>({
  existing: field('Existing', list(text, 1)),
  replay: field('Replay', boolean),
});
const streamBody = struct<{ type: string }>({ type: field('Type', text) });
const noBody = new Uint8Array(0);
