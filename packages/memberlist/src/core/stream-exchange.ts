// One message there, one message back, over a stream we dial. Upstream: memberlist net.go
// (sendAndReceiveState, sendPingAndWaitForAck). Ends exactly once, or silently when the node stops; the
// stream is gone afterwards.
// Next: push-pull.ts, stream-ping.ts and send-reliably.ts, which use it.

import { DecodeError } from '@reeve/bytes';
import {
  type Endpoint,
  endpointText,
  NetworkError,
  type Result,
  type Stream,
  type Timer,
} from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { type StreamBounds, StreamReader, wrapStream } from './wire/stream.ts';
import type { StreamMessage } from './wire/stream-message.ts';

/** One exchange. */
export interface StreamExchange {
  /** The message, made when the connection stands. */
  readonly request: () => Uint8Array;
  /** For connecting. */
  readonly connectMs: number;
  /** For the answer, from when the connection stands. */
  readonly answerMs: () => number;
  /** The answer, or in the original's words why there is none. */
  readonly done: (result: Result<StreamMessage>) => void;
}

/** Dials `to`, sends the request and waits for the answer. */
export function exchangeByStream(machine: Machine, to: Endpoint, exchange: StreamExchange): void {
  new RunningExchange(machine, to, exchange);
}

class RunningExchange {
  readonly #machine: Machine;
  readonly #to: Endpoint;
  readonly #exchange: StreamExchange;
  readonly #stream: Stream;
  readonly #reader: StreamReader;
  readonly #stopsWithNode: () => void;
  #answerIsLate: Timer | undefined;

  constructor(machine: Machine, to: Endpoint, exchange: StreamExchange) {
    this.#machine = machine;
    this.#to = to;
    this.#exchange = exchange;
    this.#reader = new StreamReader(machine.layers, streamBounds(machine), 'dialler');
    this.#stopsWithNode = machine.underway.add(() => this.#close());
    this.#stream = machine.runtime.network.dial(to, exchange.connectMs, {
      onOpen: () => this.#send(),
      onData: (chunk) => this.#onData(chunk),
      onEnd: () => this.#finish({ ok: false, error: new NetworkError('EOF', 'EOF') }),
      onClosed: (error) => this.#finish({ ok: false, error: error ?? new NetworkError('EOF', 'EOF') }),
    });
  }

  #send(): void {
    const bytes = wrapStream(this.#machine.layers, this.#exchange.request(), 'dialler');
    this.#machine.runtime.metrics.count('memberlist.tcp.connect', 1);
    this.#machine.runtime.metrics.count('memberlist.tcp.sent', bytes.length);
    this.#stream.write(bytes);
    this.#answerIsLate = this.#machine.runtime.timers.after(this.#exchange.answerMs(), () => {
      const message = `read tcp ${endpointText(this.#to)}: i/o timeout`;
      this.#finish({ ok: false, error: new NetworkError('ETIMEDOUT', message) });
    });
  }

  #onData(chunk: Uint8Array): void {
    try {
      const message = this.#reader.push(chunk);
      if (!message) return;
      measureRemote(this.#machine, message, this.#reader);
      this.#finish({ ok: true, value: message });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#finish({ ok: false, error });
    }
  }

  #finish(result: Result<StreamMessage>): void {
    this.#close();
    this.#exchange.done(result);
  }

  #close(): void {
    this.#stopsWithNode();
    this.#answerIsLate?.cancel();
    this.#stream.destroy();
    this.#reader.release();
  }
}

/** An error whose text the other side had a hand in, and so its length. */
export function peersError(text: string): Error {
  return new Error(text.slice(0, errorCharsMax));
}

/** Counts the bytes of a state that arrived; upstream counts those of encrypted ones only. */
export function measureRemote(machine: Machine, message: StreamMessage, reader: StreamReader): void {
  if (message.type !== 'pushPull') return;
  machine.runtime.metrics.sample('memberlist.size.remote', reader.receivedBytes);
}

/** What bounds an inbound message, whoever dialled. */
export function streamBounds(machine: Machine): StreamBounds {
  const { streamBytesMax, nodesMax } = machine.config.limits;
  return { streamBytesMax, nodesMax, budget: machine.streamBudget };
}

const errorCharsMax = 1_024;
