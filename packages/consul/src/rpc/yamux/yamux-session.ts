// Many streams over one connection. Upstream: hashicorp/yamux session.go.
//
// The dialling side has odd stream numbers, the other even ones. Whoever breaks a rule is told to go away and
// the connection is closed: one line in the log, and every stream of it fails. Next: yamux-stream.ts.

import { DecodeError } from '@reeve/bytes';
import {
  endpointText,
  type NetworkError,
  type Runtime,
  type Stream,
  type StreamHandler,
  type Timer,
} from '@reeve/runtime';
import { encodeFrame, type FrameHeader, type FrameType, flagAck, flagRst, flagSyn } from './frame.ts';
import { type FrameHandler, FrameReader } from './frame-reader.ts';
import { keepAliveMs, keepAliveTimeoutMs, roomBytes, streamsMax, unsentBytesMax } from './limits.ts';
import { type StreamSession, YamuxStream } from './yamux-stream.ts';

/** What a session needs. */
export interface YamuxOptions {
  readonly runtime: Pick<Runtime, 'timers' | 'log'>;
  /** The connection that the session, as its handler, is to work on: dialled now, or accepted before. */
  readonly connect: (handler: StreamHandler) => Stream;
  readonly side: 'dialled' | 'accepted';
  /** What holds beside a session's own bounds. */
  readonly limits?: YamuxLimits;
  /** A dialled connection is there. */
  readonly onOpen?: () => void;
  /** The other side has begun a stream; what is returned hears of it. */
  readonly accept: (stream: YamuxStream) => StreamHandler;
  /** The connection is gone and all streams with it; not after our own `destroy`. */
  readonly onClosed: (error?: NetworkError) => void;
}

/** What the sessions of one client may have together. */
export interface YamuxLimits {
  /** Whether another answer may be written. */
  readonly hasRoom: () => boolean;
  /** Whether another stream may begin. */
  readonly takesStream: () => boolean;
  /** There are so many streams more, or (negative) less. */
  readonly onStreams: (more: number) => void;
  /** So many bytes more wait for windows, or (negative) less. */
  readonly onUnsent: (bytes: number) => void;
}

/** One end of a multiplexed connection, and the handler of that connection's stream. */
export class YamuxSession implements StreamHandler, FrameHandler, StreamSession {
  readonly #connection: Stream;
  readonly #options: YamuxOptions;
  readonly #reader = new FrameReader(this);
  readonly #streams = new Map<number, YamuxStream>();
  #nextStreamId: number;
  /** The other side has said that it wants no further streams; those there are go on. */
  #opensNoMore = false;
  #unsentBytes = 0;
  /** What is to be written when there is room, by stream, oldest first. */
  readonly #waiting = new Map<number, () => void>();
  /** The header whose payload is arriving, and its stream unless that is gone. */
  #frame: FrameHeader | undefined;
  #frameStream: YamuxStream | undefined;
  #roomTimer: Timer | undefined;
  #awaitsPong = false;
  #keepAlive: Timer | undefined;
  #closed = false;

  constructor(options: YamuxOptions) {
    this.#options = options;
    this.#connection = options.connect(this);
    this.#nextStreamId = options.side === 'dialled' ? 1 : 2;
    this.#keepAlive = options.runtime.timers.after(keepAliveMs, () => this.#ping());
  }

  get remote() {
    return this.#connection.remote;
  }

  /** Streams at the moment. */
  get streamCount(): number {
    return this.#streams.size;
  }

  /** Begins a stream; undefined if the session is closed or full. Bytes may be written at once. */
  open(handler: StreamHandler): Stream | undefined {
    const isFull = this.#streams.size >= streamsMax || this.#nextStreamId > 0xffff_fffd;
    if (this.#closed || this.#opensNoMore || isFull) return undefined;
    const stream = this.#add(this.#nextStreamId, handler);
    this.#nextStreamId += 2;
    stream.announce(flagSyn);
    return stream;
  }

  /** Drops the connection and all streams; no handler fires afterwards. */
  destroy(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endTimers();
    this.#streams.clear();
    this.#connection.destroy();
  }

  onOpen(): void {
    this.#options.onOpen?.();
  }

  onData(chunk: Uint8Array): void {
    if (this.#closed) return;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#refuse(error.message);
    }
  }

  onDrain(): void {
    if (this.#waiting.size > 0) this.soon(() => this.#giveRoom());
  }

  onEnd(): void {
    this.#fail(undefined);
  }

  onClosed(error?: NetworkError): void {
    this.#fail(error);
  }

  onHeader(header: FrameHeader): void {
    this.#frame = header;
    this.#frameStream = undefined;
    switch (header.type) {
      case 'ping':
        return this.#onPing(header);
      case 'go-away':
        return this.#onGoAway(header.length);
      default:
        return this.#onStreamHeader(header);
    }
  }

  onPayload(piece: Uint8Array): void {
    this.#frameStream?.onPayload(piece);
  }

  onFrameEnd(): void {
    if (this.#frame !== undefined) this.#frameStream?.onFrameEnd(this.#frame.flags);
  }

  sendData(streamId: number, payload: Uint8Array): void {
    this.#send('data', 0, streamId, payload.length, payload);
  }

  sendWindowUpdate(streamId: number, flags: number, growth: number): void {
    this.#send('window-update', flags, streamId, growth);
  }

  countUnsent(bytes: number): void {
    this.#unsentBytes += bytes;
    this.#options.limits?.onUnsent(bytes);
    if (bytes < 0 && this.#hasRoom && this.#waiting.size > 0) this.soon(() => this.#giveRoom());
    if (this.#unsentBytes > unsentBytesMax) {
      this.soon(() => this.#refuse(`it does not take the ${this.#unsentBytes} bytes that wait for it`));
    }
  }

  whenRoom(streamId: number, call: () => void): void {
    if (this.#hasRoom) call();
    else this.#wait(streamId, call);
  }

  forget(streamId: number): void {
    if (this.#streams.delete(streamId)) this.#options.limits?.onStreams(-1);
    this.#waiting.delete(streamId);
  }

  soon(call: () => void): void {
    this.#options.runtime.timers.after(0, () => {
      if (!this.#closed) call();
    });
  }

  get #hasRoom(): boolean {
    return this.#unsentBytes < roomBytes && (this.#options.limits?.hasRoom() ?? true);
  }

  /** Other sessions of the client tell nobody when they have given room back. */
  #wait(streamId: number, call: () => void): void {
    this.#waiting.set(streamId, call);
    this.#roomTimer ??= this.#options.runtime.timers.after(roomPollMs, () => {
      this.#roomTimer = undefined;
      this.#giveRoom();
      const [next] = this.#waiting;
      if (next !== undefined) this.#wait(...next);
    });
  }

  #giveRoom(): void {
    for (const [streamId, call] of this.#waiting) {
      if (!this.#hasRoom) return;
      this.#waiting.delete(streamId);
      call();
    }
  }

  #onStreamHeader({ type, flags, streamId, length }: FrameHeader): void {
    if ((flags & flagSyn) !== 0) this.#onSyn(streamId);
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return; // of a stream that is gone: upstream ignores it, too
    this.#frameStream = stream;
    if (type === 'data') stream.onHeader(flags, 0, length);
    else stream.onHeader(flags, length, 0);
  }

  #onSyn(streamId: number): void {
    const isTheirs = streamId !== 0 && streamId % 2 !== this.#nextStreamId % 2;
    if (!isTheirs || this.#streams.has(streamId)) {
      throw new DecodeError('malformed', `yamux stream ${streamId} is not theirs to begin`);
    }
    const takesStream = this.#streams.size < streamsMax && (this.#options.limits?.takesStream() ?? true);
    if (!takesStream) return this.sendWindowUpdate(streamId, flagRst, 0);
    const stream = this.#add(streamId, notYetHandled);
    stream.announce(flagAck);
    stream.listen(this.#options.accept(stream));
  }

  #onPing({ flags, length }: FrameHeader): void {
    if ((flags & flagSyn) !== 0) this.#send('ping', flagAck, 0, length);
    else this.#awaitsPong = false;
  }

  #onGoAway(reason: number): void {
    if (reason !== 0) throw new DecodeError('malformed', `the other side gave up with reason ${reason}`);
    this.#opensNoMore = true;
  }

  #ping(): void {
    this.#awaitsPong = true;
    this.#send('ping', flagSyn, 0, 0);
    this.#keepAlive = this.#options.runtime.timers.after(keepAliveTimeoutMs, () => this.#onPingTime());
  }

  #onPingTime(): void {
    if (this.#awaitsPong) return this.#refuse('it answers no keep-alive');
    const restMs = keepAliveMs - keepAliveTimeoutMs;
    this.#keepAlive = this.#options.runtime.timers.after(restMs, () => this.#ping());
  }

  #add(streamId: number, handler: StreamHandler): YamuxStream {
    const stream = new YamuxStream(this, streamId, handler);
    this.#streams.set(streamId, stream);
    this.#options.limits?.onStreams(1);
    return stream;
  }

  #send(type: FrameType, flags: number, streamId: number, length: number, payload?: Uint8Array): void {
    if (!this.#closed) this.#connection.write(encodeFrame({ type, flags, streamId, length }, payload));
  }

  /** The other side breaks the rules, or is no longer there. */
  #refuse(reason: string): void {
    if (this.#closed) return;
    this.#options.runtime.log(
      'err',
      `consul.rpc: closing connection ${endpointText(this.remote)}: ${reason}`,
    );
    this.#send('go-away', 0, 0, goAwayProtocolError);
    this.#fail(undefined);
  }

  #endTimers(): void {
    this.#keepAlive?.cancel();
    this.#roomTimer?.cancel();
  }

  #fail(error: NetworkError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endTimers();
    this.#connection.destroy();
    const streams = [...this.#streams.values()];
    for (const stream of streams) stream.fail(error);
    this.#options.onClosed(error);
  }
}

const goAwayProtocolError = 1;
const roomPollMs = 50;

/** Between its beginning and `accept`'s return nothing can arrive on a stream. */
const notYetHandled: StreamHandler = { onData() {}, onEnd() {}, onClosed() {} };
