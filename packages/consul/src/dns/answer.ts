// What the zone answers, before it is a message.

import { noRecords, responseCode, type Sections } from './wire/message.ts';

/** An answer to one question. */
export interface ZoneAnswer extends Sections {
  /** A `responseCode`. */
  readonly code: number;
  readonly isTruncated: boolean;
  /** It holds for the client's network only (RFC 7871), since it depends on where the client is. */
  readonly isForSubnet: boolean;
}

/** Nothing, and nothing wrong. */
export const emptyAnswer: ZoneAnswer = {
  ...noRecords,
  code: responseCode.noError,
  isTruncated: false,
  isForSubnet: false,
};
