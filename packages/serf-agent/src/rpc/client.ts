// A client of an agent's RPC port: one connection with any number of requests, streams and queries on it.
//
// The header of a reply does not say whether a body follows; only the request knows. A body comes beside an
// error too, except beside `Authentication required`. Once the connection is gone every call rejects with
// `client closed`.
//
// Upstream: client/rpc_client.go. Next: dial.ts; wire/ for what is said.

import {
  type Codec,
  concatBytes,
  DecodeError,
  encodeWith,
  MsgpackObjectStream,
  MsgpackReader,
  rpcDialect,
} from '@reeve/bytes';
import type { Stream } from '@reeve/runtime';
import { createDialer, type Dialer } from '@reeve/runtime/node';
import type { Coordinate } from '@reeve/serf/core';
import { dialAddress } from './dial.ts';
import { type ReplyHeader, replyHeader, requestHeader } from './wire/headers.ts';
import type { RpcMember } from './wire/member.ts';
import { logRecord, queryRecord } from './wire/records.ts';
import {
  coordinateReply,
  joinReply,
  type KeyReply,
  keyReply,
  membersReply,
  type StatsReply,
  statsReply,
} from './wire/replies.ts';
import {
  authRequest,
  coordinateRequest,
  eventRequest,
  forceLeaveRequest,
  handshakeRequest,
  joinRequest,
  keyRequest,
  type MembersFilteredRequest,
  membersFilteredRequest,
  monitorRequest,
  type QueryRequest,
  queryRequest,
  streamRequest,
  tagsRequest,
} from './wire/requests.ts';

/** Where and how to connect. */
export interface RpcClientOptions {
  /** `host:port`. */
  readonly address: string;
  /** Sent after the handshake if it is not empty. */
  readonly authKey: string;
  /** How long connecting may take; 10 seconds if absent. */
  readonly timeoutMs?: number;
  /** This machine's if absent. */
  readonly network?: Dialer;
}

/** How a key command went, and the summary if not every node did as asked. */
export interface KeyResult extends KeyReply {
  /** Empty for success. */
  readonly error: string;
}

/** Who listens to a query. */
export interface QueryListener {
  /** The question is out; nothing is called before. */
  onStart(): void;
  onAck(from: string): void;
  onResponse(from: string, payload: Uint8Array): void;
}

/** A connection to an agent. Calls reject with an Error that says what the agent said. */
export class RpcClient {
  #stream: Stream | undefined;
  readonly #input = new MsgpackObjectStream(objectBytesMax);
  /** Who waits for what, by sequence number. Bounded by what the owner of this client has asked for. */
  readonly #waiting = new Map<bigint, Waiting>();
  /** What to do with the next object if it is no header. */
  #onBody: ((body: Uint8Array) => void) | undefined;
  #lastSeq = 0n;
  #isClosed = false;

  private constructor() {}

  /** Connects, shakes hands and authenticates. */
  static async connect(options: RpcClientOptions): Promise<RpcClient> {
    const client = new RpcClient();
    const network = options.network ?? createDialer();
    client.#stream = await dialAddress(network, options.address, options.timeoutMs ?? timeoutMsDefault, {
      onData: (chunk) => client.#onData(chunk),
      onClosed: () => client.close(),
    });
    try {
      await client.#tell('handshake', encode(handshakeRequest, { version: 1 }));
      if (options.authKey !== '')
        await client.#tell('auth', encode(authRequest, { authKey: options.authKey }));
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  /** Drops the connection; whoever waits hears of it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream?.destroy();
    for (const waiting of this.#waiting.values()) waiting.onClosed();
    this.#waiting.clear();
  }

  /** Every known member. */
  async members(): Promise<readonly RpcMember[]> {
    return (await this.#ask('members', noBody, membersReply)).members;
  }

  /** The members that match. */
  async membersFiltered(filter: MembersFilteredRequest): Promise<readonly RpcMember[]> {
    return (await this.#ask('members-filtered', encode(membersFilteredRequest, filter), membersReply))
      .members;
  }

  /** Sends a user event. */
  userEvent(name: string, payload: Uint8Array | null, coalesce: boolean): Promise<void> {
    return this.#tell('event', encode(eventRequest, { name, payload, coalesce }));
  }

  /** Makes a failed member a left one, or with `prune` forgets it. */
  forceLeave(node: string, prune: boolean): Promise<void> {
    return this.#tell('force-leave', encode(forceLeaveRequest, { node, prune }));
  }

  /** Joins; resolves with how many addresses could be contacted. */
  async join(existing: readonly string[], replay: boolean): Promise<number> {
    return (await this.#ask('join', encode(joinRequest, { existing, replay }), joinReply)).num;
  }

  /** Makes the agent leave the cluster and end. */
  leave(): Promise<void> {
    return this.#tell('leave', noBody);
  }

  /** Deletes tags of the agent, then sets others. */
  updateTags(tags: ReadonlyMap<string, string>, deleteTags: readonly string[]): Promise<void> {
    const request = { tags, deleteTags: deleteTags.length === 0 ? null : deleteTags };
    return this.#tell('tags', encode(tagsRequest, request));
  }

  /** Changes everybody's keys. Never rejects. */
  changeKey(command: 'install-key' | 'use-key' | 'remove-key', key: string): Promise<KeyResult> {
    return this.#askForKeys(command, encode(keyRequest, { key }));
  }

  /** Asks everybody for their keys. Never rejects. */
  listKeys(): Promise<KeyResult> {
    return this.#askForKeys('list-keys', noBody);
  }

  /** The agent's numbers, by section. */
  stats(): Promise<StatsReply> {
    return this.#ask('stats', noBody, statsReply);
  }

  /** Where a node is in the space of network coordinates, if the agent knows. */
  async coordinate(node: string): Promise<Coordinate | undefined> {
    const { coord, ok } = await this.#ask(
      'get-coordinate',
      encode(coordinateRequest, { node }),
      coordinateReply,
    );
    return ok ? { ...coord, vec: coord.vec ?? [] } : undefined;
  }

  /**
   * Subscribes to events; records come as they are on the wire, a msgpack map each.
   * Resolves when the connection is gone, rejects if the agent refuses.
   */
  stream(filter: string, onRecord: (record: Uint8Array) => void): Promise<void> {
    return this.#subscribe('stream', encode(streamRequest, { type: filter }), { onRecord });
  }

  /**
   * Subscribes to the agent's log from a level on; recent lines come first.
   * Resolves when the connection is gone, rejects if the agent refuses.
   */
  monitor(logLevel: string, onLine: (line: string) => void): Promise<void> {
    const onRecord = (record: Uint8Array): void => onLine(decode(logRecord, record).log);
    return this.#subscribe('monitor', encode(monitorRequest, { logLevel }), { onRecord });
  }

  /**
   * Asks the cluster. Resolves when the time is over or the connection is gone, rejects if the agent refuses.
   */
  query(query: QueryRequest, listener: QueryListener): Promise<void> {
    return this.#subscribe('query', encode(queryRequest, query), {
      onStart: () => listener.onStart(),
      onRecord: (record, end) => {
        const { type, from, payload } = decode(queryRecord, record);
        if (type === 'ack') listener.onAck(from);
        else if (type === 'response') listener.onResponse(from, payload ?? noBody);
        else if (type === 'done') end();
      },
    });
  }

  async #tell(command: string, body: Uint8Array): Promise<void> {
    const { error } = await this.#call(command, body, undefined);
    if (error !== '') throw new Error(error);
  }

  async #ask<T>(command: string, body: Uint8Array, reply: Codec<T>): Promise<T> {
    const { error, value } = await this.#call(command, body, reply);
    if (error !== '' || value === undefined) throw new Error(error);
    return value;
  }

  async #askForKeys(command: string, body: Uint8Array): Promise<KeyResult> {
    try {
      const { error, value } = await this.#call(command, body, keyReply);
      return { ...(value ?? keyReply.zero()), error };
    } catch (error) {
      return { ...keyReply.zero(), error: (error as Error).message };
    }
  }

  /** One request, one reply. */
  #call<T>(
    command: string,
    body: Uint8Array,
    reply: Codec<T> | undefined,
  ): Promise<{ error: string; value?: T }> {
    return new Promise((resolve, reject) => {
      this.#request(command, body, (seq) => ({
        onHeader: ({ error }) => {
          if (reply !== undefined && error !== authRequired) {
            return (object) => {
              resolve({ error, value: decode(reply, object) });
              this.#waiting.delete(seq);
            };
          }
          resolve({ error });
          this.#waiting.delete(seq);
          return undefined;
        },
        onClosed: () => reject(closedError()),
      }));
    });
  }

  /** One request, one reply, then records. */
  #subscribe(command: string, body: Uint8Array, { onStart, onRecord }: RecordListener): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#request(command, body, (seq) => {
        const end = (): void => {
          this.#waiting.delete(seq);
          resolve();
        };
        return {
          onHeader: ({ error }) => {
            if (error === '') {
              this.#waiting.set(seq, {
                onHeader: () => (record) => onRecord(record, end),
                onClosed: resolve,
              });
              onStart?.();
            } else {
              this.#waiting.delete(seq);
              reject(new Error(error));
            }
            return undefined;
          },
          onClosed: () => reject(closedError()),
        };
      });
    });
  }

  #request(command: string, body: Uint8Array, createWaiting: (seq: bigint) => Waiting): void {
    const seq = ++this.#lastSeq;
    const waiting = createWaiting(seq);
    if (this.#isClosed) {
      waiting.onClosed();
      return;
    }
    this.#waiting.set(seq, waiting);
    this.#stream?.write(concatBytes([encode(requestHeader, { command, seq }), body]));
  }

  #onData(chunk: Uint8Array): void {
    this.#input.push(chunk);
    try {
      while (!this.#isClosed) {
        const object = this.#input.next();
        if (object === undefined) return;
        this.#onObject(object);
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.close(); // what answers there does not speak this protocol
    }
  }

  #onObject(object: Uint8Array): void {
    const onBody = this.#onBody;
    this.#onBody = undefined;
    if (onBody !== undefined) {
      onBody(object);
      return;
    }
    const header = decode(replyHeader, object);
    this.#onBody = this.#waiting.get(header.seq)?.onHeader(header);
  }
}

/** Someone who waits for the reply, or the next record, with a certain sequence number. */
interface Waiting {
  /** Returns what takes the body, if one follows. */
  onHeader(header: ReplyHeader): ((body: Uint8Array) => void) | undefined;
  onClosed(): void;
}

interface RecordListener {
  onStart?(): void;
  /** `end` is for the record that says it is the last. */
  onRecord(record: Uint8Array, end: () => void): void;
}

function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  return encodeWith(codec, rpcDialect, value);
}

function decode<T>(codec: Codec<T>, object: Uint8Array): T {
  return codec.decode(new MsgpackReader(object));
}

function closedError(): Error {
  return new Error('client closed');
}

const authRequired = 'Authentication required';
const noBody = new Uint8Array(0);
const timeoutMsDefault = 10_000;
/** A list of a million members fits. */
const objectBytesMax = 256 * 1024 * 1024;
