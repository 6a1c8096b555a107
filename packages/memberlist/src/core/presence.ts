// Ours: is somebody of this name there? Asked before a claim is believed, or acted upon, that only makes
// sense if somebody is, or nobody is. A ping with a name is answered only by who has that name.
// Pinged twice, as packets get lost. Bounded by who asks. Next: moved-node.ts.

import { parseIp } from '@reeve/bytes';
import type { Endpoint } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { sendMessage } from './send.ts';
import { encodeMessage, type Ping, pingCodec } from './wire/messages.ts';

/**
 * Pings `name` at an address; `done` once with whether it has answered within `probeTimeoutMs`, or never when
 * the node stops. `besides` goes along with the pings.
 */
export function findOut(
  machine: Machine,
  name: string,
  at: Endpoint,
  besides: readonly Uint8Array[],
  done: (isThere: boolean) => void,
): void {
  const { acks, config, runtime, advertised } = machine;
  const ping: Ping = {
    sequence: machine.nextSequence(),
    node: name,
    sourceAddress: parseIp(advertised.host) ?? new Uint8Array(0),
    sourcePort: advertised.port,
    sourceNode: config.name,
  };
  const message = encodeMessage('ping', pingCodec, ping);
  const send = (): void => sendMessage(machine, at, message, () => {}, besides);
  const again = runtime.timers.after(config.probeTimeoutMs / 2, send);
  const stopsWithNode = machine.underway.add(() => again.cancel());
  const finish = (isThere: boolean): void => {
    stopsWithNode();
    again.cancel();
    done(isThere);
  };
  acks.expect(ping.sequence, config.probeTimeoutMs, {
    onAck: () => finish(true),
    onTimeout: () => finish(false),
  });
  send();
}
