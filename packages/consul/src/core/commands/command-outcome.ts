// What comes of a command: the answer of the RPC method that wrote it, or an error in words for the client.

import type { TransactionResponse } from '../records/index.ts';

/** Whether a `cas` or `lock` did it, the id of a new session, what a transaction found; null: nothing. */
export type CommandAnswer = null | boolean | string | TransactionResponse;

/** The outcome of a command that raft has committed: the same on every server. */
export type CommandOutcome =
  | { readonly ok: true; readonly answer: CommandAnswer }
  | { readonly ok: false; readonly error: string };
