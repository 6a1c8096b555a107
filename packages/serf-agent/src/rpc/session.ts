// One client's conversation, without its socket: bytes come in, bytes go out.
//
// Requests are handled one after the other, so a slow one holds up those behind it, while records of streams
// go out between the replies. Invariants: nothing is handled before the handshake; the reply to a command
// that is done at once comes before the records it causes; while the connection has more than
// `unsentBytesMax` to send, nothing is added to it.
//
// Upstream: cmd/serf/command/agent/ipc.go (handleClient, handleRequest). Next: commands.ts, subscriptions.ts;
// server.ts has the sockets.

import { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DecodeError, encodeWith, MsgpackObjectStream, MsgpackReader, rpcDialect } from '@reeve/bytes';
import type { Log, Metrics } from '@reeve/runtime';
import { errorText } from '../error-text.ts';
import type { RpcAgent } from './agent-port.ts';
import { type Command, type CommandContext, commands, type PreparedCommand } from './commands.ts';
import { requestBytesMax, requestsPerTurn, unsentBytesMax } from './limits.ts';
import type { MembersBody } from './members-body.ts';
import type { Reply } from './reply.ts';
import { Subscriptions } from './subscriptions.ts';
import { type RequestHeader, replyHeader, requestHeader } from './wire/headers.ts';

/** What a session does to its connection. */
export interface RpcConnection {
  /** The client's address, for log lines: `127.0.0.1:36102`. */
  readonly clientName: string;
  /**
   * Bytes written and not yet taken by the system. When it falls to zero, the session's `onDrain` is called.
   */
  readonly unsentBytes: number;
  write(bytes: Uint8Array): void;
  /** Whether to read on; what is read goes to `onData`. */
  setReading(isReading: boolean): void;
  /** Sends what was written, then closes. */
  end(): void;
}

/** What all sessions of a server share. */
export interface RpcSessionOptions {
  readonly agent: RpcAgent;
  /** Clients must send it before anything else; empty lets everybody in. */
  readonly authKey: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** One client's conversation. */
export class RpcSession {
  readonly #options: RpcSessionOptions;
  readonly #connection: RpcConnection;
  readonly #context: CommandContext;
  readonly #subscriptions: Subscriptions;
  readonly #input = new MsgpackObjectStream(requestBytesMax);
  /** The last request's header; fields that the next one leaves out keep their value. */
  #header: RequestHeader = { command: '', seq: 0n };
  /** The command whose body comes next, if one does. */
  #command: Command | undefined;
  /** Whether a body comes next that belongs to a refused command. */
  #skipsBody = false;
  #hasHandshake = false;
  #hasAuth: boolean;
  #hasWarned = false;
  /** Whether a command is being carried out, or others have their turn. */
  #isWaiting = false;
  #isFlushDue = false;
  #hasEnded = false;
  #isClosed = false;

  constructor(options: RpcSessionOptions, connection: RpcConnection, membersBody: MembersBody) {
    const { agent, log } = options;
    this.#options = options;
    this.#connection = connection;
    this.#hasAuth = options.authKey === '';
    this.#subscriptions = new Subscriptions(agent, connection.clientName, log, () => this.#flushSoon());
    this.#context = {
      agent,
      log,
      subscriptions: this.#subscriptions,
      membersBody,
      handshake: (version) => this.#handshake(version),
      authenticate: (key) => this.#authenticate(key),
    };
  }

  /** Whether the client may do as it likes: it has shaken hands and authenticated, if that is asked for. */
  get isAdmitted(): boolean {
    return this.#hasHandshake && this.#hasAuth;
  }

  /** Bytes from the client. */
  onData(chunk: Uint8Array): void {
    if (this.#isClosed) return;
    this.#input.push(chunk);
    this.#work();
  }

  /** Everything written has been sent. */
  onDrain(): void {
    this.#work();
    this.#flush();
  }

  /** The client will send no more; it still gets the replies to what it has sent. */
  onEnd(): void {
    this.#hasEnded = true;
    this.#work();
  }

  /** The connection is gone, or is to go with the server. */
  onClosed(): void {
    this.#isClosed = true;
    this.#subscriptions.close();
  }

  #work(): void {
    try {
      this.#handleObjects();
    } catch (error) {
      this.#failDecoding(error);
    }
    if (!this.#isClosed) this.#readOrWait();
  }

  /** Goes on until no whole object is left, the connection has enough to send, or one takes its time. */
  #handleObjects(): void {
    for (let handled = 1; !this.#isWaiting && !this.#isClosed; handled++) {
      if (this.#connection.unsentBytes > unsentBytesMax) return; // onDrain goes on
      const object = this.#input.next();
      if (object === undefined) {
        if (this.#hasEnded) this.#close();
        return;
      }
      const slow = this.#onObject(object) ?? (handled % requestsPerTurn === 0 ? nextTurn() : undefined);
      if (slow !== undefined) this.#waitFor(slow);
    }
  }

  #waitFor(slow: Promise<void>): void {
    this.#isWaiting = true;
    void slow.then(() => {
      this.#isWaiting = false;
      this.#work();
    });
  }

  /** A header, or the body that the last header announced. */
  #onObject(object: Uint8Array): Promise<void> | undefined {
    if (this.#skipsBody) {
      this.#skipsBody = false;
      return undefined;
    }
    const command = this.#command;
    if (command === undefined) return this.#onHeader(object);
    const run = command.prepare(object);
    this.#command = undefined;
    return this.#execute(run);
  }

  #onHeader(object: Uint8Array): Promise<void> | undefined {
    this.#header = requestHeader.decodeOver(new MsgpackReader(object), this.#header);
    const name = this.#header.command;
    const command = commands.get(name);
    if (!this.#hasHandshake && name !== 'handshake') return this.#refuse('Handshake required');
    this.#options.metrics.count('agent.ipc.command', 1);
    if (!this.#hasAuth && name !== 'auth' && name !== 'handshake') {
      // Upstream takes the body for another header and answers that too; from then on both sides disagree.
      this.#skipsBody = command?.hasBody === true;
      this.#warnOfStranger();
      this.#reply({ error: 'Authentication required' });
      return undefined;
    }
    if (command === undefined) {
      return this.#refuse('Unsupported command', `command '${name.slice(0, nameShownMax)}' not recognized`);
    }
    if (!command.hasBody) return this.#execute(command.prepare(noBody));
    this.#command = command;
    return undefined;
  }

  /** Replies at once if the command is done at once; else the promise says when it is. */
  #execute(run: PreparedCommand): Promise<void> | undefined {
    let reply: Reply | Promise<Reply>;
    try {
      reply = run(this.#context, this.#header.seq);
    } catch (error) {
      reply = { error: errorText(error) };
    }
    if (!(reply instanceof Promise)) {
      this.#reply(reply);
      return undefined;
    }
    return reply.catch((error): Reply => ({ error: errorText(error) })).then((late) => this.#reply(late));
  }

  #reply({ error = '', body, afterwards }: Reply): void {
    if (!this.#isClosed) {
      const header = encodeWith(replyHeader, rpcDialect, { seq: this.#header.seq, error });
      // Buffer.concat takes memory from a pool, which suits what is sent at once: an array of its own costs a
      // microsecond.
      this.#connection.write(body === undefined ? header : Buffer.concat([header, body]));
    }
    afterwards?.();
  }

  #handshake(version: number): Reply {
    if (version !== protocolVersion) return { error: 'Unsupported IPC version' };
    if (this.#hasHandshake) return { error: 'Handshake already performed' };
    this.#hasHandshake = true;
    return {};
  }

  #authenticate(key: string): Reply {
    if (!isSameSecret(key, this.#options.authKey)) return { error: 'Invalid authentication token' };
    this.#hasAuth = true;
    return {};
  }

  /** Sends waiting records once what runs now is done: a reply precedes the records its command causes. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (!this.#isClosed && this.#connection.unsentBytes <= unsentBytesMax) {
      const record = this.#subscriptions.takeRecord();
      if (record === undefined) return;
      this.#connection.write(record);
    }
  }

  /** What has been read and not handled is bounded: this much, and what the socket reads at once. */
  #readOrWait(): void {
    this.#connection.setReading(this.#input.bufferedBytes <= requestBytesMax);
  }

  /** Once: a connection may hold any number of such commands. */
  #warnOfStranger(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.log('warn', 'agent.ipc: Client sending commands before auth');
  }

  #refuse(error: string, reason = error): undefined {
    this.#reply({ error });
    this.#fail(`Failed to evaluate request: ${reason}`);
  }

  #failDecoding(error: unknown): void {
    if (!(error instanceof DecodeError)) throw error;
    const isBody = this.#command !== undefined;
    const place = isBody ? 'Failed to evaluate request: decode failed' : 'failed to decode request header';
    this.#fail(`${place}: ${error.message}`);
  }

  #fail(text: string): void {
    this.#options.log('err', `agent.ipc: ${text}`);
    this.#close();
  }

  #close(): void {
    this.onClosed();
    this.#connection.end();
  }
}

/** Takes as long however much of it is right. */
function isSameSecret(given: string, wanted: string): boolean {
  const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/** The only version of this protocol. */
const protocolVersion = 1;
/** Characters of a made-up command that the log shows. */
const nameShownMax = 64;
const noBody = new Uint8Array(0);
