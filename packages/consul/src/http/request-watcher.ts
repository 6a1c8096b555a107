// Who wants to know what became of requests: for the log, and for metrics.

import type { RawRequest } from './request.ts';

/** Hears of requests that routes answer. */
export interface RequestWatcher {
  /** A request has failed, with what is sent to whoever asked. */
  onError(request: RawRequest, error: Error): void;
  /** One is there that a pattern's route answers; what is returned is called when it has. */
  onRequest(request: RawRequest, pattern: string): () => void;
}
