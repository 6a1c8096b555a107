// What leaves a server: questions, and answers to what it was asked. hashicorp/raft's RPC has no message
// that is neither; whoever carries a question gives it back with its answer.

import type { Server } from './configuration.ts';
import type { Answer, Request } from './messages.ts';

/** A question to another server, with what the one who asks needs to understand the answer. */
export interface Ask {
  readonly to: Server;
  readonly request: Request;
  /** The round of verification it belongs to; see verify-leader.ts. */
  readonly round: number;
  /** When it was asked: an answer says what held then or later. */
  readonly askedAtMs: number;
  /** Counts how often replication to `to` started over; see progress.ts. */
  readonly epoch: number;
}

/** The answer to the question that came with a ticket. */
export interface Reply {
  readonly ticket: number;
  readonly answer: Answer;
}

/** Either. */
export type Outgoing =
  | { readonly kind: 'ask'; readonly ask: Ask }
  | { readonly kind: 'reply'; readonly reply: Reply };
