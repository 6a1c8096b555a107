// Which layers a node wraps around what it sends and expects around what it receives. Shared by packet.ts and
// stream.ts; the order of the layers differs between them.

import { encodeText } from '@reeve/bytes';
import type { Random } from '@reeve/runtime';
import type { MemberlistConfig } from '../config.ts';
import type { Keyring } from '../keyring.ts';
import { encryptionOverheadBytes } from './encrypt.ts';

/** A node's layers. */
export interface Layers {
  readonly compression: boolean;
  readonly keyring: Keyring | undefined;
  readonly verifyIncoming: boolean;
  readonly verifyOutgoing: boolean;
  readonly label: string;
  /** The same, as it is authenticated; at most 255. */
  readonly labelBytes: Uint8Array;
  readonly skipInboundLabelCheck: boolean;
  readonly random: Random;
}

/**
 * The layers a configuration asks for.
 * @throws RangeError when the label is over 255 bytes long.
 */
export function createLayers(config: MemberlistConfig, random: Random): Layers {
  const labelBytes = encodeText(config.label);
  if (labelBytes.length > labelBytesMax) {
    throw new RangeError(`label "${config.label}" is too long: at most ${labelBytesMax} bytes`);
  }
  const { compression, keyring, verifyIncoming, verifyOutgoing, label, skipInboundLabelCheck } = config;
  return {
    compression,
    keyring,
    verifyIncoming,
    verifyOutgoing,
    label,
    labelBytes,
    skipInboundLabelCheck,
    random,
  };
}

/** How many bytes of a packet the label and the encryption take. */
export function packetOverheadBytes(layers: Layers): number {
  const labelOverhead = layers.labelBytes.length === 0 ? 0 : 2 + layers.labelBytes.length;
  return labelOverhead + (encryptsOutput(layers) ? encryptionOverheadBytes : 0);
}

/** Whether what is sent is encrypted. */
export function encryptsOutput(layers: Layers): layers is Layers & { readonly keyring: Keyring } {
  return layers.keyring !== undefined && layers.verifyOutgoing;
}

const labelBytesMax = 255;
