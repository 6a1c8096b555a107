// One message there, one message back, over a stream we dial. Upstream: memberlist net.go
// (sendAndReceiveState, sendPingAndWaitForAck). Ends exactly once, or silently when the node stops; the
// stream is gone afterwards.
// Next: push-pull.ts, stream-ping.ts and send-reliably.ts, which use it.

import {
  type Endpoint,
  endpointText,
  NetworkError,
  type Result,
  type Stream,
  type Timer,
} from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { StreamInput } from './stream-input.ts';
import { wrapStream } from './wire/stream.ts';
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
  readonly #input: StreamInput;
  readonly #stopsWithNode: () => void;
  #sendsSoon: Timer | undefined;
  #answerIsLate: Timer | undefined;

  constructor(machine: Machine, to: Endpoint, exchange: StreamExchange) {
    this.#machine = machine;
    this.#to = to;
    this.#exchange = exchange;
    this.#input = new StreamInput(machine, 'dialler', {
      onMessage: (value) => this.#finish({ ok: true, value }),
      onNonsense: (error) => this.#finish({ ok: false, error }),
    });
    this.#stopsWithNode = machine.underway.add(() => this.#close());
    this.#stream = machine.runtime.network.dial(to, exchange.connectMs, {
      onOpen: () => this.#onOpen(),
      onData: (chunk) => this.#input.push(chunk),
      onEnd: () => this.#fail(new NetworkError('EOF', 'EOF')),
      onClosed: (error) => this.#fail(error ?? new NetworkError('EOF', 'EOF')),
    });
  }

  /** A long state is put together in one turn, and packed in the next. */
  #onOpen(): void {
    const request = this.#exchange.request();
    this.#sendsSoon = this.#machine.runtime.timers.after(0, () => this.#send(request));
  }

  #send(request: Uint8Array): void {
    const bytes = wrapStream(this.#machine.layers, request, 'dialler');
    this.#machine.runtime.metrics.count('memberlist.tcp.connect', 1);
    this.#machine.runtime.metrics.count('memberlist.tcp.sent', bytes.length);
    this.#stream.write(bytes);
    this.#answerIsLate = this.#machine.runtime.timers.after(this.#exchange.answerMs(), () => {
      const message = `read tcp ${endpointText(this.#to)}: i/o timeout`;
      this.#finish({ ok: false, error: new NetworkError('ETIMEDOUT', message) });
    });
  }

  /** Unless the message has come. */
  #fail(error: NetworkError): void {
    this.#input.whenRead(() => this.#finish({ ok: false, error }));
  }

  #finish(result: Result<StreamMessage>): void {
    this.#close();
    this.#exchange.done(result);
  }

  #close(): void {
    this.#stopsWithNode();
    this.#sendsSoon?.cancel();
    this.#answerIsLate?.cancel();
    this.#stream.destroy();
    this.#input.stop();
  }
}

/** An error whose text the other side had a hand in, and so its length. */
export function peersError(text: string): Error {
  return new Error(text.slice(0, errorCharsMax));
}

const errorCharsMax = 1_024;
