// A ping over a stream, for members whose packets get lost. Upstream: memberlist net.go
// (sendPingAndWaitForAck).
// Next: stream-exchange.ts.

import { type Endpoint, endpointText, type Result } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { exchangeByStream } from './stream-exchange.ts';
import { encodeMessage, type Ping, pingCodec } from './wire/messages.ts';
import { typeByteOf } from './wire/stream-message.ts';

/** Ends with whether `to` answered this ping. A dead node's refusal to connect is expected and no error. */
export function pingByStream(
  machine: Machine,
  to: Endpoint,
  ping: Ping,
  timeoutMs: number,
  done: (result: Result<boolean>) => void,
): void {
  const { clock } = machine.runtime;
  const deadlineMs = clock.now() + timeoutMs;
  let connected = false;
  exchangeByStream(machine, to, {
    connectMs: timeoutMs,
    answerMs: () => deadlineMs - clock.now(),
    request() {
      connected = true;
      return encodeMessage('ping', pingCodec, ping);
    },
    done(result) {
      if (!result.ok) return done(connected ? result : { ok: true, value: false });
      const answer = result.value;
      if (answer.type !== 'ack') {
        const from = `from=${endpointText(to)}`;
        const message = `Unexpected msgType (${typeByteOf(answer)}) from ping ${from}`;
        return done({ ok: false, error: new Error(message) });
      }
      const { sequence } = answer.ack;
      if (sequence === ping.sequence) return done({ ok: true, value: true });
      const message = `Sequence number from ack (${sequence}) doesn't match ping (${ping.sequence})`;
      done({ ok: false, error: new Error(message) });
    },
  });
}
