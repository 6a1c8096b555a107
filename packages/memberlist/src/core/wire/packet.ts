// The layers of a packet, from inside out: compress, checksum, encrypt, label. Upstream: memberlist net.go
// (rawSendMsgPacket, ingestPacket). Quirk: the first byte of an encrypted packet is its encryption version,
// which looks like a ping or an indirect ping; so with a keyring decryption comes first, and only without one
// is that byte a message type. Next: messages.ts for what is inside, ../packet-input.ts for who takes it.

import { concatBytes, DecodeError, nonceBytes, TruncatedError } from '@reeve/bytes';
import { type Endpoint, endpointText, type LogLevel } from '@reeve/runtime';
import { addChecksum, removeChecksum } from './checksum.ts';
import { compressMessage } from './compress.ts';
import { decryptPayload, encryptPayload } from './encrypt.ts';
import { labelHeader, removeLabel } from './label.ts';
import { encryptsOutput, type Layers } from './layers.ts';

/** The packet that carries `message`. */
export function wrapPacket(layers: Layers, message: Uint8Array, checksum: boolean): Uint8Array {
  let packet = message;
  if (layers.compression) {
    const compressed = compressMessage(message);
    if (compressed.length < message.length) packet = compressed;
  }
  if (checksum) packet = addChecksum(packet);
  if (encryptsOutput(layers)) {
    const nonce = layers.random.bytes(nonceBytes);
    packet = encryptPayload(layers.keyring.primary, nonce, packet, layers.labelBytes);
  }
  return layers.labelBytes.length === 0 ? packet : concatBytes([labelHeader(layers.labelBytes), packet]);
}

/** Why a packet is dropped, ready to be logged. */
export interface PacketRefusal {
  readonly level: LogLevel;
  readonly reason: string;
}

/** What is inside a packet: a message, maybe compressed; or why it is refused. Never throws. */
export function unwrapPacket(layers: Layers, packet: Uint8Array, from: Endpoint): Uint8Array | PacketRefusal {
  let input: Uint8Array;
  if (packet.length === 0) {
    return { level: 'err', reason: `UDP packet too short (0 bytes) from=${endpointText(from)}` };
  }
  try {
    const { label, rest } = removeLabel(packet);
    const refusal = labelRefusal(layers, label, 'packet');
    if (refusal !== undefined) return { level: 'err', reason: `${refusal} from=${endpointText(from)}` };
    input = decrypt(layers, rest);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const cutOff = error instanceof TruncatedError;
    const reason = cutOff ? 'cannot decode label; packet has been truncated' : error.message;
    return { level: 'err', reason: `${reason} from=${endpointText(from)}` };
  }
  const payload = removeChecksum(input);
  if (payload instanceof Uint8Array) return payload;
  const { got, expected } = payload;
  return {
    level: 'warn',
    reason: `Got invalid checksum for UDP packet: ${got.toString(16)}, ${expected.toString(16)}`,
  };
}

/** Why input with this label is not for us; undefined when it is. */
export function labelRefusal(layers: Layers, label: string, kind: 'packet' | 'stream'): string | undefined {
  if (layers.skipInboundLabelCheck) {
    return label === '' ? undefined : `unexpected double ${kind} label header:`;
  }
  if (label === layers.label) return undefined;
  return `discarding ${kind} with unacceptable label ${JSON.stringify(label)}:`;
}

function decrypt(layers: Layers, packet: Uint8Array): Uint8Array {
  if (!layers.keyring) return packet;
  try {
    return decryptPayload(layers.keyring.keys, packet, layers.labelBytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (!layers.verifyIncoming) return packet;
    throw new DecodeError(error.code, `Decrypt packet failed: ${error.message}`);
  }
}
