// Questions to the cluster, whose answers are looped over.

import type { QueryHandle, QueryHandlers, QueryParams } from '../core/index.ts';
import { Mailbox } from './mailbox.ts';
import { toBuffer } from './payload.ts';

/** Whom to ask, and how. */
export interface QueryOptions {
  /** How long answers are waited for. Default: what gossip takes to reach everybody, 3.2 s up to 9. */
  readonly timeoutMs?: number;
  /** Only these members. */
  readonly nodes?: readonly string[];
  /** Only members whose tags match these RE2 expressions, unanchored: `{ role: '^web$' }`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** How many other members also carry each answer back, 0 to 255, for lossy networks. */
  readonly relayFactor?: number;
  /** Called with every member that has got the query, whether it answers or not. */
  readonly onAck?: (from: string) => void;
}

/** One member's answer. */
export interface Answer {
  readonly from: string;
  readonly payload: Buffer;
}

/** The answers as they come in, one a member; ends with the timeout. Leaving the loop ends the query. */
export type Answers = AsyncIterableIterator<Answer>;

/** Begins a query with what `start` needs for it, and collects its answers. */
export function collectAnswers(
  { onAck, tags, ...options }: QueryOptions,
  start: (params: QueryParams, handlers: QueryHandlers) => QueryHandle,
): Answers {
  // Bounded by the number of members, each of which is heard once.
  const answers = new Mailbox<Answer>({
    itemsMax: Number.POSITIVE_INFINITY,
    missed: unreachable,
    onReturn: () => handle.close(),
  });
  const params = { ...options, tags: new Map(Object.entries(tags ?? {})), requestAck: onAck !== undefined };
  const handle = start(params, {
    onAck: (from) => queueMicrotask(() => onAck?.(from)),
    onResponse: (from, payload) => answers.push({ from, payload: toBuffer(payload) }),
    onDone: () => answers.end(),
  });
  return answers;
}

function unreachable(): never {
  throw new Error('answers are never dropped');
}
