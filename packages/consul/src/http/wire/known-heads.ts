// The heads of requests that wait. Of thousands that wait for the same, all have sent the same: one head is
// kept for them, and whether two have asked in the same words is seen by that.

import type { RequestHead } from './request-head.ts';

/** Whether a request waits for an index. */
export function isWaiting({ query }: RequestHead): boolean {
  return query?.has('index') === true;
}

/** Heads by their texts. */
export class KnownHeads {
  /** Bounded by headsMax; all are forgotten then, and what has one keeps it. */
  readonly #heads = new Map<string, RequestHead>();

  /** A head of a request that waits, or the one that came before in the same words. */
  common(head: RequestHead): RequestHead {
    const known = this.#heads.get(head.text);
    if (known !== undefined) return known;
    if (head.text.length > headBytesMax) return head;
    if (this.#heads.size >= headsMax) this.#heads.clear();
    this.#heads.set(head.text, head);
    return head;
  }
}

const headsMax = 256;
const headBytesMax = 2_048;
