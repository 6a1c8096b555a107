// Resource records as plain values: RFC 1035 section 3.2, RFC 2782 (SRV), RFC 3596 (AAAA).

import type { DomainName } from './domain-name.ts';

/** Types of records and questions, by number. */
export const recordType = {
  a: 1,
  ns: 2,
  cname: 5,
  soa: 6,
  ptr: 12,
  mx: 15,
  txt: 16,
  aaaa: 28,
  srv: 33,
  opt: 41,
  axfr: 252,
  any: 255,
} as const;

/** The class of everything on the Internet. */
export const internetClass = 1;

/** An address: 4 bytes for `a`, 16 for `aaaa`. */
export interface AddressRecord extends RecordHead {
  readonly kind: 'a' | 'aaaa';
  readonly address: Uint8Array;
}

/** Another name. */
export interface NameRecord extends RecordHead {
  readonly kind: 'cname' | 'ns' | 'ptr';
  readonly target: DomainName;
}

/** Where a service is. */
export interface ServiceRecord extends RecordHead {
  readonly kind: 'srv';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: DomainName;
}

/** Any bytes; longer ones are several character strings on the wire. */
export interface TextRecord extends RecordHead {
  readonly kind: 'txt';
  readonly text: Uint8Array;
}

/** Start of a zone of authority; times in seconds. */
export interface ZoneRecord extends RecordHead {
  readonly kind: 'soa';
  readonly server: DomainName;
  readonly mailbox: DomainName;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minTtl: number;
}

/** What we only pass on, or drop. */
export interface OtherRecord extends RecordHead {
  readonly kind: 'other';
  readonly type: number;
  readonly class: number;
  readonly data: Uint8Array;
}

/** One resource record. All but `other` are of the Internet's class. */
export type ResourceRecord =
  | AddressRecord
  | NameRecord
  | ServiceRecord
  | TextRecord
  | ZoneRecord
  | OtherRecord;

interface RecordHead {
  readonly name: DomainName;
  readonly ttl: number;
}
