// A DNS message as a plain value: RFC 1035 section 4. Next: decode-message.ts, encode-message.ts.

import type { DomainName } from './domain-name.ts';
import type { Edns } from './edns.ts';
import type { ResourceRecord } from './record.ts';

/** How a question was answered. */
export const responseCode = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
} as const;

/** What is asked. */
export interface Question {
  readonly name: DomainName;
  readonly type: number;
  readonly class: number;
}

/** The fixed part at the beginning, without the counts. */
export interface Header {
  readonly id: number;
  readonly isResponse: boolean;
  /** 0: a query; 4: a notification. */
  readonly opcode: number;
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  readonly wantsRecursion: boolean;
  readonly offersRecursion: boolean;
  /** The AD bit of DNSSEC. */
  readonly isAuthentic: boolean;
  /** The CD bit of DNSSEC. */
  readonly disablesChecking: boolean;
  /** Without the upper bits that EDNS adds. */
  readonly code: number;
}

/** Records in their sections. */
export interface Sections {
  readonly answers: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
}

/** One message. Several questions in one are not for us, as for everybody. */
export interface Message extends Sections {
  readonly header: Header;
  readonly question: Question | undefined;
  /** The OPT record, which counts as an additional one. */
  readonly edns: Edns | undefined;
}

/** No records at all. */
export const noRecords: Sections = { answers: [], authority: [], additional: [] };
