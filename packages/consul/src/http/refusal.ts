// Ends a request with a status and a text for whoever asked. Whatever else a route throws is status 500 with
// its message, user mistakes that only the servers notice among them: clients depend on that.
// Upstream: agent/http.go (BadRequestError and its like, handleErr).

import type { Header } from './response.ts';

/** Thrown by routes. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  /** Whether the log tells of it: upstream's does not where a route has written the answer itself. */
  readonly isLogged: boolean;

  constructor(status: number, text: string, isLogged = true) {
    super(text);
    this.status = status;
    this.isLogged = isLogged;
  }
}

/** 400: the request makes no sense. The text is all that is sent, and nothing logged. */
export function refuse(text: string): never {
  throw new Refusal(400, text, false);
}

/** 400 for upstream's BadRequestError, which says so in its text. */
export function refuseBadRequest(reason: string): never {
  throw new Refusal(400, `Bad request: ${reason}`);
}

/** 404 with a text. */
export function refuseNotFound(text: string): never {
  throw new Refusal(404, text);
}

/** An error of the servers that is told together with headers. */
export class FailedWithHeaders extends Error {
  override name = 'FailedWithHeaders';
  readonly headers: readonly Header[];

  constructor(cause: Error, headers: readonly Header[]) {
    super(cause.message, { cause });
    this.headers = headers;
  }
}
