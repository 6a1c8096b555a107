// Received packets, handled a slice of time at a time. The system hands over dozens at once, and each may
// hold hundreds of messages: without a pause between slices timers, streams and files would wait for all of
// them. Who is not overrun never waits here. Next: packets.ts.

import type { Endpoint } from '../network.ts';

/** A packet and who sent it. */
interface Received {
  readonly packet: Uint8Array;
  readonly from: Endpoint;
}

/** The packets of one socket, in their order. */
export class PacketQueue {
  readonly #handle: (packet: Uint8Array, from: Endpoint) => void;
  // Bounded by waitingBytesMax; what finds it full is lost, as packets are.
  readonly #waiting: Received[] = [];
  #waitingBytes = 0;
  #sliceEndsAtMs: number | undefined;

  /** `handle` gets each packet, inside `add` or later. */
  constructor(handle: (packet: Uint8Array, from: Endpoint) => void) {
    this.#handle = handle;
  }

  /** Takes a packet that was just received. */
  add(packet: Uint8Array, from: Endpoint): void {
    if (this.#waiting.length === 0 && this.#hasTime()) return this.#handle(packet, from);
    if (this.#waitingBytes >= waitingBytesMax) return;
    this.#waitingBytes += overheadBytes + packet.length;
    this.#waiting.push({ packet, from });
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
  }

  /** Whether the slice goes on; the first packet of a turn of the event loop begins one. */
  #hasTime(): boolean {
    const nowMs = performance.now();
    if (this.#sliceEndsAtMs === undefined) {
      this.#sliceEndsAtMs = nowMs + sliceMs;
      setImmediate(() => this.#beginTurn());
    }
    return nowMs < this.#sliceEndsAtMs;
  }

  #beginTurn(): void {
    this.#sliceEndsAtMs = undefined;
    while (this.#waiting.length > 0 && this.#hasTime()) {
      const { packet, from } = this.#waiting.shift() as Received;
      this.#waitingBytes -= overheadBytes + packet.length;
      this.#handle(packet, from);
    }
  }
}

/** Half of it is the longest that a packet is known to take. */
const sliceMs = 10;
const waitingBytesMax = 4 * 1024 * 1024;
/** About what a packet costs in memory besides its bytes. */
const overheadBytes = 512;
