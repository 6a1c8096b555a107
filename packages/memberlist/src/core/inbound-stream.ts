// A stream somebody else dialled: reads its one message, answers it, closes. Upstream: memberlist net.go
// (handleConn). Bounded: limits.streamsMax streams at once, each for at most streamTimeoutMs for its request
// and the same for its answer; what all of them hold, by the budgets of the machine. What cannot be
// understood costs one log line; if its layers cannot be taken off, the other side is told why.
// Next: stream-input.ts, merge.ts.

import type { DecodeError } from '@reeve/bytes';
import { endpointText, type NetworkError, type Stream, type StreamHandler, type Timer } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { mergePushPull } from './merge.ts';
import { localState } from './push-pull.ts';
import { StreamInput } from './stream-input.ts';
import { Turns } from './turns.ts';
import { messageTypes } from './wire/message-types.ts';
import { encodeAck, encodeMessage, type Ping, streamErrorCodec } from './wire/messages.ts';
import { LabelRefused, wrapStream } from './wire/stream.ts';
import { type PushPull, type StreamMessage, typeByteOf } from './wire/stream-message.ts';

/** Takes the streams of one node. */
export class StreamAcceptor {
  readonly #machine: Machine;
  /** In the order in which they came. Bounded by limits.streamsMax. */
  readonly #open = new Set<InboundStream>();
  readonly #exchanges: Turns;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#exchanges = new Turns(machine.runtime.timers, machine.underway);
  }

  /**
   * Takes a new stream. Beyond streamsMax the oldest one has to go: those who open streams and say nothing
   * must not keep out those who have something to say.
   */
  accept(stream: Stream): StreamHandler {
    const inbound = new InboundStream(this.#machine, this.#exchanges, stream, () =>
      this.#open.delete(inbound),
    );
    this.#open.add(inbound);
    const [oldest] = this.#open;
    if (this.#open.size > this.#machine.config.limits.streamsMax) oldest?.makeRoom();
    if (!this.#machine.self) inbound.close(); // not started yet: there is nothing to say
    return inbound;
  }
}

class InboundStream implements StreamHandler {
  readonly #machine: Machine;
  readonly #exchanges: Turns;
  readonly #stream: Stream;
  readonly #input: StreamInput;
  readonly #gone: () => void;
  readonly #stopsWithNode: () => void;
  #deadline: Timer;
  #answered = false;
  /** A state that waits for its turn; forgotten with the stream, whose bytes the budget gets back. */
  #request: PushPull | undefined;
  #answerBytes = 0;

  constructor(machine: Machine, exchanges: Turns, stream: Stream, gone: () => void) {
    this.#machine = machine;
    this.#exchanges = exchanges;
    this.#stream = stream;
    this.#gone = gone;
    this.#stopsWithNode = machine.underway.add(() => this.close());
    this.#input = new StreamInput(machine, 'acceptor', {
      onMessage: (message) => this.#onMessage(message),
      onNonsense: (error) => this.#refuse(error),
    });
    this.#deadline = this.#closeAfterTimeout();
    machine.runtime.metrics.count('memberlist.tcp.accept', 1);
    machine.log('debug', `Stream connection ${this.#from}`);
  }

  /** Closes the stream in favour of a newer one. */
  makeRoom(): void {
    if (this.#answered) this.close();
    else this.#fail(tooMany);
  }

  close(): void {
    this.#answered = true;
    this.#stream.destroy();
    this.#forget();
  }

  onData(chunk: Uint8Array): void {
    if (!this.#answered) this.#input.push(chunk);
  }

  /** The other side sends no more: without a whole message there is nothing to wait for. */
  onEnd(): void {
    this.#input.whenRead(() => {
      if (this.#answered) return;
      if (this.#input.reader.empty) this.close();
      else this.#fail(`${this.#whatFails}: unexpected EOF ${this.#from}`);
    });
  }

  onClosed(error?: NetworkError): void {
    this.#input.whenRead(() => {
      if (this.#answered || !error) this.#forget();
      else this.#fail(`${this.#whatFails}: ${error.message} ${this.#from}`);
    });
  }

  #onMessage(message: StreamMessage): void {
    switch (message.type) {
      case 'ping':
        return this.#answerPing(message.ping);
      case 'pushPull':
        this.#answered = true; // as good as: nothing more of the request is needed
        this.#request = message.pushPull;
        return this.#exchanges.take(this.#answerPushPull());
      case 'user':
        this.#machine.delegate.onUserMessage(message.message, this.#stream.remote);
        return this.close();
      case 'ack':
      case 'error':
      case 'unknown':
        return this.#fail(`Received invalid msgType (${typeByteOf(message)}) ${this.#from}`);
    }
  }

  #answerPing(ping: Ping): void {
    if (ping.node === '' || this.#machine.isSelf(ping.node)) {
      return this.#answer(encodeAck(ping.sequence, null));
    }
    this.#machine.onBadInput('warn', `Got ping for unexpected node ${ping.node} ${this.#from}`);
    this.close();
  }

  *#answerPushPull(): Generator<void> {
    const remote = this.#request;
    if (!remote) return;
    const state = localState(this.#machine, remote.join);
    yield;
    if (!this.#request) return;
    this.#answer(state);
    yield;
    const refusal = yield* mergePushPull(this.#machine, remote, remote.join, false);
    if (refusal !== undefined) {
      this.#machine.onBadInput('err', `Failed push/pull merge: ${refusal} ${this.#from}`);
    }
  }

  #refuse(error: DecodeError): void {
    if (error instanceof LabelRefused) return this.#fail(`${error.message} ${this.#from}`);
    const reason = `${this.#whatFails}: ${error.message} ${this.#from}`;
    if (this.#input.reader.messageType !== undefined) return this.#fail(reason);
    this.#machine.onBadInput('err', reason);
    this.#answer(encodeMessage('error', streamErrorCodec, { error: error.message }));
  }

  /**
   * Nothing more of the request is needed. The answer is held until the other side has taken it, or its time
   * is up.
   */
  #answer(message: Uint8Array): void {
    this.#answered = true;
    this.#input.reader.release();
    const bytes = wrapStream(this.#machine.layers, message, 'acceptor');
    if (!this.#machine.answerBudget.take(bytes.length)) return this.#fail(tooMany);
    this.#answerBytes = bytes.length;
    this.#machine.runtime.metrics.count('memberlist.tcp.sent', bytes.length);
    this.#deadline.cancel();
    this.#deadline = this.#closeAfterTimeout();
    this.#stream.write(bytes);
    this.#stream.end();
  }

  #closeAfterTimeout(): Timer {
    const { runtime, config } = this.#machine;
    return runtime.timers.after(config.streamTimeoutMs, () => {
      if (this.#answered) this.close();
      else this.#fail(`${this.#whatFails}: i/o timeout ${this.#from}`);
    });
  }

  #fail(reason: string): void {
    this.#machine.onBadInput('err', reason);
    this.close();
  }

  #forget(): void {
    this.#request = undefined;
    this.#deadline.cancel();
    this.#input.stop();
    this.#machine.answerBudget.giveBack(this.#answerBytes);
    this.#answerBytes = 0;
    this.#stopsWithNode();
    this.#gone();
  }

  /** What is being done with the request, in the original's words. */
  get #whatFails(): string {
    switch (this.#input.reader.messageType) {
      case undefined:
        return 'failed to receive';
      case messageTypes.ping:
        return 'Failed to decode ping';
      case messageTypes.user:
        return 'Failed to receive user message';
      default:
        return 'Failed to read remote state';
    }
  }

  get #from(): string {
    return `from=${endpointText(this.#stream.remote)}`;
  }
}

const tooMany = 'Too many pending push/pull requests';
