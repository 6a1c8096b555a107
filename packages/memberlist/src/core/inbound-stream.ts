// A stream somebody else dialled: reads its one message, answers it, closes. Upstream: memberlist net.go
// (handleConn). Bounded: limits.streamsMax streams at once, each for at most streamTimeoutMs for its request and the
// same for its answer. What cannot be understood costs one log line; if its layers cannot be taken off, the other
// side is told why.
// Next: wire/stream.ts, merge.ts.

import { DecodeError } from '@reeve/bytes';
import { endpointText, type Stream, type StreamHandler, type Timer } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { mergePushPull } from './merge.ts';
import { localState } from './push-pull.ts';
import { streamBounds } from './stream-exchange.ts';
import { encodeAck, encodeMessage, type Ping, streamErrorCodec } from './wire/messages.ts';
import { LabelRefused, StreamReader, wrapStream } from './wire/stream.ts';
import type { PushPull, StreamMessage } from './wire/stream-message.ts';

/** Takes the streams of one node. */
export class StreamAcceptor {
  readonly #machine: Machine;
  #open = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Takes a new stream; beyond streamsMax it is closed at once. */
  accept(stream: Stream): StreamHandler {
    this.#open += 1;
    const inbound = new InboundStream(this.#machine, stream, () => {
      this.#open -= 1;
    });
    if (this.#open > this.#machine.config.limits.streamsMax) inbound.refuseForLackOfRoom();
    return inbound;
  }
}

class InboundStream implements StreamHandler {
  readonly #machine: Machine;
  readonly #stream: Stream;
  readonly #reader: StreamReader;
  readonly #gone: () => void;
  readonly #stopsWithNode: () => void;
  #deadline: Timer;
  #answered = false;

  constructor(machine: Machine, stream: Stream, gone: () => void) {
    this.#machine = machine;
    this.#stream = stream;
    this.#gone = gone;
    this.#stopsWithNode = machine.whileRunning(() => this.#close());
    this.#reader = new StreamReader(machine.layers, streamBounds(machine), 'acceptor');
    this.#deadline = this.#closeAfterTimeout();
    machine.runtime.metrics.count('memberlist.tcp.accept', 1);
    machine.log('debug', `Stream connection ${this.#from}`);
  }

  refuseForLackOfRoom(): void {
    this.#machine.onBadInput('err', 'Too many pending push/pull requests');
    this.#close();
  }

  onData(chunk: Uint8Array): void {
    if (this.#answered) return;
    try {
      const message = this.#reader.push(chunk);
      if (message) this.#onMessage(message);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#refuse(error);
    }
  }

  /** The other side sends no more: without a whole message there is nothing to wait for. */
  onEnd(): void {
    if (this.#answered) return;
    if (!this.#reader.empty)
      this.#machine.onBadInput('err', `failed to receive: unexpected EOF ${this.#from}`);
    this.#close();
  }

  onClosed(): void {
    this.#forget();
  }

  #onMessage(message: StreamMessage): void {
    switch (message.type) {
      case 'ping':
        return this.#answerPing(message.ping);
      case 'pushPull':
        return this.#answerPushPull(message.pushPull);
      case 'user':
        this.#machine.delegate.onUserMessage(message.message, this.#stream.remote);
        return this.#close();
      case 'ack':
      case 'error':
      case 'unknown': {
        const type = message.type === 'unknown' ? message.typeByte : message.type;
        this.#machine.onBadInput('err', `Received invalid msgType (${type}) ${this.#from}`);
        return this.#close();
      }
    }
  }

  #answerPing(ping: Ping): void {
    if (ping.node !== '' && !this.#machine.isSelf(ping.node)) {
      this.#machine.log('warn', `Got ping for unexpected node ${ping.node} ${this.#from}`);
      return this.#close();
    }
    this.#answer(encodeAck(ping.sequence, null));
  }

  #answerPushPull(remote: PushPull): void {
    this.#answer(localState(this.#machine, remote.join));
    const refusal = mergePushPull(this.#machine, remote, remote.join);
    if (refusal !== undefined) this.#machine.log('err', `Failed push/pull merge: ${refusal} ${this.#from}`);
    this.#reader.release();
  }

  #refuse(error: DecodeError): void {
    if (error instanceof LabelRefused) {
      this.#machine.onBadInput('err', `${error.message} ${this.#from}`);
      return this.#close();
    }
    const inMessage = this.#reader.inMessage;
    const what = inMessage ? 'Failed to read remote state' : 'failed to receive';
    this.#machine.onBadInput('err', `${what}: ${error.message} ${this.#from}`);
    if (inMessage) return this.#close();
    this.#answer(encodeMessage('error', streamErrorCodec, { error: error.message }));
  }

  #answer(message: Uint8Array): void {
    this.#answered = true;
    const bytes = wrapStream(this.#machine.layers, message, 'acceptor');
    this.#machine.runtime.metrics.count('memberlist.tcp.sent', bytes.length);
    this.#deadline.cancel();
    this.#deadline = this.#closeAfterTimeout();
    this.#stream.write(bytes);
    this.#stream.end();
  }

  #closeAfterTimeout(): Timer {
    const { runtime, config } = this.#machine;
    return runtime.timers.after(config.streamTimeoutMs, () => {
      if (!this.#answered) this.#machine.onBadInput('err', `failed to receive: i/o timeout ${this.#from}`);
      this.#close();
    });
  }

  #close(): void {
    this.#answered = true;
    this.#stream.destroy();
    this.#forget();
  }

  #forget(): void {
    this.#deadline.cancel();
    this.#reader.release();
    this.#stopsWithNode();
    this.#gone();
  }

  get #from(): string {
    return `from=${endpointText(this.#stream.remote)}`;
  }
}
