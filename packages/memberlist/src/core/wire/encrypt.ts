// The encryption layer: `version | nonce (12) | AES-GCM ciphertext | tag (16)`. Version 1 is written; version
// 0, which pads its plaintext to AES blocks, is understood. Upstream: memberlist security.go.
// The nonce is chance and comes from the caller. Next: label.ts, then packet.ts and stream.ts.

import { type AesKey, concatBytes, DecodeError, nonceBytes, pkcs7Unpad } from '@reeve/bytes';

/** What encryption adds to a message. */
export const encryptionOverheadBytes = 29;

/**
 * Encrypts under `key` with `nonceBytes` unpredictable bytes; `additionalData` is authenticated, not sent.
 */
export function encryptPayload(
  key: AesKey,
  nonce: Uint8Array,
  plain: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array {
  return concatBytes([versionByte, nonce, key.seal(nonce, plain, additionalData)]);
}

/**
 * Decrypts under the first key that fits.
 * @throws DecodeError in the original's words, which joiners see.
 */
export function decryptPayload(
  keys: readonly AesKey[],
  payload: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array {
  const version = payload[0];
  if (version === undefined) throw new DecodeError('truncated', 'Cannot decrypt empty payload');
  if (version > 1) throw new DecodeError('malformed', `Unsupported encryption version ${version}`);
  if (payload.length < payloadBytesMin[version === 0 ? 0 : 1]) {
    throw new DecodeError('truncated', `Payload is too small to decrypt: ${payload.length}`);
  }
  const nonce = payload.subarray(1, 1 + nonceBytes);
  const sealed = payload.subarray(1 + nonceBytes);
  for (const key of keys) {
    const plain = key.open(nonce, sealed, additionalData);
    if (plain) return version === 0 ? pkcs7Unpad(plain, aesBlockBytes) : plain;
  }
  throw new DecodeError('malformed', 'No installed keys could decrypt the message');
}

const aesBlockBytes = 16;
const payloadBytesMin = [encryptionOverheadBytes + aesBlockBytes, encryptionOverheadBytes] as const;
const versionByte = new Uint8Array([1]);
