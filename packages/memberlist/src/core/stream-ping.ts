// A ping over a stream, for members whose packets get lost. Upstream: memberlist net.go (sendPingAndWaitForAck).
// Next: stream-exchange.ts.

import type { Endpoint, Result } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { exchangeByStream } from './stream-exchange.ts';
import { encodeMessage, type Ping, pingCodec } from './wire/messages.ts';

/** Ends with whether `to` answered this ping. A dead node's refusal to connect is expected and no error. */
export function pingByStream(
  machine: Machine,
  to: Endpoint,
  ping: Ping,
  timeoutMs: number,
  done: (result: Result<boolean>) => void,
): void {
  let connected = false;
  exchangeByStream(machine, to, {
    request() {
      connected = true;
      return encodeMessage('ping', pingCodec, ping);
    },
    timeoutMs,
    done(result) {
      if (!result.ok) return done(connected ? result : { ok: true, value: false });
      const answer = result.value;
      if (answer.type !== 'ack') {
        return done({ ok: false, error: new Error(`Unexpected message (${answer.type}) instead of an ack`) });
      }
      const { sequence } = answer.ack;
      if (sequence === ping.sequence) return done({ ok: true, value: true });
      const message = `Sequence number from ack (${sequence}) doesn't match ping (${ping.sequence})`;
      done({ ok: false, error: new Error(message) });
    },
  });
}
