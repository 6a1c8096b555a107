// What clients of HTTP may take of our memory: each, with all of its connections, and all together. Upstream
// has no bound.

import { Share } from '../../clients/share.ts';

/** What one client has. */
export interface ClientBudget {
  /** Bytes of bodies that are arriving. */
  readonly bodies: Share;
  /** Bytes of large answers until they are taken. */
  readonly answers: Share;
}

/** What all have together. */
export class HttpBudget {
  readonly #bodies = new Share(4 * bodyBytesMax);
  readonly #answers = new Share(4 * answerBytesMax);

  /** Of a client that has nothing yet. */
  forClient(): ClientBudget {
    return {
      bodies: new Share(bodyBytesMax, fairBytes, this.#bodies),
      answers: new Share(answerBytesMax, fairBytes, this.#answers),
    };
  }
}

/** Thirty of the largest records; beyond, a connection that brings more is dropped. */
const bodyBytesMax = 64 * 1024 * 1024;
/** Beyond, requests wait until something of it was taken; one answer may be larger by itself. */
const answerBytesMax = 64 * 1024 * 1024;
const fairBytes = 64 * 1024;
