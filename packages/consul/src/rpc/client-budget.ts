// What those who call may take of our memory: each client, with all of its connections and streams, and all
// clients together.

import { Share } from '../clients/share.ts';

/** What one client has. */
export interface ClientBudget {
  /** Bytes of requests that are arriving or being served. */
  readonly requests: Share;
  /** Bytes of answers that wait until they are taken. */
  readonly answers: Share;
  /** Streams: mostly queries that wait. */
  readonly streams: Share;
}

/** What all have together. */
export class PortBudget {
  readonly #requests = new Share(8 * clientRequestBytesMax);
  readonly #answers = new Share(4 * clientAnswerBytesMax);
  readonly #streams = new Share(4 * clientStreamsMax);

  /** The budget of a client that has nothing yet. */
  forClient(): ClientBudget {
    return {
      requests: new Share(clientRequestBytesMax, fairBytes, this.#requests),
      answers: new Share(clientAnswerBytesMax, fairBytes, this.#answers),
      streams: new Share(clientStreamsMax, fairStreams, this.#streams),
    };
  }
}

/** Four of the largest requests there are. */
const clientRequestBytesMax = 64 * 1024 * 1024;
/** The next answer waits then; one may be larger by itself. */
const clientAnswerBytesMax = 64 * 1024 * 1024;
/** Two connections full of them; each takes somewhat less than a kibibyte. */
const clientStreamsMax = 32_768;
const fairBytes = 64 * 1024;
const fairStreams = 256;
