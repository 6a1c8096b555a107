// The captured packets and streams, as seeds for damage.

import { AesKey } from '@reeve/bytes';
import { captureNames, readWire } from '@reeve/golden';
import { decryptPayload } from '../../dist/core/wire/encrypt.js';

/** The key of the encrypted captures. */
export const goldenKey: Uint8Array = new Uint8Array(32).fill(0x41);

/** All captured packets, each plain: of the encrypted ones what is inside. */
export const goldenPackets: readonly Uint8Array[] = names('udp-').flatMap((name) =>
  readWire(name).blocks.map(({ bytes }) => (name.startsWith('encrypted-') ? decrypted(bytes) : bytes)),
);

/** The captured encrypted packets as they are. */
export const encryptedPackets: readonly Uint8Array[] = names('encrypted-udp-').map(
  (name) => readWire(name).bytes,
);

/** All captured streams of clusters without a key. */
export const goldenStreams: readonly Uint8Array[] = names('tcp-p')
  .filter((name) => !name.startsWith('encrypted-'))
  .flatMap((name) => readWire(name).blocks.map(({ bytes }) => bytes));

/** The captured encrypted streams as they are. */
export const encryptedStreams: readonly Uint8Array[] = readWire('encrypted-tcp-pushpull').blocks.map(
  ({ bytes }) => bytes,
);

function names(part: string): string[] {
  return captureNames('wire')
    .map((name) => name.slice('wire/'.length))
    .filter((name) => name.includes(part));
}

function decrypted(packet: Uint8Array): Uint8Array {
  return decryptPayload([new AesKey(goldenKey)], packet, new Uint8Array(0));
}
