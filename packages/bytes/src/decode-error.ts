// The only thing a decoder of this package throws.
// Decoders run on bytes from anybody, so an attacker chooses how often these errors are made. Capturing a
// stack costs some ten times more than the rest of a failed decode; therefore these errors carry none. The
// message says what was expected; the layer that catches it knows which packet and peer it came from.

/** What is wrong with the input: it ends too early, it is not what it claims to be, or it exceeds a bound. */
export type DecodeErrorCode = 'truncated' | 'malformed' | 'limit';

/** The input cannot be decoded. It has no stack, so that hostile input cannot make us spend time on one. */
export class DecodeError extends Error {
  readonly code: DecodeErrorCode;

  /** @param code what is wrong. @param message what was expected and found, in one line. */
  constructor(code: DecodeErrorCode, message: string) {
    const stackFrames = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackFrames;
    this.name = 'DecodeError';
    this.code = code;
  }
}

/** The input ends before the value does; a stream reader may try again with more bytes. */
export class TruncatedError extends DecodeError {
  /**
   * Bytes, counted from the start of the buffer, that the value is known to need: always more than there
   * were, and possibly still too few. A peer chooses this number: hold it against a bound before waiting.
   */
  readonly needed: number;

  /** @param needed bytes from the start of the buffer that are known to be needed. */
  constructor(needed: number) {
    super('truncated', `input ends early: at least ${needed} bytes are needed`);
    this.name = 'TruncatedError';
    this.needed = needed;
  }
}
