// One message of the layer above over a stream of its own: for what no packet can carry, or must not get
// lost. Upstream: memberlist net.go (sendUserMsg), which writes and hangs up. Whoever receives one closes the
// stream when the message is read and says nothing, so an end without a word is the good end.
// Bounded: limits.userStreamsMax at once, each with the deadlines of stream-exchange.ts.

import { type Endpoint, NetworkError, type Result } from '@reeve/runtime';
import { type Machine, notRunning } from './machine.ts';
import { exchangeByStream, peersError } from './stream-exchange.ts';
import { encodeUserStream, type StreamMessage, typeByteOf } from './wire/stream-message.ts';

/**
 * Sends a message; `done` once, with why it certainly or probably did not arrive.
 * @throws RangeError when it is longer than any stream may be.
 */
export function sendReliably(
  machine: Machine,
  to: Endpoint,
  message: Uint8Array,
  done: (error?: Error) => void,
): void {
  const { streamTimeoutMs, limits } = machine.config;
  if (message.length > limits.streamBytesMax)
    throw new RangeError(
      `a message of ${message.length} bytes: at most ${limits.streamBytesMax} fit a stream`,
    );
  const refuse = (reason: string) => void machine.runtime.timers.after(0, () => done(new Error(reason)));
  if (!machine.transport) return refuse(notRunning);
  if (machine.userStreams >= limits.userStreamsMax) return refuse('too many user messages are being sent');

  machine.userStreams += 1;
  const finish = (error?: Error): void => {
    machine.userStreams -= 1;
    stopsWithNode();
    done(error);
  };
  const stopsWithNode = machine.underway.add(() => finish(new Error(notRunning)));
  let isConnected = false;
  exchangeByStream(machine, to, {
    connectMs: streamTimeoutMs,
    answerMs: () => streamTimeoutMs,
    request() {
      isConnected = true;
      return encodeUserStream(message);
    },
    done: (result) => finish(failureOf(result, isConnected)),
  });
}

function failureOf(result: Result<StreamMessage>, isConnected: boolean): Error | undefined {
  if (!result.ok) {
    const { error } = result;
    const isGoodEnd = isConnected && error instanceof NetworkError && error.code === 'EOF';
    return isGoodEnd ? undefined : error;
  }
  const answer = result.value;
  if (answer.type === 'error') return peersError(`remote error: ${answer.error}`);
  return new Error(`Unexpected msgType (${typeByteOf(answer)}) after a user message`);
}
