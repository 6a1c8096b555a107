// Bytes as the tests write them. Spaces may group the digits.

/** The bytes of a hex text. */
export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

/** The hex text of bytes. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Checks for `assert.throws`: a DecodeError of that code. */
export function decodeError(code: 'truncated' | 'malformed' | 'limit'): object {
  return { name: code === 'truncated' ? 'TruncatedError' : 'DecodeError', code };
}
