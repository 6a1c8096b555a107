// Packets out. Every direct message takes along as many broadcasts as still fit (SWIM section 4.1).
// Upstream: memberlist net.go (sendMsg, rawSendMsgPacket), memberlist.go (getBroadcasts).
// Next: wire/packet.ts for the layers.

import type { Endpoint, NetworkError } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { compoundHeaderBytes, compoundPartBytes, encodeCompounds } from './wire/compound.ts';
import { packetOverheadBytes } from './wire/layers.ts';
import { messageTypes } from './wire/message-types.ts';
import { wrapPacket } from './wire/packet.ts';

/** Sends one message and, in the space it leaves, broadcasts. */
export function sendMessage(
  machine: Machine,
  to: Endpoint,
  message: Uint8Array,
  onFailure?: (error: NetworkError) => void,
): void {
  const extra = takeBroadcasts(machine, broadcastSpaceBytes(machine) - message.length);
  const checksum = isNamedByItsAddress(machine, to);
  for (const packet of encodePackets([message, ...extra]))
    sendPacket(machine, to, packet, checksum, onFailure);
}

/** Sends messages as they are, with a checksum if the receiver understands it. */
export function sendPacket(
  machine: Machine,
  to: Endpoint,
  message: Uint8Array,
  checksum: boolean,
  onFailure: (error: NetworkError) => void = (error) => logSendFailure(machine, to, error),
): void {
  const packet = wrapPacket(machine.layers, message, checksum);
  machine.runtime.metrics.count('memberlist.udp.sent', packet.length);
  machine.transport?.send(packet, to, onFailure);
}

/** Broadcasts of ours, then of the layer above, that fit into `freeBytes`. */
export function takeBroadcasts(machine: Machine, freeBytes: number): Uint8Array[] {
  const messages = machine.broadcasts.take(compoundPartBytes, freeBytes);
  const usedBytes = messages.reduce((sum, message) => sum + compoundPartBytes + message.length, 0);
  const leftBytes = freeBytes - usedBytes;
  if (leftBytes <= compoundPartBytes + userMessageOverheadBytes) return messages;
  const overheadBytes = compoundPartBytes + userMessageOverheadBytes;
  const userMessages = machine.delegate.takeBroadcasts(overheadBytes, leftBytes);
  return [...messages, ...userMessages.map(asUserMessage)];
}

/** How many bytes of broadcasts a packet of nothing else has room for. */
export function broadcastSpaceBytes(machine: Machine): number {
  return machine.config.packetBytesMax - compoundHeaderBytes - packetOverheadBytes(machine.layers);
}

/** One message goes bare, several in as few compounds as possible. */
export function encodePackets(messages: readonly Uint8Array[]): readonly Uint8Array[] {
  return messages.length === 1 ? messages : encodeCompounds(messages);
}

/** A message of the layer above, behind its type byte. */
export function asUserMessage(message: Uint8Array): Uint8Array {
  const packet = new Uint8Array(userMessageOverheadBytes + message.length);
  packet[0] = messageTypes.user;
  packet.set(message, userMessageOverheadBytes);
  return packet;
}

/** Quirk: without the receiver's entry at hand the original looks its address up among the *names*. */
function isNamedByItsAddress(machine: Machine, to: Endpoint): boolean {
  return (machine.table.get(to.host)?.versions.pMax ?? 0) >= checksumProtocol;
}

function logSendFailure(machine: Machine, to: Endpoint, error: NetworkError): void {
  machine.log('err', `Failed to send packet to ${to.host}:${to.port}: ${error.message}`);
}

const userMessageOverheadBytes = 1;

/** Who understands this protocol version understands checksums. */
export const checksumProtocol = 5;
