// The heads of requests that wait. Of thousands that wait for the same, all have sent the same: one head is
// kept for them, and whether two have asked in the same words is seen by that.

import { Remembered } from '../../remembered/by-key.ts';
import type { RequestHead } from './request-head.ts';

/** Whether a request waits for an index. */
export function isWaiting({ query }: RequestHead): boolean {
  return query?.has('index') === true;
}

/** Heads by their texts. */
export class KnownHeads {
  readonly #heads = new Remembered<string, RequestHead>();

  /** A head of a request that waits, or the one that came before in the same words. */
  common(head: RequestHead): RequestHead {
    if (head.text.length > headBytesMax) return head;
    return this.#heads.of(head.text, () => head);
  }
}

const headBytesMax = 2_048;
