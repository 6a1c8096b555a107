// The one message that a stream brings, read step by step: what has arrived is read in a turn of its own, and
// a long list of nodes in many, so that whoever fills a hundred streams at once holds up nobody.
// An end that arrives with the last bytes is told when these are read.
// Next: wire/stream.ts; inbound-stream.ts and stream-exchange.ts, who want the message.

import { DecodeError } from '@reeve/bytes';
import type { Timer } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { type StreamBounds, StreamReader } from './wire/stream.ts';
import type { StreamMessage } from './wire/stream-message.ts';

/** Who wants the message: one of the two is called, and only once. */
export interface MessageTaker {
  readonly onMessage: (message: StreamMessage) => void;
  /** What came is no message. */
  readonly onNonsense: (error: DecodeError) => void;
}

/** The bytes of one stream. */
export class StreamInput {
  readonly reader: StreamReader;
  readonly #machine: Machine;
  readonly #taker: MessageTaker;
  #nextStep: Timer | undefined;
  // At most two: the stream's end, and that it is closed.
  #afterwards: (() => void)[] = [];
  #isOver = false;

  /** `side` is the side that reads. */
  constructor(machine: Machine, side: 'dialler' | 'acceptor', taker: MessageTaker) {
    this.#machine = machine;
    this.#taker = taker;
    this.reader = new StreamReader(machine.layers, streamBounds(machine), side);
  }

  /** Takes the next bytes. */
  push(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#try(() => {
      this.reader.push(chunk);
      this.#readSoon();
    });
  }

  /** Calls `act` when everything that came so far is read. */
  whenRead(act: () => void): void {
    if (this.#nextStep) this.#afterwards.push(act);
    else act();
  }

  /** Reads no more, and gives back what is held. */
  stop(): void {
    this.#end();
    this.#afterwards = [];
    this.reader.release();
  }

  #readSoon(): void {
    this.#nextStep ??= this.#machine.runtime.timers.after(0, () => {
      this.#nextStep = undefined;
      this.#try(() => this.#read());
    });
  }

  #read(): void {
    const message = this.reader.read();
    if (!message) return this.reader.isBehind ? this.#readSoon() : undefined;
    this.#end();
    measureRemote(this.#machine, message, this.reader);
    this.#taker.onMessage(message);
  }

  #end(): void {
    this.#isOver = true;
    this.#nextStep?.cancel();
    this.#nextStep = undefined;
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#end();
      this.#taker.onNonsense(error);
    }
    while (!this.#nextStep && this.#afterwards.length > 0) this.#afterwards.shift()?.();
  }
}

/** Counts the bytes of a state that arrived; upstream counts those of encrypted ones only. */
function measureRemote(machine: Machine, message: StreamMessage, reader: StreamReader): void {
  if (message.type !== 'pushPull') return;
  machine.runtime.metrics.sample('memberlist.size.remote', reader.receivedBytes);
}

/** What bounds an inbound message, whoever dialled. */
function streamBounds(machine: Machine): StreamBounds {
  const { streamBytesMax, nodesMax } = machine.config.limits;
  return { streamBytesMax, nodesMax, budget: machine.streamBudget };
}
