// Answers pings, and pings others on behalf of members that cannot reach them. SWIM section 3.1; upstream:
// memberlist net.go (handlePing, handleIndirectPing). Answers go to where the message says it comes from,
// which may differ from where the packet came from. Next: send.ts.

import { formatIp, parseIp, textByteLength } from '@reeve/bytes';
import { type Endpoint, endpointText, type NetworkError } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { nameBytesMax } from './node.ts';
import { sendMessage } from './send.ts';
import {
  encodeAck,
  encodeMessage,
  type IndirectPing,
  nackCodec,
  type Ping,
  pingCodec,
  suspectCodec,
} from './wire/messages.ts';

/** Answers a ping meant for us or for anybody. */
export function answerPing(machine: Machine, ping: Ping, from: Endpoint): void {
  if (ping.node !== '' && !machine.isSelf(ping.node)) {
    machine.onBadInput('warn', `Got ping for unexpected node '${ping.node}' from=${endpointText(from)}`);
    return;
  }
  meetAsker(machine, ping.sourceNode, from);
  const payload = machine.delegate.ackPayload();
  const ack = encodeAck(ping.sequence, payload.length === 0 ? null : payload);
  const asker = answerTo(ping, from);
  const onFailure = failing(machine, 'send ack', from);
  sendMessage(machine, asker, ack, onFailure, obituary(machine, ping.sourceNode, asker));
}

/**
 * Pings the target; its answer is passed on with the asker's number and without payload. Without an answer
 * within probeTimeout the asker gets a nack, if it wants one; an answer after that is not passed on.
 */
export function answerIndirectPing(machine: Machine, request: IndirectPing, from: Endpoint): void {
  const { config, advertised, acks } = machine;
  const host = formatIp(request.target);
  if (host === undefined || textByteLength(request.node) > nameBytesMax) {
    machine.onBadInput(
      'err',
      `Failed to send indirect ping: there is no such node from=${endpointText(from)}`,
    );
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
      const ack = encodeAck(request.sequence, null);
      sendMessage(machine, asker, ack, failing(machine, 'forward ack', asker));
    },
    onTimeout: () => {
      machine.indirectProbes -= 1;
      if (!request.nack) return;
      const nack = encodeMessage('nack', nackCodec, { sequence: request.sequence });
      sendMessage(machine, asker, nack, failing(machine, 'send nack', asker));
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
  const message = encodeMessage('ping', pingCodec, ping);
  sendMessage(machine, target, message, failing(machine, 'send indirect ping', asker));
}

/**
 * Ours. Who pings is not gone: if we took it for dead or left, it is told, so that it can refute. Upstream
 * tells nobody who is said to have left, so a forged goodbye is believed until the next push/pull.
 */
function obituary(machine: Machine, name: string, at: Endpoint): Uint8Array[] {
  const node = machine.table.get(name);
  if (node?.state !== 'dead' && node?.state !== 'left') return [];
  if (node.host !== at.host || node.port !== at.port) return [];
  const from = node.state === 'left' ? name : machine.config.name;
  return [encodeMessage('dead', suspectCodec, { incarnation: node.incarnation, node: name, from })];
}

/** Who pings from where it is known to be is there. */
function meetAsker({ table, met }: Machine, name: string, from: Endpoint): void {
  const node = table.get(name);
  if (node?.host === from.host && node.port === from.port) met.meet(node);
}

/** Where a ping wants its answer. */
function answerTo(ping: Pick<Ping, 'sourceAddress' | 'sourcePort'>, from: Endpoint): Endpoint {
  const host = formatIp(ping.sourceAddress);
  return host === undefined || ping.sourcePort === 0 ? from : { host, port: ping.sourcePort };
}

function failing(machine: Machine, what: string, asker: Endpoint): (error: NetworkError) => void {
  return (error) => {
    machine.onSocketFailure(`Failed to ${what}: ${error.message} from=${endpointText(asker)}`);
  };
}
