// AES-GCM with one key, as Go's cipher.NewGCM: 12-byte nonce, 16-byte tag behind the ciphertext.
// The layout of encrypted packets around it (version byte, nonce) belongs to memberlist. Version 0 of it pads
// the plaintext first: pkcs7.ts.

import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { copyBytes } from './byte-array.ts';

/** Bytes of a nonce. */
export const nonceBytes = 12;

/** Bytes that sealing adds: the tag. */
const tagBytes = 16;

/** An AES key has 16, 24 or 32 bytes; this one has not. */
export class KeySizeError extends RangeError {
  constructor() {
    super('key size must be 16, 24 or 32 bytes');
    this.name = 'KeySizeError';
  }
}

/** A key made ready once, for many packets. */
export class AesKey {
  /** The key's bytes, a copy of those given. */
  readonly raw: Uint8Array;
  readonly #key: KeyObject;
  readonly #cipher: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm';

  /** @param raw 16, 24 or 32 bytes, else KeySizeError. */
  constructor(raw: Uint8Array) {
    if (raw.length === 16) this.#cipher = 'aes-128-gcm';
    else if (raw.length === 24) this.#cipher = 'aes-192-gcm';
    else if (raw.length === 32) this.#cipher = 'aes-256-gcm';
    else throw new KeySizeError();
    this.raw = copyBytes(raw);
    this.#key = createSecretKey(this.raw);
  }

  /** Encrypts and authenticates; returns ciphertext and tag. A nonce must never seal twice under one key. */
  seal(nonce: Uint8Array, plain: Uint8Array, additionalData: Uint8Array): Uint8Array {
    if (nonce.length !== nonceBytes)
      throw new RangeError(`a nonce has ${nonceBytes} bytes, not ${nonce.length}`);
    const cipher = createCipheriv(this.#cipher, this.#key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(additionalData);
    const sealed = new Uint8Array(plain.length + tagBytes);
    sealed.set(cipher.update(plain));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plain.length);
    return sealed;
  }

  /** Decrypts what `seal` made; undefined unless key, nonce, sealed bytes and additional data all fit. */
  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array | undefined {
    const plainBytes = sealed.length - tagBytes;
    if (nonce.length !== nonceBytes || plainBytes < 0) return undefined;
    const decipher = createDecipheriv(this.#cipher, this.#key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData);
    decipher.setAuthTag(sealed.subarray(plainBytes));
    const plain = new Uint8Array(plainBytes);
    plain.set(decipher.update(sealed.subarray(0, plainBytes)));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return plain;
  }
}
