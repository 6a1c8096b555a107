// One side of a virtual stream, as TCP on Linux behaves: refused, timed out, half closed, reset.
//
// The handler hears: opened (dialled streams), data, the other side's end, closed once. `#handler` is dropped
// at the moment after which nothing may fire. A side that is gone answers what still arrives with a reset.

import type { Timer } from '../clock.ts';
import { dialFailure, dialTimeout, streamFailure } from '../failures.ts';
import type { Endpoint, NetworkError, NetworkStream, StreamHandler } from '../network.ts';
import { Inbox } from './inbox.ts';
import { type Machine, sameFamily } from './machine.ts';
import type { Link, Segment, Wire } from './wire.ts';

/** A dialled or accepted stream. Segments from the other side come in by `receive`. */
export class StreamEnd implements NetworkStream {
  readonly remote: Endpoint;
  readonly #local: Endpoint;
  readonly #machine: Machine;
  readonly #out: Wire;
  readonly #inbox: Inbox;
  readonly #unsent: Segment[] = [];
  readonly #forgetDeath: () => void;
  #handler: StreamHandler | undefined;
  #dialTimer: Timer | undefined;
  #isOpen = false;
  #isGone: boolean;
  #hasEnded = false;
  #remoteHasEnded = false;

  /** Sends over `out`; what it receives has come over `link`. */
  constructor(machine: Machine, local: Endpoint, remote: Endpoint, out: Wire, link: Link) {
    this.#machine = machine;
    this.#local = local;
    this.remote = remote;
    this.#out = out;
    this.#isGone = !machine.life.alive;
    this.#inbox = new Inbox(machine, link, {
      onChunk: (chunk) => this.#handler?.onData(chunk),
      onEnd: () => this.#onRemoteEnd(),
    });
    this.#forgetDeath = machine.life.atDeath(() => this.#leave({ kind: 'reset', code: 'ECONNRESET' }));
  }

  /** Starts the handshake; writes may follow it at once. */
  dial(handler: StreamHandler, timeoutMs: number): void {
    if (this.#isGone) return;
    this.#handler = handler;
    const { life } = this.#machine;
    if (!sameFamily(this.#local.host, this.remote.host)) {
      life.later(0, () => this.#close(dialFailure(this.remote, 'ENETUNREACH')));
      return;
    }
    life.whenSent(() => this.#out.send({ kind: 'open' }));
    this.#dialTimer = life.later(timeoutMs, () => this.#onDialTimeout());
  }

  /**
   * Makes this the accepted end of a stream, which is born open. The kernel answers at once, the process
   * takes the stream when it runs.
   */
  accept(handlerOf: (stream: NetworkStream) => StreamHandler): void {
    this.#isOpen = true;
    this.#out.send({ kind: 'open' });
    this.#machine.life.whenHeard(() => {
      const handler = handlerOf(this);
      if (!this.#isGone) this.#handler = handler;
    });
  }

  /** The virtual system has room for everything that is written, while the stream is there. */
  get isFull(): boolean {
    return this.#isGone;
  }

  write(bytes: Uint8Array): void {
    if (this.#isGone || this.#hasEnded) return;
    this.#machine.network.showStreamBytes(bytes, this.#local, this.remote);
    this.#send({ kind: 'data', bytes: bytes.slice() });
  }

  writeAll(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) this.write(piece);
  }

  end(): void {
    if (this.#isGone || this.#hasEnded) return;
    this.#hasEnded = true;
    this.#send({ kind: 'end' });
    this.#closeIfBothEnded();
  }

  pause(): void {
    this.#inbox.pause();
  }

  resume(): void {
    this.#inbox.resume();
  }

  destroy(): void {
    if (this.#isGone) return;
    const hasUnread = this.#inbox.bytes > 0;
    this.#leave(hasUnread ? { kind: 'reset', code: 'ECONNRESET' } : { kind: 'end' });
  }

  /** A segment arrived from the other side. */
  receive(segment: Segment): void {
    if (this.#isGone) this.#refuse(segment);
    else if (segment.kind === 'open') this.#onOpen();
    else if (segment.kind === 'data') this.#inbox.push(segment.bytes);
    else if (segment.kind === 'end') this.#inbox.finish();
    else this.#onReset(segment.code);
  }

  /** The kernel's answer to what arrives for a stream that is no more. */
  #refuse(segment: Segment): void {
    if (segment.kind === 'open' || segment.kind === 'data') {
      this.#out.send({ kind: 'reset', code: 'ECONNRESET' });
    }
  }

  /** What is written before the stream is open goes out when it is. */
  #send(segment: Segment): void {
    if (this.#isOpen) this.#machine.life.whenSent(() => this.#out.send(segment));
    else this.#unsent.push(segment);
  }

  #onOpen(): void {
    this.#isOpen = true;
    for (const segment of this.#unsent.splice(0)) this.#send(segment);
    this.#machine.life.whenHeard(() => {
      this.#dialTimer?.cancel();
      this.#handler?.onOpen?.();
    });
  }

  /** The kernel may have connected while the process was blocked; then the other side is told. */
  #onDialTimeout(): void {
    const handler = this.#handler;
    this.#leave({ kind: 'end' });
    handler?.onClosed(dialTimeout(this.remote));
  }

  #onReset(code: string): void {
    const error = this.#isOpen
      ? streamFailure('read', this.#local, this.remote, code)
      : dialFailure(this.remote, code);
    this.#machine.life.whenHeard(() => this.#close(error));
  }

  #onRemoteEnd(): void {
    if (this.#isGone) return;
    this.#remoteHasEnded = true;
    this.#handler?.onEnd();
    this.#closeIfBothEnded();
  }

  #closeIfBothEnded(): void {
    if (this.#hasEnded && this.#remoteHasEnded) this.#machine.life.later(0, () => this.#close());
  }

  #close(error?: NetworkError): void {
    const handler = this.#handler;
    if (this.#isGone) return;
    if (!this.#isOpen) this.#out.abandon();
    this.#release();
    handler?.onClosed(error);
  }

  /** Goes away without a word to our handler. Bytes written before are still under way, as in the kernel. */
  #leave(farewell: Segment): void {
    if (this.#isOpen) this.#machine.life.whenSent(() => this.#out.send(farewell));
    else this.#out.abandon();
    this.#release();
  }

  #release(): void {
    this.#isGone = true;
    this.#handler = undefined;
    this.#dialTimer?.cancel();
    this.#unsent.length = 0;
    this.#forgetDeath();
  }
}
