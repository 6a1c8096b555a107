// Chance: the only source of it that a core has.

/** Chance. The simulator seeds it; on a real machine it is good enough for nonces. */
export interface Random {
  /** A float in [0, 1). */
  float(): number;
  /** An integer in [0, bound); `bound` is 1 to 2^32. */
  below(bound: number): number;
  /** `length` unpredictable bytes, fit for an AES-GCM nonce. */
  bytes(length: number): Uint8Array;
}
