// What a command gives back to the client that sent it.

/**
 * The header's error, the body and what happens afterwards. All three are optional: `{}` is plain success.
 */
export interface Reply {
  /** Absent for success. */
  readonly error?: string;
  /** Encoded already. A client waits for it if the command has one at all, error or not. */
  readonly body?: Uint8Array;
  /** Called when the reply has been handed to the connection. */
  readonly afterwards?: () => void;
}
