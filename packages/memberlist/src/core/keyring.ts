// The keys a cluster encrypts with. The first is the primary: everything is sent under it, while input under
// any of them is understood, so keys can be rotated without losing a packet. Upstream: memberlist keyring.go.
// Invariant: never empty; no key twice. Next: wire/encrypt.ts.

import { AesKey, equalBytes } from '@reeve/bytes';

/** A changeable ring of keys, shared by the machine and whoever rotates keys. */
export class Keyring {
  // Bounded by ringKeysMax.
  #keys: readonly AesKey[];

  /**
   * A ring whose first key is the primary; doubles are dropped.
   * @throws KeySizeError when a key is not of 16, 24 or 32 bytes; KeyringError when there is none.
   */
  constructor(keys: readonly Uint8Array[]) {
    const [primary, ...others] = keys;
    if (primary === undefined) throw new KeyringError('Empty primary key not allowed');
    this.#keys = [new AesKey(primary)];
    for (const key of others) this.install(key);
  }

  /** All keys, the primary first; the order in which decryption is tried. */
  get keys(): readonly AesKey[] {
    return this.#keys;
  }

  /** The key everything is encrypted with. */
  get primary(): AesKey {
    const [primary] = this.#keys;
    if (primary === undefined) throw new Error('a keyring is never empty');
    return primary;
  }

  /**
   * Adds a key for decryption; installing a known one changes nothing. Upstream puts no bound; ours is 64.
   */
  install(raw: Uint8Array): void {
    if (this.#find(raw)) return;
    if (this.#keys.length >= ringKeysMax)
      throw new KeyringError(`keyring is full: at most ${ringKeysMax} keys`);
    this.#keys = [...this.#keys, new AesKey(raw)];
  }

  /** Makes an installed key the primary; the others keep their order. */
  use(raw: Uint8Array): void {
    const key = this.#find(raw);
    if (!key) throw new KeyringError('Requested key is not in the keyring');
    this.#keys = [key, ...this.#keys.filter((other) => other !== key)];
  }

  /** Removes a key; removing one that is not there succeeds, as upstream. */
  remove(raw: Uint8Array): void {
    const key = this.#find(raw);
    if (key === this.primary) throw new KeyringError('Removing the primary key is not allowed');
    this.#keys = this.#keys.filter((other) => other !== key);
  }

  #find(raw: Uint8Array): AesKey | undefined {
    return this.#keys.find((key) => equalBytes(key.raw, raw));
  }
}

/** A key operation that cannot be done; the text is the original's, as clients see it. */
export class KeyringError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeyringError';
  }
}

const ringKeysMax = 64;
