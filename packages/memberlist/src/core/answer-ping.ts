// Answers pings, and pings others on behalf of members that cannot reach them. SWIM section 3.1; upstream:
// memberlist net.go (handlePing, handleIndirectPing). Answers go to where the message says it comes from, which may
// differ from where the packet came from. Next: send.ts.

import { formatIp, parseIp } from '@reeve/bytes';
import { type Endpoint, endpointText } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { sendMessage } from './send.ts';
import {
  encodeAck,
  encodeMessage,
  type IndirectPing,
  nackCodec,
  type Ping,
  pingCodec,
} from './wire/messages.ts';

/** Answers a ping meant for us or for anybody. */
export function answerPing(machine: Machine, ping: Ping, from: Endpoint): void {
  if (ping.node !== '' && !machine.isSelf(ping.node)) {
    machine.log('warn', `Got ping for unexpected node '${ping.node}' from=${endpointText(from)}`);
    return;
  }
  const payload = machine.delegate.ackPayload();
  sendMessage(machine, answerTo(ping, from), encodeAck(ping.sequence, payload.length === 0 ? null : payload));
}

/**
 * Pings the target; its answer is passed on with the asker's number and without payload. Without an answer within
 * probeTimeout the asker gets a nack, if it wants one; an answer after that is not passed on.
 */
export function answerIndirectPing(machine: Machine, request: IndirectPing, from: Endpoint): void {
  const { config, advertised, acks } = machine;
  const host = formatIp(request.target);
  if (host === undefined) {
    machine.onBadInput('err', `Failed to send indirect ping: no address from=${endpointText(from)}`);
    return;
  }
  // Ours: upstream carries out any number at once.
  if (machine.indirectProbes >= config.limits.indirectProbesMax) {
    machine.onBadInput('warn', `Too many indirect pings, dropping one from=${endpointText(from)}`);
    return;
  }
  machine.indirectProbes += 1;
  const asker = answerTo(request, from);
  const sequence = machine.nextSequence();
  acks.expect(sequence, config.probeTimeoutMs, {
    onAck: () => {
      machine.indirectProbes -= 1;
      sendMessage(machine, asker, encodeAck(request.sequence, null));
    },
    onTimeout: () => {
      machine.indirectProbes -= 1;
      if (!request.nack) return;
      sendMessage(machine, asker, encodeMessage('nack', nackCodec, { sequence: request.sequence }));
    },
  });
  const ping: Ping = {
    sequence,
    node: request.node,
    sourceAddress: parseIp(advertised.host) ?? new Uint8Array(0),
    sourcePort: advertised.port,
    sourceNode: config.name,
  };
  const target = { host, port: request.port === 0 ? machine.ownPort : request.port };
  sendMessage(machine, target, encodeMessage('ping', pingCodec, ping));
}

/** Where a ping wants its answer. */
function answerTo(ping: Pick<Ping, 'sourceAddress' | 'sourcePort'>, from: Endpoint): Endpoint {
  const host = formatIp(ping.sourceAddress);
  return host === undefined || ping.sourcePort === 0 ? from : { host, port: ping.sourcePort };
}
