// What all connections of a server of HTTP have in common. Next: connection.ts.

import type { Runtime } from '@reeve/runtime';
import type { Soon } from '../../waiting/soon.ts';
import type { RawRequest } from '../request.ts';
import type { HttpResponse } from '../response.ts';
import { KnownHeads } from '../wire/known-heads.ts';
import { DateHeader } from '../wire/response-head.ts';
import { LastAnswer } from './last-answer.ts';

/** Answers requests, at once or later; never fails. */
export type Respond = (request: RawRequest) => Soon<HttpResponse>;

/** What all connections of a server have in common. */
export interface HttpService {
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  readonly respond: Respond;
  readonly dates: DateHeader;
  readonly heads: KnownHeads;
  readonly last: LastAnswer;
}

/** A server that has answered nobody yet. */
export function newHttpService(runtime: HttpService['runtime'], respond: Respond): HttpService {
  return { runtime, respond, dates: new DateHeader(), heads: new KnownHeads(), last: new LastAnswer() };
}
