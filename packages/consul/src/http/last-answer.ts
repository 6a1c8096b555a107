// The answer that was sent last, as bytes: thousands who are told of the same change get the same response,
// and it is put together once for those who have asked in the same words.

import type { HttpResponse } from './response.ts';
import type { RequestHead } from './wire/request-head.ts';

/** What was sent, and when. */
export interface SentAnswer {
  readonly response: HttpResponse;
  readonly head: RequestHead;
  readonly date: string;
  readonly bytes: Uint8Array;
}

/** One answer. */
export class LastAnswer {
  #last: SentAnswer | undefined;

  /** It, if it was this response to such a request. */
  find(response: HttpResponse, head: RequestHead): SentAnswer | undefined {
    const last = this.#last;
    return last?.response === response && last.head === head ? last : undefined;
  }

  /** It was sent, on a connection that stays. */
  keep(sent: SentAnswer): void {
    this.#last = sent;
  }
}
